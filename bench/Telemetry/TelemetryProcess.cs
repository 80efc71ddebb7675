using System.Security.Cryptography;
using Empire.Http;
using Empire.Testing;
using Grpc.Core;

namespace Empire.Bench.Telemetry;

/// <summary>The service as it runs in production, on a database of its own.</summary>
internal sealed class TelemetryProcess : IAsyncDisposable
{
    private readonly CallerToken callers;

    private TelemetryProcess(TestDatabase database, ServiceProcess service, CallerToken callers, Uri grpc) => (Database, Service, this.callers, Grpc) = (database, service, callers, grpc);

    public TestDatabase Database { get; }

    public Uri Grpc { get; }

    public ServiceProcess Service { get; }

    public static async Task<TelemetryProcess> StartAsync(CancellationToken ct, params (string Key, string Value)[] settings)
    {
        var database = await TestDatabase.CreateAsync("telemetry", typeof(Empire.Telemetry.Storage.Metrics).Assembly);
        var (port, grpc, key) = (ServiceProcess.FreePort(), ServiceProcess.FreePort(), RandomNumberGenerator.GetBytes(32));
        var service = await ServiceProcess.StartAsync(["Empire.Telemetry.dll"], port, "health/ready",
        [
            ("HTTP_PORT", $"{port}"), ("GRPC_PORT", $"{grpc}"), ("ConnectionStrings__telemetry", database.ConnectionString), ("ConnectionStrings__messaging", TestServers.RabbitMq),
            ("ConnectionStrings__redis", TestServers.Redis), ("Messaging__Prefix", $"b{Guid.CreateVersion7():n}."), ("Empire__InternalKey", Convert.ToBase64String(key)),
            ("Empire__EncryptionKeys", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))), ("services__identity__grpc__0", "http://127.0.0.1:9/"), .. settings,
        ], ct);
        return new(database, service, new(key, TimeProvider.System), new($"http://127.0.0.1:{grpc}"));
    }

    /// <summary>What the gateway would add for an account.</summary>
    public Metadata CallerOf(TenantId tenant) => new() { { CallerToken.Header, callers.Sign(new(tenant, "key:benchmark", "owner", Tier: "enterprise")) } };

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Database.DisposeAsync();
    }
}
