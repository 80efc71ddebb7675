using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Dapper;
using Empire.Testing;
using Npgsql;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Empire.EndToEnd.Tests;

/// <summary>A whole running Empire with its own servers, ports and data, shared by the tests of the collection. Every test brings its own tenant.</summary>
public sealed class Installation : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly string home = Path.Combine(Path.GetTempPath(), $"empire-e2e-{Guid.CreateVersion7():N}");
    private readonly Script script;
    private HttpClient owner = null!;

    public Installation()
    {
        Faults = Path.Combine(home, "faults");
        script = new(new Dictionary<string, string>
        {
            ["EMPIRE_HOME"] = home,
            ["EMPIRE_PORT"] = FreePort().ToString(),
            ["EMPIRE_DASHBOARD_PORT"] = FreePort().ToString(),
            ["EMPIRE_FAULTS"] = Faults,
            ["EMPIRE_ENV_FILE"] = "/dev/null",         // no key of the developer's
            // A dead worker is replaced after its lease, whatever its length; a test need not wait for the long ones.
            ["Generation__Lease"] = "00:00:10",
            ["Effects__Lease"] = "00:00:05",
            ["Effects__ProbeDelay"] = "00:00:02",
            ["Publications__Lease"] = "00:00:05",
            ["Publications__RetryDelay"] = "00:00:01",
            ["Sandbox__XPostsPerWindow"] = "100000",   // all tenants of the run post from the sandbox's one account; waiting 15 minutes for X is tested elsewhere
            ["Providers__X__Shared"] = "true",          // and each test has an account of its own, while Empire too posts to X by one account
            ["Providers__X__PostsPer15Minutes"] = "10000",
            ["Providers__X__PostsPerDay"] = "10000",
            ["DAILY_BUDGET_OTHERS"] = "100000",
            ["Gateway__FailuresToBlock"] = "1000000",   // all tests come from one address, and some of them fail on purpose
            ["Gateway__AddressRequestsPerHour"] = "1000000",
            ["Gateway__AddressRequestsPerDay"] = "1000000",
            ["Privacy__ErasureGrace"] = "00:00:00",    // no week to change one's mind
            ["Privacy__LookEvery"] = "00:00:01",
            ["Lineage__TellAfter"] = "00:00:00",       // what GPUs cost for a piece is told at once
            ["Lineage__LookEvery"] = "00:00:00.500",
            ["Autopilot__Plan__Products"] = "6",
            ["Autopilot__Plan__BlogPosts"] = "3",
            ["Autopilot__Plan__SocialPosts"] = "3",
            ["Autopilot__Plan__Scripts"] = "2",
            ["Autopilot__Plan__Recipes"] = "1",
        });
    }

    /// <summary>Where fault points are armed; see <see cref="FaultPoint"/>.</summary>
    public string Faults { get; }

    public Uri Gateway { get; private set; } = null!;

    /// <summary>Where agents stream to.</summary>
    public Uri GatewayGrpc { get; private set; } = null!;
    public Uri Sandbox { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Faults);
        await script.RunAsync(Patience, "up", "--detach", "--no-cycle", "--no-build");
        var status = await StatusAsync();
        Gateway = new(status.GetProperty("gateway").GetString()!);
        GatewayGrpc = new(status.GetProperty("gateway_grpc").GetString()!);
        Sandbox = new(Resource(status, "sandbox").GetProperty("address").GetString()!);
        owner = ClientFor(status.GetProperty("owner").GetProperty("api_key").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        owner?.Dispose();
        await script.TryAsync(Patience, "down");
        if (Directory.Exists(home)) Directory.Delete(home, recursive: true);
    }

    public Task<string> EmpireAsync(params string[] arguments) => script.RunAsync(Patience, arguments);

    /// <summary>As <see cref="EmpireAsync"/>, where it may fail.</summary>
    /// <returns>The exit code, and what it wrote.</returns>
    public Task<(int Code, string Output)> TryAsync(params string[] arguments) => script.TryAsync(Patience, arguments);

    /// <summary>Listens to events of a type at the broker, beside the services.</summary>
    internal async Task<HeardEvents> HearAsync<TEvent>()
    {
        var address = Resource(await StatusAsync(), "messaging").GetProperty("address").GetString()!.Split("://")[^1];
        return await HeardEvents.StartAsync(new($"amqp://guest:{await SecretAsync("messaging-password")}@{address}"), typeof(TEvent).FullName!);
    }

    /// <summary>All that a resource has written.</summary>
    public async Task<string> LogAsync(string resource)
    {
        await using var log = new FileStream(Path.Combine(home, "logs", $"{resource}.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete); // it is still being written
        using var reader = new StreamReader(log);
        return await reader.ReadToEndAsync();
    }

    /// <summary>What <c>./empire status --json</c> prints; it ends with 1 while something is unhealthy, which is no fault here.</summary>
    public async Task<JsonElement> StatusAsync()
    {
        var (_, output) = await script.TryAsync(Patience, "status", "--json");
        return JsonSerializer.Deserialize<JsonElement>(output);
    }

    public static JsonElement Resource(JsonElement status, string name) =>
        status.GetProperty("resources").EnumerateArray().Single(resource => resource.GetProperty("name").GetString() == name);

    /// <summary>A secret that was generated for this installation, as <c>stripe-webhook-secret</c>.</summary>
    public async Task<string> SecretAsync(string parameter) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(Path.Combine(home, "secrets.json")))![$"Parameters:{parameter}"];

    /// <summary>Where in all databases a text is kept: <c>payments: revenue_events</c>.</summary>
    public async Task<IReadOnlyList<string>> KeptAsync(string text)
    {
        var found = new List<string>();
        foreach (var (database, connection) in await DatabasesAsync())
        {
            await using var open = connection;
            foreach (var table in await connection.QueryAsync<string>("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"))
                if (await connection.ExecuteScalarAsync<bool>($"select exists (select from {table} kept where strpos(kept::text, @text) > 0)", new { text })) found.Add($"{database}: {table}");
        }
        return found;
    }

    /// <summary>How many rows an account has in each table of each database: <c>publishing: publications</c>.</summary>
    public async Task<IReadOnlyDictionary<string, long>> RowsAsync(Guid tenant)
    {
        const string sql = """
            select format('%I.%I', n.nspname, c.relname) as name,
                   (xpath('/row/rows/text()', query_to_xml(format('select count(*) as rows from %I.%I where tenant_id = %L', n.nspname, c.relname, @tenant), false, true, '')))[1]::text::bigint as rows
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped and a.atttypid = 'uuid'::regtype
            where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema')
            """;
        var rows = new Dictionary<string, long>();
        foreach (var (database, connection) in await DatabasesAsync())
        {
            await using var open = connection;
            foreach (var (name, count) in await connection.QueryAsync<(string, long)>(sql, new { tenant }))
                if (count > 0) rows[$"{database}: {name}"] = count;
        }
        return rows;
    }

    /// <summary>Messages that no broker has yet, over all services.</summary>
    public async Task<long> UnsentAsync()
    {
        var unsent = 0L;
        foreach (var (_, connection) in await DatabasesAsync())
        {
            await using var open = connection;
            if (await connection.ExecuteScalarAsync<string?>("select to_regclass('kernel.outbox')::text") is not null) unsent += await connection.ExecuteScalarAsync<long>("select count(*) from kernel.outbox");
        }
        return unsent;
    }

    /// <summary>A connection to each database, closed yet, as the superuser, whom no policy of rows holds back.</summary>
    private async Task<IReadOnlyList<(string Name, NpgsqlConnection Connection)>> DatabasesAsync()
    {
        var server = await AddressAsync("postgres");
        var how = new NpgsqlConnectionStringBuilder { Host = server.Host, Port = server.Port, Username = "postgres", Password = await SecretAsync("postgres-password"), Pooling = false, Database = "postgres" };
        await using var first = new NpgsqlConnection(how.ConnectionString);
        var names = await first.QueryAsync<string>("select datname from pg_database where not datistemplate order by datname");
        return [.. names.Select(name => (name, new NpgsqlConnection(new NpgsqlConnectionStringBuilder(how.ConnectionString) { Database = name }.ConnectionString)))];
    }

    /// <summary>Redis forgets everything, as after a restart of a cache that keeps nothing.</summary>
    public async Task FlushRedisAsync()
    {
        var server = await AddressAsync("redis");
        using var client = new TcpClient(server.Host, server.Port);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        foreach (var command in (string[])[$"AUTH {await SecretAsync("redis-password")}", "FLUSHALL"])
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\n"));
            Assert.Equal("+OK", await reader.ReadLineAsync());
        }
    }

    private async Task<Uri> AddressAsync(string resource) => new($"tcp://{Resource(await StatusAsync(), resource).GetProperty("address").GetString()!.Split("://")[^1]}");

    /// <summary>SIGKILL, as the kernel would when memory runs out.</summary>
    public async Task KillAsync(string resource)
    {
        using var process = Process.GetProcessById(Resource(await StatusAsync(), resource).GetProperty("pid").GetInt32());
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Waits until every service says that it is ready, as the gateway's <c>/health</c> sums it up.</summary>
    public async Task HealthyAsync()
    {
        var told = "";
        try
        {
            await Eventually.TrueAsync(async () =>
            {
                using var response = await owner.GetAsync("/health");
                told = await response.Content.ReadAsStringAsync();
                return response.StatusCode == HttpStatusCode.OK;
            }, TimeSpan.FromMinutes(2));
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"Not healthy: {told}", e);
        }
    }

    /// <summary>A new account on this installation.</summary>
    public async Task<HttpClient> NewTenantAsync(string name)
    {
        using var response = await owner.PostAsJsonAsync("/api/v1/tenants", new { name });
        response.EnsureSuccessStatusCode();
        var account = await response.Content.ReadFromJsonAsync<JsonElement>();
        // A test looks far more often than a free account may.
        using var lifted = await owner.PatchAsJsonAsync($"/admin/tenants/{account.GetProperty("tenant").GetString()}", new { tier = "enterprise" });
        lifted.EnsureSuccessStatusCode();
        return ClientFor(account.GetProperty("api_key").GetString()!);
    }

    public HttpClient OwnerClient => owner;

    public HttpClient ClientFor(string key)
    {
        // Redirects are looked at, not followed.
        var client = new HttpClient(new PatientHandler { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } }) { BaseAddress = Gateway, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Does what the gateway asks of a client while a service is away: comes again.</summary>
internal sealed class PatientHandler : DelegatingHandler
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content) await content.LoadIntoBufferAsync(cancellationToken);
        while (true)
        {
            try
            {
                var response = await base.SendAsync(request, cancellationToken);
                if (response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout)) return response;
                response.Dispose();
            }
            catch (HttpRequestException)
            {
                // the gateway itself is away
            }
            await Task.Delay(Pause, cancellationToken);
        }
    }
}

