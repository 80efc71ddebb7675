using Dapper;
using Empire.Contracts.V1;
using Empire.Http;
using Empire.Telemetry.Settling;
using Empire.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Telemetry.Tests;

/// <summary>Telemetry on a fresh database. What it publishes is copied into the table told.</summary>
public class TelemetryApp() : ServiceApp<Program>("telemetry")
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Settling:LookEvery", "00:00:00.050"),
        new("Settling:Gather", "00:00:00"),
        new("Ingest:RetryAfter", "00:00:00.010"),
        new("services:identity:grpc:0", "http://127.0.0.1:9"),
        new("ConnectionStrings:redis", TestServers.Redis),
    ];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(
            """
            create table told (type text, body jsonb);
            create function tell() returns trigger language plpgsql security definer set search_path = public as $$
            begin insert into told values (new.type, new.body::jsonb); return null; end $$;
            create trigger tell after insert on kernel.outbox for each row execute function tell();
            """);
    }

    public Contracts.V1.Ingest.IngestClient Client() => new(GrpcChannel.ForAddress("http://localhost", new() { HttpHandler = Server.CreateHandler() }));

    public Metadata Caller(TenantId? tenant = null) => new() { { CallerToken.Header, CallerTokenFor(tenant ?? Tenant) } };

    public AsyncDuplexStreamingCall<SampleBatch, BatchReply> Open(TenantId? tenant = null) => Client().Stream(Caller(tenant));

    public AsyncDuplexStreamingCall<SampleBatch, BatchReply> OpenAs(string actor) => Client().Stream(new Metadata { { CallerToken.Header, CallerTokenFor(Tenant, actor: actor) } });

    /// <summary>Sends a batch and waits for its answer.</summary>
    public static async Task<BatchReply> SendAsync(AsyncDuplexStreamingCall<SampleBatch, BatchReply> stream, SampleBatch batch)
    {
        try { await stream.RequestStream.WriteAsync(batch); }
        catch (RpcException) { } // the service may answer and end the stream before the write is over: what it said is in the reading
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        return stream.ResponseStream.Current;
    }

    /// <summary>Stores batches over one stream.</summary>
    public async Task StoreAsync(IEnumerable<SampleBatch> batches, TenantId? tenant = null)
    {
        using var stream = Open(tenant);
        foreach (var batch in batches) Assert.Equal(BatchReply.OutcomeOneofCase.Stored, (await SendAsync(stream, batch)).OutcomeCase);
        await stream.RequestStream.CompleteAsync();
    }

    public Task SettledAsync() => Eventually.EqualAsync(0L, () => SeeAsync<long>("select count(*) from agents a join settlements s on s.tenant_id = a.tenant_id and s.agent_id = a.id where a.stored_to > s.settled_to"));

    /// <summary>What really is in the database, of all tenants.</summary>
    public async Task<T> SeeAsync<T>(string sql, object? parameters = null)
    {
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        return (await owner.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public async Task<IReadOnlyList<T>> RowsAsync<T>(string sql, object? parameters = null)
    {
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        return (await owner.QueryAsync<T>(sql, parameters)).AsList();
    }

    internal Settler Settler => Services.GetRequiredService<Settler>();
}

/// <summary>A host that reports.</summary>
public sealed class Host(string name = "host-1", int gpus = 1, string gpuName = "Tesla V100", string provider = "aws", string instanceType = "", uint interval = 10)
{
    private ulong sequence;

    public Guid Id { get; } = Guid.CreateVersion7();

    public HostTags Tags { get; } = new() { Hostname = name, Provider = provider, InstanceType = instanceType, Region = "us-east-1", IntervalSeconds = interval };

    /// <summary>The next batch: so many samples of each GPU from a moment on.</summary>
    /// <param name="util">Percent, by GPU and number of the sample.</param>
    public SampleBatch Batch(DateTimeOffset from, int samples, Func<int, int, double> util, Action<Sample, int, int>? change = null)
    {
        var batch = new SampleBatch { AgentId = Id.ToString(), Sequence = ++sequence, Host = Tags };
        for (var i = 0; i < samples; i++)
        {
            for (var gpu = 0; gpu < gpus; gpu++)
            {
                var sample = SampleOf(from.AddSeconds(i * interval), gpu, gpuName, util(gpu, i));
                change?.Invoke(sample, gpu, i);
                batch.Samples.Add(sample);
            }
        }
        return batch;
    }

    public static Sample SampleOf(DateTimeOffset at, int gpu, string name, double util) => new()
    {
        ObservedAtMs = at.ToUnixTimeMilliseconds(), GpuIndex = gpu, GpuName = name, GpuUuid = $"GPU-{gpu}", GpuUtil = (float)util, MemUsed = 12_000, MemTotal = 16_384, Temperature = 60 + gpu, Power = 200.5f,
    };
}
