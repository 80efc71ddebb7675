using Empire.Contracts.V1;
using Empire.Testing;
using Grpc.Core;
using StackExchange.Redis;

namespace Empire.Telemetry.Tests.Ingest;

public sealed class StreamTests(TelemetryApp app) : IClassFixture<TelemetryApp>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_thousand_samples_are_acknowledged_with_their_count()
    {
        var host = new Host(gpus: 4);
        using var stream = app.Open();
        var counts = new List<uint>();
        for (var i = 0; i < 10; i++) counts.Add((await TelemetryApp.SendAsync(stream, host.Batch(Now.AddHours(-1).AddMinutes(i * 5), 25, (_, n) => n))).Stored.Count);
        await stream.RequestStream.CompleteAsync();
        Assert.False(await stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(Enumerable.Repeat(100u, 10), counts);
        Assert.Equal(1_000, await CountAsync(host));
    }

    [Fact]
    public async Task What_was_not_answered_is_sent_again_and_stored_once_in_order()
    {
        var host = new Host();
        var (first, second, third) = (host.Batch(Now.AddMinutes(-30), 5, (_, n) => n), host.Batch(Now.AddMinutes(-20), 5, (_, n) => 10 + n), host.Batch(Now.AddMinutes(-10), 5, (_, n) => 20 + n));
        using (var cut = app.Open())
        {
            Assert.False((await TelemetryApp.SendAsync(cut, first)).Stored.Repeated);
            await TelemetryApp.SendAsync(cut, second); // its answer gets lost
        }
        using var again = app.Open();
        var greeting = await TelemetryApp.SendAsync(again, new() { AgentId = host.Id.ToString() });
        Assert.Equal(2UL, greeting.HighestSequence);
        var repeated = await TelemetryApp.SendAsync(again, second);
        Assert.Equal((true, 5u, 2UL), (repeated.Stored.Repeated, repeated.Stored.Count, repeated.HighestSequence));
        Assert.False((await TelemetryApp.SendAsync(again, third)).Stored.Repeated);
        Assert.Equal([0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24],
            await app.RowsAsync<int>("select s.gpu_util::int from samples s join gpus g on g.id = s.gpu_id where g.agent_id = @Id order by s.observed_at", new { host.Id }));
    }

    [Fact]
    public async Task A_stream_straight_to_the_service_ends_unauthenticated_when_its_key_is_revoked_and_others_go_on()
    {
        var (doomed, kept) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var (host, other) = (new Host(), new Host());
        using var stream = app.OpenAs($"key:{doomed:N}");
        using var beside = app.OpenAs($"key:{kept:N}");
        await TelemetryApp.SendAsync(stream, host.Batch(Now.AddMinutes(-30), 5, (_, n) => n));
        await TelemetryApp.SendAsync(beside, other.Batch(Now.AddMinutes(-30), 5, (_, n) => n));
        var ended = Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(CancellationToken.None));
        using var redis = await ConnectionMultiplexer.ConnectAsync(TestServers.Redis);
        // The service listens from the first moment that Redis is there on, which may be after its first stream.
        await Eventually.TrueAsync(async () =>
        {
            await redis.GetSubscriber().PublishAsync("identity:revoked", $"actor:key:{doomed:N}");
            return ended.IsCompleted;
        });
        Assert.Equal(StatusCode.Unauthenticated, (await ended).StatusCode);
        Assert.Equal(5u, (await TelemetryApp.SendAsync(beside, other.Batch(Now.AddMinutes(-20), 5, (_, n) => n))).Stored.Count);
    }

    [Fact]
    public async Task A_bad_batch_is_refused_whole_with_its_fields_and_the_stream_goes_on()
    {
        var host = new Host(gpus: 3);
        using var stream = app.Open();
        var bad = host.Batch(Now.AddMinutes(-5), 1, (_, _) => 50, (sample, gpu, _) =>
        {
            if (gpu == 2) sample.GpuUtil = 101;
            if (gpu == 1) sample.ClearMemTotal();
        });
        var refused = await TelemetryApp.SendAsync(stream, bad);
        Assert.Equal(["gpu_data[1].mem_total", "gpu_data[2].gpu_util"], refused.Refused.Errors.Select(error => error.Field));
        Assert.Equal(1UL, refused.HighestSequence);
        Assert.Equal(0, await CountAsync(host));
        Assert.Equal(3u, (await TelemetryApp.SendAsync(stream, host.Batch(Now, 1, (_, _) => 50))).Stored.Count);
        Assert.Equal(3, await CountAsync(host));
    }

    [Fact]
    public async Task A_batch_of_nobody_is_refused_and_the_stream_goes_on_with_the_agent_that_comes_after_it()
    {
        var host = new Host();
        using var stream = app.Open();
        var nobodys = host.Batch(Now.AddMinutes(-1), 1, (_, _) => 50);
        nobodys.AgentId = "gpu host no. 7";
        Assert.Equal("agent_id", (await TelemetryApp.SendAsync(stream, nobodys)).Refused.Errors.Single().Field);
        Assert.Equal(1u, (await TelemetryApp.SendAsync(stream, host.Batch(Now, 1, (_, _) => 50))).Stored.Count);
    }

    [Fact]
    public async Task More_new_gpus_than_a_host_can_have_are_refused_and_none_is_made()
    {
        var (host, many) = (new Host(), new Host(gpus: 4_097));
        using var stream = app.Open();
        var batch = many.Batch(Now.AddMinutes(-1), 1, (_, _) => 50, (sample, _, _) => sample.Temperature = 60);
        batch.AgentId = host.Id.ToString();
        Assert.Equal(("gpu_data", "must not name more than 4096 GPUs and instances in a day that the agent never named before."),
            ((await TelemetryApp.SendAsync(stream, batch)).Refused.Errors.Single() is var error ? error.Field : "", error.Detail));
        host.Batch(Now, 1, (_, _) => 50);
        Assert.Equal(1u, (await TelemetryApp.SendAsync(stream, host.Batch(Now, 1, (_, _) => 50))).Stored.Count);
        Assert.Equal(1, await app.SeeAsync<long>("select count(*) from gpus where agent_id = @Id", new { host.Id }));
    }

    [Fact]
    public async Task A_refused_batch_that_comes_again_is_never_answered_as_stored()
    {
        var host = new Host();
        using var stream = app.Open();
        var good = host.Batch(Now.AddMinutes(-3), 1, (_, _) => 40);
        Assert.Equal(BatchReply.OutcomeOneofCase.Stored, (await TelemetryApp.SendAsync(stream, good)).OutcomeCase);
        var bad = host.Batch(Now.AddMinutes(-2), 1, (_, _) => 101);
        Assert.Equal("gpu_data[0].gpu_util", (await TelemetryApp.SendAsync(stream, bad)).Refused.Errors.Single().Field);
        Assert.Equal("gpu_data[0].gpu_util", (await TelemetryApp.SendAsync(stream, bad)).Refused.Errors.Single().Field); // as it was
        bad.Samples[0].GpuUtil = 100;                                                                                  // mended, under its old number
        var mended = await TelemetryApp.SendAsync(stream, bad);
        Assert.Equal(("sequence", 2UL), (mended.Refused.Errors.Single().Field, mended.HighestSequence));
        Assert.True((await TelemetryApp.SendAsync(stream, good)).Stored.Repeated);
        bad.Sequence = host.Batch(Now, 1, (_, _) => 1).Sequence;
        Assert.False((await TelemetryApp.SendAsync(stream, bad)).Stored.Repeated); // under a number of its own
        Assert.Equal(2, await CountAsync(host));
    }

    [Fact]
    public async Task Not_a_number_an_old_time_and_time_running_backwards_are_refused()
    {
        var host = new Host();
        using var stream = app.Open();
        Assert.Equal("gpu_data[0].gpu_util", (await TelemetryApp.SendAsync(stream, host.Batch(Now, 1, (_, _) => double.NaN))).Refused.Errors.Single().Field);
        Assert.Equal("gpu_data[0].observed_at_ms", (await TelemetryApp.SendAsync(stream, host.Batch(Now.AddDays(-31), 1, (_, _) => 1))).Refused.Errors.Single().Field);
        Assert.Equal("gpu_data[1].observed_at_ms",
            (await TelemetryApp.SendAsync(stream, host.Batch(Now.AddMinutes(-1), 2, (_, _) => 1, (sample, _, n) => sample.ObservedAtMs -= n * 60_000))).Refused.Errors.Single().Field);
    }

    [Fact]
    public async Task The_same_numbers_of_another_account_or_agent_are_others()
    {
        var (mine, theirs) = (new Host(), new Host());
        var other = TenantId.New(Now);
        await app.StoreAsync([mine.Batch(Now, 1, (_, _) => 1)]);
        var stolen = mine.Batch(Now, 1, (_, _) => 2);
        stolen.Sequence = 1;
        await app.StoreAsync([stolen], other); // the same agent's id under another account
        await app.StoreAsync([theirs.Batch(Now, 1, (_, _) => 3)]);
        Assert.Equal(2, await CountAsync(mine));
        Assert.Equal(1, await app.SeeAsync<long>("select count(*) from samples where tenant_id = @tenant", new { tenant = other.Value }));
        Assert.Equal(1, await CountAsync(theirs));
    }

    [Fact]
    public async Task Nobody_streams_without_a_caller()
    {
        using var stream = app.Client().Stream();
        var refused = await Assert.ThrowsAsync<RpcException>(() => TelemetryApp.SendAsync(stream, new() { AgentId = Guid.CreateVersion7().ToString() }));
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
    }

    [Fact]
    public async Task Drops_at_the_agent_are_counted()
    {
        var host = new Host();
        var batch = host.Batch(Now, 1, (_, _) => 1);
        batch.Dropped = new() { Summarised = 60, Lost = 3 };
        await app.StoreAsync([batch, batch]);
        Assert.Equal("60 3", await app.SeeAsync<string>("select summarised || ' ' || lost from agents where id = @Id", new { host.Id }));
    }

    private Task<long> CountAsync(Host host) => app.SeeAsync<long>("select count(*) from samples s join gpus g on g.id = s.gpu_id where g.agent_id = @Id", new { host.Id });
}
