using System.Text.Json;
using Empire.Contracts.V1;
using Empire.GpuAgent.Readings;
using Empire.Testing;
using Microsoft.AspNetCore.Http;

namespace Empire.GpuAgent.Tests;

public sealed class SendingTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_interval_arrives_as_one_batch_with_one_sample_per_gpu_and_leaves_the_spool()
    {
        await using var server = await StubTelemetry.StartAsync();
        await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path);
        for (var i = 0; i < 4; i++) await agent.TickAsync();
        await Eventually.TrueAsync(() => agent.Spool.Answered == 5);
        Assert.Equal([1UL, 2, 3, 4, 5], server.Stored.Select(batch => batch.Sequence));
        Assert.All(server.Stored, batch => Assert.Equal([0, 1], batch.Samples.Select(sample => sample.GpuIndex)));
        Assert.Equal(10_000, server.Stored[1].Samples[0].ObservedAtMs - server.Stored[0].Samples[0].ObservedAtMs);
        Assert.Equal("test", server.Stored[0].Host.Hostname);
        Assert.All(server.Stored.Skip(1), batch => Assert.Null(batch.Host));
        Assert.Null(agent.Spool.Next(0));
    }

    [Fact]
    public async Task A_server_that_is_away_for_three_intervals_gets_all_samples_once_and_in_order()
    {
        await using var server = await StubTelemetry.StartAsync();
        await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path);
        await Eventually.TrueAsync(() => agent.Spool.Answered == 1);
        await server.DownAsync();
        for (var i = 0; i < 3; i++) await agent.TickAsync();
        await Eventually.TrueAsync(() => agent.Said.Contains("No stream to", StringComparison.Ordinal));
        await server.UpAsync();
        await Eventually.TrueAsync(() =>
        {
            agent.Clock.Advance(TimeSpan.FromSeconds(1)); // the wait between two tries goes by, and some intervals with it
            return agent.Spool.Answered >= 4;
        });
        Assert.Equal(Enumerable.Range(1, server.Stored.Count).Select(n => (ulong)n), server.Stored.Select(batch => batch.Sequence));
        Assert.Equal(server.Stored.Select(batch => batch.Samples[0].ObservedAtMs).Order(), server.Stored.Select(batch => batch.Samples[0].ObservedAtMs));
        Assert.Equal(0, server.Repeated);
        await Eventually.TrueAsync(() => agent.Said.Contains("Connected to", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_stored_without_an_answer_is_not_sent_a_second_time()
    {
        await using var server = await StubTelemetry.StartAsync(new() { Mute = true });
        await using (var agent = await RunningAgent.StartAsync(server.Address, folder.Path))
        {
            await agent.TickAsync();
            await Eventually.TrueAsync(() => server.Stored.Count == 2);
            Assert.Equal(0UL, agent.Spool.Answered);
        }
        server.Mute = false;
        await using var again = await RunningAgent.StartAsync(server.Address, folder.Path);
        await Eventually.TrueAsync(() => again.Spool.Answered == 3);
        Assert.Equal([1UL, 2, 3], server.Stored.Select(batch => batch.Sequence));
        Assert.Equal(3, server.Received);
        Assert.Single(server.Stored.Select(batch => batch.AgentId).Distinct());
    }

    [Fact]
    public async Task What_time_it_is_here_goes_with_each_batch_and_a_wrong_clock_is_said_until_it_is_set()
    {
        await using var server = await StubTelemetry.StartAsync(new() { ClockShiftMs = -3 * 3_600_000 });
        await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path);
        await agent.TickAsync();
        await Eventually.TrueAsync(() => agent.Spool.Answered == 2);
        Assert.Equal(agent.Clock.GetUtcNow().ToUnixTimeMilliseconds(), server.Stored[^1].ClockMs);
        Assert.Contains("The clock of this host is 3 hours ahead of the server's", agent.Said, StringComparison.Ordinal);
        Assert.Contains("timedatectl", agent.Said, StringComparison.Ordinal);
        server.ClockShiftMs = 0;
        await agent.TickAsync();
        await Eventually.TrueAsync(() => agent.Said.Contains("agrees with the server's again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_revoked_key_is_said_clearly_and_samples_are_kept_until_it_is_in_force_again()
    {
        await using var server = await StubTelemetry.StartAsync();
        await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path);
        await Eventually.TrueAsync(() => agent.Spool.Answered == 1);
        await server.RevokeAsync();
        await Eventually.TrueAsync(() => agent.Said.Contains("does not accept the key (Unauthenticated: The key was revoked.)", StringComparison.Ordinal));
        await agent.TickAsync();
        await agent.TickAsync();
        Assert.Equal(2UL, agent.Spool.Next(0)!.Sequence);
        Assert.Single(server.Stored);
        Assert.DoesNotContain(StubTelemetry.Key, agent.Said, StringComparison.Ordinal);

        server.PutInForce();
        await Eventually.TrueAsync(() =>
        {
            agent.Clock.Advance(TimeSpan.FromSeconds(30));
            return agent.Spool.Answered >= 3;
        });
        Assert.Contains("The key is accepted again.", agent.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_batch_is_counted_as_lost_in_the_next_and_holds_up_nothing()
    {
        await using var server = await StubTelemetry.StartAsync(new() { Refuse = batch => batch.Sequence == 2 ? "must be at most 100" : null });
        await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path);
        await Eventually.TrueAsync(() => agent.Spool.Answered == 1);
        await agent.TickAsync();
        await Eventually.TrueAsync(() => agent.Spool.Answered == 2);
        await agent.TickAsync();
        await agent.TickAsync();
        await Eventually.TrueAsync(() => agent.Spool.Answered == 4);
        Assert.Equal([1UL, 3, 4], server.Stored.Select(batch => batch.Sequence));
        Assert.Equal([0UL, 2, 0], server.Stored.Select(batch => batch.Dropped?.Lost ?? 0));
        Assert.Contains("gpu_data[0].gpu_util must be at most 100", agent.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_was_not_taken_is_sent_again_before_those_behind_it()
    {
        await using var server = await StubTelemetry.StartAsync(new() { NotTaken = 1 });
        await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path);
        await Eventually.TrueAsync(() =>
        {
            agent.Clock.Advance(TimeSpan.FromSeconds(1));
            return agent.Spool.Answered >= 2;
        });
        Assert.Equal(Enumerable.Range(1, server.Stored.Count).Select(n => (ulong)n), server.Stored.Select(batch => batch.Sequence));
    }

    [Fact]
    public async Task While_the_database_behind_the_server_is_away_it_is_asked_ever_less_often()
    {
        const int Refusals = 5;
        await using var server = await StubTelemetry.StartAsync(new() { GreetingsNotTaken = Refusals });
        await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path);
        var asked = new List<DateTimeOffset>();
        await Eventually.TrueAsync(() =>
        {
            while (asked.Count < server.Greetings) asked.Add(agent.Clock.GetUtcNow());
            agent.Clock.Advance(TimeSpan.FromMilliseconds(250));
            return agent.Spool.Answered > 0;
        });
        Assert.Equal(Refusals + 1, server.Greetings);
        Assert.Contains("The server asks for a pause", agent.Said, StringComparison.Ordinal);
        Assert.Contains("Connected to", agent.Said, StringComparison.Ordinal); // once it was taken, and not before
        Assert.True(asked[1] - asked[0] >= TimeSpan.FromSeconds(1), "It comes again before it was asked to.");
        Assert.True(asked[5] - asked[4] >= TimeSpan.FromSeconds(8), $"It waits {asked[5] - asked[4]} after the fifth refusal.");
    }

    [Fact]
    public async Task A_server_that_greets_and_takes_nothing_is_asked_ever_less_often_too()
    {
        await using var server = await StubTelemetry.StartAsync(new() { NotTaken = 5 });
        await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path);
        var began = agent.Clock.GetUtcNow();
        await Eventually.TrueAsync(() =>
        {
            agent.Clock.Advance(TimeSpan.FromMilliseconds(250));
            return agent.Spool.Answered > 0;
        });
        Assert.True(agent.Clock.GetUtcNow() - began >= TimeSpan.FromSeconds(15), $"Five refusals in {agent.Clock.GetUtcNow() - began}.");
    }

    [Fact]
    public async Task Where_grpc_does_not_get_through_reports_go_over_http_with_the_published_body()
    {
        await using var server = await StubTelemetry.StartAsync(new() { NoGrpc = true });
        await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path);
        await Eventually.TrueAsync(() =>
        {
            agent.Clock.Advance(TimeSpan.FromSeconds(1));
            return agent.Spool.Answered >= 2;
        });
        var bodies = server.Reports.Select(body => JsonDocument.Parse(body).RootElement).ToList();
        Assert.Equal(StubTelemetry.Key, bodies[0].GetProperty("api_key").GetString());
        var gpu = bodies[0].GetProperty("gpu_data")[0];
        Assert.Equal(0, gpu.GetProperty("gpu_index").GetInt32());
        Assert.Equal("Simulated H100 80GB", gpu.GetProperty("gpu_name").GetString());
        Assert.True(gpu.TryGetProperty("gpu_util", out _) && gpu.TryGetProperty("mem_used", out _) && gpu.TryGetProperty("mem_total", out _));
        var times = bodies.SelectMany(body => body.GetProperty("gpu_data").EnumerateArray()).Where(g => g.GetProperty("gpu_index").GetInt32() == 0).Select(g => g.GetProperty("observed_at_ms").GetInt64()).ToList();
        Assert.Equal(times.Distinct().Order(), times);
        Assert.Contains("reporting over HTTP", agent.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_host_whose_disk_was_put_back_loses_nothing_that_it_reads_afterwards(bool http)
    {
        await using var server = await StubTelemetry.StartAsync(new() { NoGrpc = http });
        using var copy = new TempFolder();
        var clock = new TestClock();
        async Task UntilAsync(RunningAgent agent, ulong answered) => await Eventually.TrueAsync(() =>
        {
            agent.Clock.Advance(TimeSpan.FromSeconds(1));
            return agent.Spool.Answered >= answered;
        });
        ulong copied;
        await using (var first = await RunningAgent.StartAsync(server.Address, folder.Path, clock))
        {
            await UntilAsync(first, 3);
            copied = first.Spool.LastSequence;
        }
        CopyAll(folder.Path, copy.Path);
        await using (var second = await RunningAgent.StartAsync(server.Address, folder.Path, clock)) await UntilAsync(second, second.Spool.LastSequence + 8);
        var before = AllTimes(server).Max();
        await server.DownAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        await using var restored = await RunningAgent.StartAsync(server.Address, copy.Path, clock);
        await Eventually.TrueAsync(() => restored.Spool.LastSequence > copied);
        for (var i = 0; i < 5; i++) await restored.TickAsync(); // numbers that the server has had from the other
        var began = clock.GetUtcNow().ToUnixTimeMilliseconds() - 50_000;
        await server.UpAsync();
        await Eventually.TrueAsync(() =>
        {
            restored.Clock.Advance(TimeSpan.FromSeconds(1));
            return AllTimes(server).Contains(began + 50_000);
        });
        var after = AllTimes(server).Where(time => time > before).ToList();
        Assert.Equal(Enumerable.Range(0, after.Count).Select(i => began + 10_000L * i), after);
        Assert.Contains("was put back from a copy", restored.Said, StringComparison.Ordinal);
        Assert.Equal(0, server.Repeated);
    }

    private static IEnumerable<long> AllTimes(StubTelemetry server) => server.Stored.Where(batch => batch.Samples.Count > 0).Select(batch => batch.Samples[0].ObservedAtMs)
        .Concat(server.Reports.Select(body => JsonDocument.Parse(body).RootElement).SelectMany(Times).Distinct());

    private static void CopyAll(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    [Fact]
    public async Task What_a_proxy_on_the_way_answers_forgets_and_loses_nothing()
    {
        await using var server = await StubTelemetry.StartAsync(new() { NoGrpc = true });
        server.InBetween.Enqueue(Results.Text("An HTTP/1.x request was sent to an HTTP/2 only endpoint.", statusCode: 400)); // to the greeting
        await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path);
        await Eventually.TrueAsync(() =>
        {
            agent.Clock.Advance(TimeSpan.FromSeconds(1));
            return agent.Spool.Answered >= 1;
        });
        var before = agent.Spool.Answered;
        server.InBetween.Enqueue(Results.Content("<html>Please sign in to this network</html>", "text/html"));
        server.InBetween.Enqueue(Results.Json(new { status = "success" }));
        server.InBetween.Enqueue(Results.Text("An HTTP/1.x request was sent to an HTTP/2 only endpoint.", statusCode: 400));
        server.InBetween.Enqueue(Results.Json(new { message = "bad request" }, statusCode: 400));
        await Eventually.TrueAsync(() =>
        {
            agent.Clock.Advance(TimeSpan.FromSeconds(1));
            return server.InBetween.IsEmpty && agent.Spool.Answered > before;
        });
        Assert.Equal(1, server.HttpGreetings);
        var bodies = server.Reports.Select(body => JsonDocument.Parse(body).RootElement).ToList();
        var times = bodies.SelectMany(body => body.GetProperty("gpu_data").EnumerateArray()).Where(g => g.GetProperty("gpu_index").GetInt32() == 0).Select(g => g.GetProperty("observed_at_ms").GetInt64()).ToList();
        Assert.Equal(agent.Spool.Answered, (ulong)times.Count);
        Assert.DoesNotContain(bodies, body => body.TryGetProperty("dropped", out _));
    }

    [Fact]
    public async Task Of_what_gathered_for_http_a_faulty_batch_is_lost_alone_and_counted()
    {
        const int Readings = 40, Faulty = 13;
        await using var server = await StubTelemetry.StartAsync(new() { NoGrpc = true, RefuseReport = report => Utils(report).Any(util => util > 100) ? "must be 0 to 100." : null });
        await server.DownAsync();
        var read = 0;
        await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path, reader: new ToldReader(() => ++read == Faulty ? 101 : 50));
        for (var i = 1; i < Readings; i++) await agent.TickAsync();
        await server.UpAsync();
        await Eventually.TrueAsync(() =>
        {
            agent.Clock.Advance(TimeSpan.FromSeconds(1));
            return agent.Spool.Answered > Readings && server.Reports.Any(body => body.Contains("\"dropped\"", StringComparison.Ordinal));
        });
        var bodies = server.Reports.Select(body => JsonDocument.Parse(body).RootElement).ToList();
        var times = bodies.SelectMany(Times).ToList();
        var expected = Enumerable.Range(0, Readings).Where(reading => reading != Faulty - 1).Select(reading => times[0] + 10_000L * reading);
        Assert.Equal(expected, times.Take(Readings - 1));
        Assert.Equal(times.Distinct().Order(), times);
        Assert.Equal(1, bodies.Sum(body => body.TryGetProperty("dropped", out var dropped) ? dropped.GetProperty("lost").GetInt64() : 0));
        Assert.InRange(server.ReportBytes.Count - server.Reports.Count, 2, 7); // halves of halves, and the one alone
        Assert.Contains($"refused batch {Faulty} with 1 samples", agent.Said, StringComparison.Ordinal);
        Assert.Equal(0, server.Repeated);
    }

    [Fact]
    public async Task A_report_has_no_samples_from_before_what_it_says_of_the_host()
    {
        await using var server = await StubTelemetry.StartAsync(new() { NoGrpc = true });
        await server.DownAsync();
        var read = 0;
        await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path, reader: new ToldReader(() => { read++; return 50; }, driver: () => read <= 3 ? "550" : "570"));
        for (var i = 0; i < 5; i++) await agent.TickAsync();
        await server.UpAsync();
        await Eventually.TrueAsync(() =>
        {
            agent.Clock.Advance(TimeSpan.FromSeconds(1));
            return agent.Spool.Answered >= 6;
        });
        var reports = server.Reports.Select(body => JsonDocument.Parse(body).RootElement).ToList();
        Assert.Equal(("550", 3), (reports[0].GetProperty("host").GetProperty("driver_version").GetString(), Times(reports[0]).Count()));
        Assert.Equal("570", reports[1].GetProperty("host").GetProperty("driver_version").GetString());
        Assert.Equal(2, reports.Count(report => report.TryGetProperty("host", out _)));
    }

    [Fact]
    public async Task What_a_batch_had_counted_that_is_refused_over_http_is_said_by_the_next()
    {
        await using var server = await StubTelemetry.StartAsync(new() { NoGrpc = true, RefuseReport = report => Utils(report).Any(util => util > 100) ? "must be 0 to 100." : null });
        await server.DownAsync();
        var read = 0;
        await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path, reader: new ToldReader(() => ++read == 2 ? 101 : 50));
        agent.Spool.CountLost(5, new Dropped { Lost = 2, Summarised = 60 });
        await agent.TickAsync(); // the faulty one, which tells what was counted
        await server.UpAsync();
        await Eventually.TrueAsync(() =>
        {
            agent.Clock.Advance(TimeSpan.FromSeconds(1));
            return server.Reports.Any(body => body.Contains("\"dropped\"", StringComparison.Ordinal));
        });
        var dropped = Assert.Single(server.Reports.Select(body => JsonDocument.Parse(body).RootElement), body => body.TryGetProperty("dropped", out _)).GetProperty("dropped");
        Assert.Equal((8, 60), (dropped.GetProperty("lost").GetInt32(), dropped.GetProperty("summarised").GetInt32())); // and the faulty one itself
    }

    [Fact]
    public async Task Where_less_gets_through_less_is_sent_at_a_time_and_nothing_is_lost()
    {
        const int Readings = 40;
        await using var server = await StubTelemetry.StartAsync(new() { NoGrpc = true, MostReportBytes = 2_000 });
        await server.DownAsync();
        await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path, reader: new ToldReader(() => 50));
        for (var i = 1; i < Readings; i++) await agent.TickAsync();
        await server.UpAsync();
        await Eventually.TrueAsync(() =>
        {
            agent.Clock.Advance(TimeSpan.FromSeconds(1));
            return agent.Spool.Answered >= Readings;
        });
        var times = server.Reports.Select(body => JsonDocument.Parse(body).RootElement).SelectMany(Times).ToList();
        Assert.Equal(Enumerable.Range(0, times.Count).Select(reading => times[0] + 10_000L * reading), times);
        Assert.True(server.ReportBytes.Count(bytes => bytes > 2_000) <= 4, "It does not learn what gets through.");
        Assert.DoesNotContain("refused batch", agent.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_is_too_large_alone_is_lost_and_those_behind_it_are_not()
    {
        var read = 0;
        await using var server = await StubTelemetry.StartAsync(new() { NoGrpc = true, MostReportBytes = 2_000 });
        await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path, reader: new ToldReader(() => 50, () => ++read == 1 ? 100 : 0));
        await Eventually.TrueAsync(() =>
        {
            agent.Clock.Advance(TimeSpan.FromSeconds(1));
            return agent.Spool.Answered >= 3;
        });
        Assert.Contains("refused batch 1 with 1 samples: ", agent.Said, StringComparison.Ordinal);
        Assert.NotEmpty(server.Reports);
    }

    [Fact]
    public async Task A_driver_whose_first_call_hangs_does_not_hold_up_what_was_read_before()
    {
        await using var server = await StubTelemetry.StartAsync();
        await server.DownAsync();
        await using (var before = await RunningAgent.StartAsync(server.Address, folder.Path)) await before.TickAsync();
        await server.UpAsync();
        using var answer = new ManualResetEventSlim();
        await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path, reader: new ToldReader(() => { answer.Wait(); return 50; }));
        await Eventually.TrueAsync(() => server.Stored.Count == 2);
        agent.Clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => agent.Said.Contains("The driver has not answered for 60 s", StringComparison.Ordinal));
        answer.Set();
        await Eventually.TrueAsync(() => agent.Said.Contains("The driver answers again.", StringComparison.Ordinal));
    }

    private static IEnumerable<double> Utils(JsonElement report) => report.GetProperty("gpu_data").EnumerateArray().Select(gpu => gpu.GetProperty("gpu_util").GetDouble());

    private static IEnumerable<long> Times(JsonElement report) => report.GetProperty("gpu_data").EnumerateArray().Select(gpu => gpu.GetProperty("observed_at_ms").GetInt64());

    /// <summary>One GPU that is used as told, by so many processes.</summary>
    private sealed class ToldReader(Func<float> util, Func<int>? processes = null, Func<string?>? driver = null) : IGpuReader
    {
        public string Description => "told";
        public string? DriverVersion => driver?.Invoke();

        public ValueTask<IReadOnlyList<Sample>> ReadAsync(CancellationToken ct)
        {
            var sample = new Sample { GpuIndex = 0, GpuUuid = "GPU-t", GpuName = "told", GpuUtil = util(), MemUsed = 1, MemTotal = 2 };
            var running = processes?.Invoke() ?? 0;
            for (var i = 0; i < running; i++) sample.Processes.Add(new ProcessSample { Pid = uint.MaxValue - (uint)i, Name = $"worker-{i}" });
            return new([sample]);
        }

        public void Dispose() { }
    }
}
