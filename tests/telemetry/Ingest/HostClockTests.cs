using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Empire.Telemetry.Tests.Ingest;

/// <summary>Hosts whose clocks are wrong.</summary>
public sealed class HostClockTests(TelemetryApp app) : IClassFixture<TelemetryApp>
{
    private static readonly TimeSpan AWhile = TimeSpan.FromMinutes(2); // this test may wait for a processor

    [Theory]
    [InlineData(2)]
    [InlineData(24 * 365)]
    [InlineData(-24 * 31)]
    [InlineData(-24 * 365 * 20)]
    public async Task Samples_of_a_clock_that_is_far_off_are_taken_by_the_servers(int hoursAhead)
    {
        var (host, sent) = (new Host(), TimeProvider.System.GetUtcNow());
        var there = sent.AddHours(hoursAhead);
        using var stream = app.Open();
        var greeting = await TelemetryApp.SendAsync(stream, new() { AgentId = host.Id.ToString(), ClockMs = there.ToUnixTimeMilliseconds() });
        Assert.InRange(greeting.ClockShiftMs + hoursAhead * 3_600_000L, 0, (long)AWhile.TotalMilliseconds);
        var batch = host.Batch(there.AddMinutes(-10), 60, (_, n) => n); // ten minutes of readings, the last of them just now
        batch.ClockMs = there.ToUnixTimeMilliseconds();
        var reply = await TelemetryApp.SendAsync(stream, batch);
        Assert.Equal(60u, reply.Stored?.Count);
        Assert.InRange(reply.ClockShiftMs + hoursAhead * 3_600_000L, 0, (long)AWhile.TotalMilliseconds);
        var times = await app.RowsAsync<DateTime>("select s.observed_at from samples s join gpus g on g.id = s.gpu_id where g.agent_id = @Id order by 1", new { host.Id });
        Assert.InRange(times[0], sent.UtcDateTime.AddMinutes(-10).AddSeconds(-1), sent.UtcDateTime.AddMinutes(-10) + AWhile);
        Assert.Equal(TimeSpan.FromSeconds(590), times[^1] - times[0]); // as far apart as they were read
    }

    [Fact]
    public async Task A_clock_that_is_usable_is_told_what_it_is_off_and_its_times_stay()
    {
        var (host, there) = (new Host(), TimeProvider.System.GetUtcNow().AddHours(-3));
        var batch = host.Batch(there, 1, (_, _) => 50);
        batch.ClockMs = there.ToUnixTimeMilliseconds();
        using var stream = app.Open();
        Assert.InRange((await TelemetryApp.SendAsync(stream, batch)).ClockShiftMs, 3 * 3_600_000, 3 * 3_600_000 + (long)AWhile.TotalMilliseconds);
        Assert.Equal(there.ToUnixTimeMilliseconds(), new DateTimeOffset(await app.SeeAsync<DateTime>("select s.observed_at from samples s join gpus g on g.id = s.gpu_id where g.agent_id = @Id", new { host.Id }), TimeSpan.Zero).ToUnixTimeMilliseconds());
        batch = host.Batch(TimeProvider.System.GetUtcNow(), 1, (_, _) => 50);
        batch.ClockMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Equal(0, (await TelemetryApp.SendAsync(stream, batch)).ClockShiftMs);
    }

    [Fact]
    public async Task Who_does_not_say_what_time_it_is_there_is_refused_by_the_field()
    {
        using var stream = app.Open();
        var reply = await TelemetryApp.SendAsync(stream, new Host().Batch(TimeProvider.System.GetUtcNow().AddHours(2), 1, (_, _) => 50));
        Assert.Equal("gpu_data[0].observed_at_ms", reply.Refused.Errors.Single().Field);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Over_http_it_is_the_same(bool dated)
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        var there = TimeProvider.System.GetUtcNow().AddDays(3).ToUnixTimeMilliseconds();
        using var client = app.ClientFor(tenant);
        using var response = await client.PostAsJsonAsync("/api/track-usage", new
        {
            clock_ms = there, gpu_data = new[] { new { gpu_index = 0, gpu_name = "Tesla V100", gpu_util = 5, mem_used = 1, mem_total = 2, observed_at_ms = dated ? there : (long?)null } },
        });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.InRange((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("clock_shift_ms").GetInt64() + 3 * 86_400_000L, 0, (long)AWhile.TotalMilliseconds);
        var stored = await app.SeeAsync<DateTime>("select observed_at from samples where tenant_id = @tenant", new { tenant = tenant.Value });
        Assert.InRange(stored, TimeProvider.System.GetUtcNow().UtcDateTime - AWhile, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1));
    }
}
