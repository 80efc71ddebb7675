using Dapper;
using Empire.Contracts.V1;
using Empire.Telemetry.Ingest;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Telemetry.Tests.Ingest;

/// <summary>A log with one writer and room for a hundred waiting samples.</summary>
public sealed class NarrowApp : TelemetryApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Ingest:Writers", "1"), new("Ingest:MostWaiting", "100")];
}

/// <summary>A database that does not keep up slows the agents; it does not fill the memory, and nothing is answered that is not stored.</summary>
public sealed class BackPressureTests(NarrowApp app) : IClassFixture<NarrowApp>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task What_finds_no_room_is_not_taken_and_stored_when_it_comes_again()
    {
        var log = app.Services.GetRequiredService<SampleLog>();
        Host[] hosts = [new(), new(), new()];
        foreach (var host in hosts) await app.StoreAsync([host.Batch(Now.AddHours(-2), 1, (_, _) => 1)]); // known, so that only the log is between them and the answer
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await using var slow = await owner.BeginTransactionAsync();
        await owner.ExecuteAsync("select from agents where id = @Id for update", new { hosts[0].Id }, slow);

        using var first = app.Open();
        using var second = app.Open();
        using var third = app.Open();
        var firstReply = TelemetryApp.SendAsync(first, hosts[0].Batch(Now.AddHours(-1), 60, (_, n) => n));
        await Eventually.TrueAsync(() => log.SamplesWaiting == 60); // in the commit that waits for the lock
        var secondReply = TelemetryApp.SendAsync(second, hosts[1].Batch(Now.AddHours(-1), 40, (_, n) => n));
        await Eventually.TrueAsync(() => log.SamplesWaiting == 100);
        var late = hosts[2].Batch(Now.AddHours(-1), 1, (_, n) => n);
        var turnedAway = await TelemetryApp.SendAsync(third, late);
        Assert.Equal((BatchReply.OutcomeOneofCase.None, 2UL, 10u), (turnedAway.OutcomeCase, turnedAway.Sequence, turnedAway.RetryAfterMs));
        Assert.False(await third.ResponseStream.MoveNext(CancellationToken.None)); // the stream ends, so that what was sent ahead is not stored before it
        Assert.Equal((100, false, false), (log.SamplesWaiting, firstReply.IsCompleted, secondReply.IsCompleted));

        await slow.RollbackAsync();
        Assert.Equal((60u, 40u), ((await firstReply).Stored.Count, (await secondReply).Stored.Count));
        using var again = app.Open();
        Assert.False((await TelemetryApp.SendAsync(again, late)).Stored.Repeated);
        Assert.Equal(0, log.SamplesWaiting);
        Assert.Equal("61 41 2", await CountsAsync(hosts));
    }

    [Fact]
    public async Task A_batch_alone_is_taken_however_large()
    {
        var host = new Host();
        await app.StoreAsync([host.Batch(Now.AddHours(-2), 500, (_, _) => 1)]);
        Assert.Equal("500", await CountsAsync(host));
    }

    private async Task<string> CountsAsync(params Host[] hosts)
    {
        var counts = new List<long>();
        foreach (var host in hosts) counts.Add(await app.SeeAsync<long>("select count(*) from samples s join gpus g on g.id = s.gpu_id where g.agent_id = @Id", new { host.Id }));
        return string.Join(' ', counts);
    }
}