[CollectionDefinition(Name)]
public sealed class InstallationCollection : ICollectionFixture<Installation>
{
    public const string Name = "installation";
}

internal static class Requests
{
    /// <summary>The account that the client's key belongs to.</summary>
    public static async Task<Guid> TenantAsync(this HttpClient client) => PublicId.Parse("ten", (await client.GetJsonAsync("/api/v1/identity/me")).GetProperty("tenant").GetString()!);

    /// <summary>The JSON answer; a failure shows the body.</summary>
    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"GET {path}: {(int)response.StatusCode} {body}");
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    public static async Task<JsonElement> PostJsonAsync(this HttpClient client, string path, HttpContent? content)
    {
        using var response = await client.PostAsync(path, content);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"POST {path}: {(int)response.StatusCode} {body}");
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    /// <summary>Every row of a list, page by page.</summary>
    public static async Task<List<JsonElement>> GetAllAsync(this HttpClient client, string path)
    {
        var rows = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = await client.GetJsonAsync($"{path}{(path.Contains('?') ? '&' : '?')}limit=100{(cursor is null ? "" : $"&cursor={cursor}")}");
            rows.AddRange(page.GetProperty("data").EnumerateArray());
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        return rows;
    }

    /// <summary>Starts a cycle on a feed of the sandbox's own shop and returns it when it has ended.</summary>
    public static async Task<JsonElement> RunCycleAsync(this HttpClient client, string feed, TimeSpan? atMost = null)
    {
        var cycle = await client.StartCycleAsync(feed);
        return await client.EndOfCycleAsync(cycle, atMost);
    }

    public static async Task<string> StartCycleAsync(this HttpClient client, string feed)
    {
        var uploaded = await client.PostJsonAsync("/api/v1/autopilot/feeds", new StringContent(feed, Encoding.UTF8, "text/csv"));
        // With a key, so that a request whose answer was lost can be sent again.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/autopilot/cycles")
        {
            Content = JsonContent.Create(new { feed_id = uploaded.GetProperty("feed_id").GetString() }),
            Headers = { { "Idempotency-Key", Guid.CreateVersion7().ToString() } },
        };
        using var response = await client.SendAsync(request);
        var started = await response.Content.ReadFromJsonAsync<JsonElement>();
        return started.GetProperty("cycle_id").GetString()!;
    }

    public static async Task<JsonElement> EndOfCycleAsync(this HttpClient client, string cycle, TimeSpan? atMost = null)
    {
        JsonElement seen = default;
        await Eventually.TrueAsync(async () =>
        {
            seen = await client.GetJsonAsync($"/api/v1/autopilot/cycles/{cycle}");
            return seen.GetProperty("state").GetString() is "completed" or "failed";
        }, atMost ?? TimeSpan.FromMinutes(2));
        Assert.True(seen.GetProperty("state").GetString() == "completed", seen.ToString());
        return seen;
    }
}
