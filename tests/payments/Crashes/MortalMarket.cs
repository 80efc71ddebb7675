using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Dapper;
using Empire.Http;
using Empire.Payments.Tests.Outside;
using Empire.Testing;

namespace Empire.Payments.Tests.Crashes;

/// <summary>The service as a process of its own on a real port, started again whenever it dies, as a supervisor does; the providers are the sandbox's, and their webhooks come
/// over that port too. The reconciler rests, so that a webhook that was answered and lost stays lost.</summary>
public sealed class MortalMarket : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string faults = Directory.CreateTempSubdirectory("payments-faults-").FullName;
    private readonly string prefix = $"t{Guid.CreateVersion7():n}.";
    private readonly ConcurrentQueue<string> said = [];
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(40) };
    private readonly CancellationTokenSource closing = new();
    private readonly CallerToken callers = new(Convert.FromBase64String(TestServers.InternalKey), TimeProvider.System);
    private readonly int port = FreePort();
    private TestDatabase? database;
    private Task supervising = Task.CompletedTask;
    private Process? process;
    private int deaths;

    public ProvidersSandbox Sandbox { get; } = new();
    public StubIdentity Identity { get; } = new();

    /// <summary>How often the process has died.</summary>
    public int Deaths => Volatile.Read(ref deaths);

    private string Address => $"http://127.0.0.1:{port}";

    public async ValueTask InitializeAsync()
    {
        Sandbox.Start();
        await Identity.StartAsync();
        database = await TestDatabase.CreateAsync("payments", typeof(Program).Assembly);
        await using (var owner = await database.OpenAsOwnerAsync())
            await owner.ExecuteAsync(
                """
                create table heard (seq bigint generated always as identity primary key, type text not null, body text not null);
                create function hear() returns trigger language plpgsql security definer as $$ begin insert into public.heard (type, body) values (new.type, new.body); return new; end $$;
                create trigger hear after insert on kernel.outbox for each row execute function hear();
                """);
        await Sandbox.SendWebhooksToAsync(Address);
        supervising = SuperviseAsync();
        await AliveAsync();
    }

    /// <summary>Arms a fault point of the running process.</summary>
    /// <param name="passes">How many to let go by first.</param>
    public async Task ArmAsync(string point, int passes = 0)
    {
        var file = Path.Combine(faults, point);
        File.Delete($"{file}.fired");
        await File.WriteAllTextAsync($"{file}.new", $"{passes}");
        File.Move($"{file}.new", file);
    }

    /// <summary>Kills it now, whatever it is at.</summary>
    public void Kill() => process!.Kill();

    /// <summary>It died more often than <paramref name="before"/>, and is back.</summary>
    public async Task DiedAndBackAsync(int before)
    {
        try { await Eventually.TrueAsync(() => Deaths > before, Patience); }
        catch (TimeoutException e) { throw new TimeoutException($"It passed no armed point: {string.Join(", ", Directory.GetFiles(faults).Select(Path.GetFileName))}. It said: {Said}", e); }
        await AliveAsync();
    }

    /// <summary>Asks, and asks again under the same key, as a careful client does, until it gets an answer that is one.</summary>
    public async Task<(HttpStatusCode Status, JsonObject Body)> AskAsync(TenantId tenant, string path, object body, string key)
    {
        (HttpStatusCode, JsonObject)? answered = null;
        await Eventually.TrueAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Address + path) { Content = JsonContent.Create(body) };
            request.Headers.Add(CallerToken.Header, callers.Sign(new(tenant, "user:test", "owner")));
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            var content = text.Length > 0 ? JsonNode.Parse(text)!.AsObject() : [];
            if ((int)answer.StatusCode >= 500 || content["code"]?.GetValue<string>() == "IDEMPOTENCY_KEY_IN_USE") return false;
            answered = (answer.StatusCode, content);
            return true;
        }, Patience);
        return answered!.Value;
    }

    public async Task<JsonObject> GetAsync(TenantId tenant, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address + path);
        request.Headers.Add(CallerToken.Header, callers.Sign(new(tenant, "user:test", "owner")));
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    /// <returns>Whether the service answered 200; false also where it died.</returns>
    public async Task<bool> DeliverAsync(HttpRequestMessage webhook)
    {
        webhook.RequestUri = new(Address + webhook.RequestUri!.OriginalString);
        try
        {
            using var answer = await http.SendAsync(webhook);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException) { return false; } // the second where it died between connecting and sending
    }

    /// <summary>Every tenant's rows, as they really are.</summary>
    public async Task<T?> ReadAsync<T>(string sql, object? parameters = null)
    {
        await using var owner = await database!.OpenAsOwnerAsync();
        return await owner.QuerySingleOrDefaultAsync<T>(sql, parameters);
    }

    public async Task<IReadOnlyList<T>> ReadAllAsync<T>(string sql, object? parameters = null)
    {
        await using var owner = await database!.OpenAsOwnerAsync();
        return (await owner.QueryAsync<T>(sql, parameters)).AsList();
    }

    /// <summary>All that was told is taken in, all that was decided is settled, all that was published is with the broker; nothing waits for a person.</summary>
    public async Task QuietAsync()
    {
        try
        {
            await Eventually.TrueAsync(async () => await OpenAsync() is { Length: 0 }, Patience);
        }
        catch (TimeoutException e) { throw new TimeoutException($"Still open: {await OpenAsync()}. It said: {Said}", e); }
    }

    /// <summary>What is still to be done, here and at the providers, for a message that nobody reads but after a failure.</summary>
    public async Task<string> StandingAsync() =>
        $"Still open: {await OpenAsync()}. Last webhooks of Stripe: {string.Join(", ", (await Sandbox.AllAsync("webhooks/stripe")).TakeLast(10).Select(sent => sent.ToJsonString()))}. It said: {Said}";

    private async Task<string> OpenAsync() => string.Join("; ", await ReadAllAsync<string>(
        """
        select 'task ' || task || ' ' || subject || coalesce(': ' || problem, '') || case when parked then ' (parked)' else '' end from provider_tasks
        union all select 'effect ' || kind || ' ' || key || ' is ' || state || coalesce(': ' || detail, '') from kernel.effects where state not in ('succeeded', 'rejected')
        union all select 'event ' || type from kernel.outbox
        """));

    private string Said => string.Join('\n', said.TakeLast(30));

    private async Task AliveAsync()
    {
        try
        {
            await Eventually.TrueAsync(async () =>
            {
                using var answer = await http.GetAsync($"{Address}/health/ready");
                return answer.IsSuccessStatusCode;
            }, Patience);
        }
        catch (TimeoutException e) { throw new TimeoutException($"It does not come up. It said: {Said}", e); }
    }

    private async Task SuperviseAsync()
    {
        while (!closing.IsCancellationRequested)
        {
            process = Start();
            await process.WaitForExitAsync();
            if (closing.IsCancellationRequested) return;
            // As time would: the dead process holds the key of its client's request for a minute, and what it was asking a provider for one.
            await using (var owner = await database!.OpenAsOwnerAsync())
                await owner.ExecuteAsync("update kernel.idempotency set lease_until = now() - interval '1 second' where status is null; update provider_tasks set due_at = now() where task = 'fetch'");
            Interlocked.Increment(ref deaths);
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Empire.Payments.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        KeyValuePair<string, string>[] own =
        [
            new("services:identity:grpc:0", Identity.Address), new("Empire:PublicUrl", Address), new("Intake:ReconcileEvery", "1.00:00:00"),
            new("ConnectionStrings:payments", database!.ConnectionString), new("ConnectionStrings:messaging", TestServers.RabbitMq), new("ConnectionStrings:redis", TestServers.Redis),
            new("Messaging:Prefix", prefix), new("Messaging:StuckAfter", "00:00:10"), new("Effects:Lease", "00:00:02"), new("Empire:InternalKey", TestServers.InternalKey), new("Empire:EncryptionKeys", Convert.ToBase64String(new byte[32])),
            new("DOTNET_ENVIRONMENT", "Development"), new("HTTP_PORT", $"{port}"), new("GRPC_PORT", "0"), new("LOG_LEVEL", "WARNING"), new("EMPIRE_FAULTS", faults),
        ];
        foreach (var (name, value) in PaymentsApp.SettingsFor(Sandbox.Address).Concat(own)) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        var started = Process.Start(start)!;
        started.OutputDataReceived += (_, line) => Note(line.Data);
        started.ErrorDataReceived += (_, line) => Note(line.Data);
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        return started;
    }

    private void Note(string? line)
    {
        if (line is null) return;
        said.Enqueue(line);
        if (said.Count > 200) said.TryDequeue(out _);
    }

    /// <summary>Below the ports that systems give away by themselves, so that nobody takes it while the process is dead.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var wanted = Random.Shared.Next(20_000, 32_000);
            using var probe = new TcpListener(IPAddress.Loopback, wanted);
            try { probe.Start(); }
            catch (SocketException) { continue; }
            return wanted;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        if (process is { HasExited: false }) process.Kill();
        await supervising;
        process?.Dispose();
        http.Dispose();
        closing.Dispose();
        await Identity.DisposeAsync();
        await Sandbox.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
        Directory.Delete(faults, recursive: true);
    }
}

/// <summary>One market for all tests that kill it, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class MortalMarketCollection : ICollectionFixture<MortalMarket>
{
    public const string Name = "payments that die";
}
