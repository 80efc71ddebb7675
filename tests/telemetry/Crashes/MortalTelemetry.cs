using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Dapper;
using Empire.Http;
using Empire.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Npgsql;

namespace Empire.Telemetry.Tests.Crashes;

/// <summary>The service as a process of its own on a database server of its own, each started again whenever it dies, as supervisors do.</summary>
public sealed class MortalTelemetry : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string faults = Directory.CreateTempSubdirectory("telemetry-faults-").FullName;
    private readonly string prefix = $"t{Guid.CreateVersion7():n}.";
    private readonly ConcurrentQueue<string> said = [];
    private readonly HttpClient http = new();
    private readonly CancellationTokenSource closing = new();
    private readonly CallerToken callers = new(Convert.FromBase64String(TestServers.InternalKey), TimeProvider.System);
    private readonly int httpPort = FreePort(), grpcPort = FreePort();
    private OwnPostgres? postgres;
    private Task supervising = Task.CompletedTask;
    private Process? process;
    private int deaths;

    /// <summary>How often the service has died.</summary>
    public int Deaths => Volatile.Read(ref deaths);

    public Uri Grpc => new($"http://127.0.0.1:{grpcPort}");

    public Uri Http => new($"http://127.0.0.1:{httpPort}");

    public TenantId Tenant { get; } = TenantId.New(TimeProvider.System.GetUtcNow());

    private string Said => string.Join('\n', said.TakeLast(30));

    public async ValueTask InitializeAsync()
    {
        postgres = await OwnPostgres.StartedAsync();
        await using (var admin = new NpgsqlConnection(postgres.ConnectionString("postgres")))
            await admin.ExecuteAsync("create database telemetry");
        supervising = SuperviseAsync();
        await AliveAsync();
    }

    public Contracts.V1.Ingest.IngestClient Client(GrpcChannel channel) => new(channel);

    public Metadata Caller => new() { { CallerToken.Header, CallerHeader } };

    public string CallerHeader => callers.Sign(new(Tenant, "key:test", "owner", Tier: "enterprise"));

    /// <summary>Arms a fault point of the running process.</summary>
    public async Task ArmAsync(string point)
    {
        var file = Path.Combine(faults, point);
        File.Delete($"{file}.fired");
        await File.WriteAllTextAsync($"{file}.new", "0");
        File.Move($"{file}.new", file);
    }

    /// <summary>The armed point has killed the process.</summary>
    public Task FiredAsync(string point) => WaitAsync(() => Task.FromResult(File.Exists(Path.Combine(faults, $"{point}.fired"))), $"It did not pass {point}.");

    /// <summary>Kills the service, whatever it is at, and waits until it is back.</summary>
    public async Task KillServiceAsync()
    {
        var before = Deaths;
        process!.Kill();
        await WaitAsync(() => Task.FromResult(Deaths > before), "It does not die.");
        await AliveAsync();
    }

    /// <summary>Kills the database server, whatever it is at, and starts it again.</summary>
    public async Task KillDatabaseAsync()
    {
        await postgres!.KillAsync();
        await postgres.StartAsync();
    }

    public Task AliveAsync() => WaitAsync(async () =>
    {
        using var answer = await http.GetAsync($"http://127.0.0.1:{httpPort}/health/ready");
        return answer.IsSuccessStatusCode;
    }, "It does not come up.");

    /// <summary>What really is in the database, of all tenants.</summary>
    public async Task<T> SeeAsync<T>(string sql, object? parameters = null)
    {
        await using var owner = new NpgsqlConnection(postgres!.ConnectionString("telemetry") + ";Pooling=false");
        return (await owner.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public async Task<IReadOnlyList<T>> RowsAsync<T>(string sql, object? parameters = null)
    {
        await using var owner = new NpgsqlConnection(postgres!.ConnectionString("telemetry") + ";Pooling=false");
        return (await owner.QueryAsync<T>(sql, parameters)).AsList();
    }

    public Task SettledAsync() => WaitAsync(async () =>
        await SeeAsync<long>("select count(*) from agents a join settlements s on s.tenant_id = a.tenant_id and s.agent_id = a.id where a.stored_to > s.settled_to or a.unsettled_since is not null") == 0, "Samples are left unsettled.");

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        if (process is { HasExited: false }) process.Kill();
        await supervising;
        process?.Dispose();
        http.Dispose();
        closing.Dispose();
        if (postgres is not null) await postgres.DisposeAsync();
        Directory.Delete(faults, recursive: true);
    }

    private async Task WaitAsync(Func<Task<bool>> condition, string otherwise)
    {
        try { await Eventually.TrueAsync(condition, Patience); }
        catch (TimeoutException e) { throw new TimeoutException($"{otherwise} It said: {Said}", e); }
    }

    private async Task SuperviseAsync()
    {
        while (!closing.IsCancellationRequested)
        {
            process = Start();
            await process.WaitForExitAsync();
            Interlocked.Increment(ref deaths);
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Empire.Telemetry.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        KeyValuePair<string, string>[] settings =
        [
            new("ConnectionStrings:telemetry", postgres!.ConnectionString("telemetry")), new("ConnectionStrings:messaging", TestServers.RabbitMq), new("ConnectionStrings:redis", TestServers.Redis),
            new("Messaging:Prefix", prefix), new("Messaging:StuckAfter", "00:00:10"), new("Empire:InternalKey", TestServers.InternalKey), new("Empire:EncryptionKeys", Convert.ToBase64String(new byte[32])), new("services:identity:grpc:0", "http://127.0.0.1:9"),
            new("Settling:Gather", "00:00:00.020"), new("Settling:PackSamples", "500"), new("Ingest:RetryAfter", "00:00:00.020"),
            new("DOTNET_ENVIRONMENT", "Development"), new("HTTP_PORT", $"{httpPort}"), new("GRPC_PORT", $"{grpcPort}"), new("LOG_LEVEL", "WARNING"), new("EMPIRE_FAULTS", faults),
        ];
        foreach (var (name, value) in settings) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
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
            using var probe = new TcpListener(System.Net.IPAddress.Loopback, wanted);
            try { probe.Start(); }
            catch (SocketException) { continue; }
            return wanted;
        }
    }
}
