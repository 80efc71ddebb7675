using System.Net.Http.Json;
using System.Text.Json;
using Empire.Contracts.V1;
using Empire.Http;
using Empire.Telemetry.Accounts;
using Empire.Telemetry.Storage;
using Empire.Testing;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Telemetry.Tests.Storage;

/// <summary>On a clock that the test moves, with samples packed as they come.</summary>
public sealed class AgeingApp : TelemetryApp
{
    public override TestClock Clock { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Settling:PackSamples", "1"), new("Settling:CheckEvery", "1.00:00:00")];
}

public sealed class RetentionTests(AgeingApp app) : IClassFixture<AgeingApp>
{
    [Fact]
    public async Task Each_tier_keeps_its_samples_and_sums_for_its_days_and_sums_of_days_for_ever()
    {
        var tiers = new[] { "free", "professional", "enterprise" };
        var tenants = tiers.ToDictionary(tier => tier, _ => TenantId.New(TimeProvider.System.GetUtcNow()));
        var start = app.Clock.GetUtcNow();
        foreach (var (tier, tenant) in tenants)
        {
            var caller = new Metadata { { CallerToken.Header, app.Services.GetRequiredService<CallerToken>().Sign(new(tenant, "key:test", "owner", Tier: tier)) } };
            using var stream = app.Client().Stream(caller);
            Assert.Equal(BatchReply.OutcomeOneofCase.Stored, (await TelemetryApp.SendAsync(stream, new Host(tier).Batch(start.AddMinutes(-30), 90, (_, n) => n))).OutcomeCase);
        }
        await app.SettledAsync();
        await Eventually.EqualAsync(0L, () => app.SeeAsync<long>("select count(*) from intake"));
        Assert.Equal(["free: 1 15 1 1", "professional: 1 15 1 1", "enterprise: 1 15 1 1"], await KeptAsync());

        await AtDayAsync(6);
        Assert.Equal(["free: 1 15 1 1", "professional: 1 15 1 1", "enterprise: 1 15 1 1"], await KeptAsync());
        await AtDayAsync(8);
        Assert.Equal(["free: 0 0 1 1", "professional: 1 15 1 1", "enterprise: 1 15 1 1"], await KeptAsync());
        await AtDayAsync(31);
        Assert.Equal(["free: 0 0 0 1", "professional: 0 0 1 1", "enterprise: 1 15 1 1"], await KeptAsync());
        await AtDayAsync(89);
        Assert.Equal(["free: 0 0 0 1", "professional: 0 0 1 1", "enterprise: 1 15 1 1"], await KeptAsync());
        await AtDayAsync(160); // months go as wholes
        Assert.Equal(["free: 0 0 0 1", "professional: 0 0 0 1", "enterprise: 0 0 1 1"], await KeptAsync());

        async Task AtDayAsync(int day)
        {
            app.Clock.Advance(start.AddDays(day) - app.Clock.GetUtcNow());
            await app.Services.GetRequiredService<Retention>().SweepAsync(CancellationToken.None);
        }

        async Task<IReadOnlyList<string>> KeptAsync()
        {
            List<string> kept = [];
            foreach (var (tier, tenant) in tenants)
                kept.Add(await app.SeeAsync<string>(
                    """
                    select @tier || ': ' || (select count(*) from chunks where tenant_id = @id) || ' ' || (select count(*) from rollups_minute where tenant_id = @id)
                      || ' ' || (select count(*) from rollups_hour where tenant_id = @id) || ' ' || (select count(*) from rollups_day where tenant_id = @id)
                    """, new { tier, id = tenant.Value }));
            return kept;
        }
    }

    [Fact]
    public async Task A_tier_that_was_bought_while_no_host_reports_keeps_what_is_there_and_a_stream_from_before_does_not_take_it_back()
    {
        var (tenant, start) = (TenantId.New(TimeProvider.System.GetUtcNow()), app.Clock.GetUtcNow());
        using (var stream = app.Client().Stream(Of("free"))) await TelemetryApp.SendAsync(stream, new Host("off").Batch(start.AddMinutes(-30), 90, (_, n) => n));
        await app.SettledAsync();
        await HearAsync("professional", start);
        await HearAsync("free", start.AddDays(-1));   // said before, heard after
        using (var stream = app.Client().Stream(Of("enterprise"))) await TelemetryApp.SendAsync(stream, new Host("old stream").Batch(start.AddMinutes(-30), 1, (_, n) => n));
        Assert.Equal("professional", await app.SeeAsync<string>("select tier from accounts where tenant_id = @tenant", new { tenant = tenant.Value }));
        app.Clock.Advance(TimeSpan.FromDays(8));
        await app.Services.GetRequiredService<Retention>().SweepAsync(CancellationToken.None);
        Assert.Equal(15, await app.SeeAsync<long>("select count(*) from rollups_minute r join gpus g on g.id = r.gpu_id join agents a on a.tenant_id = g.tenant_id and a.id = g.agent_id where g.tenant_id = @tenant and a.hostname = 'off'",
            new { tenant = tenant.Value }));

        Metadata Of(string tier) => new() { { CallerToken.Header, app.Services.GetRequiredService<CallerToken>().Sign(new(tenant, "key:test", "owner", Tier: tier)) } };
        async Task HearAsync(string tier, DateTimeOffset at)
        {
            await using var work = await app.Database.BeginAsync(tenant, CancellationToken.None);
            await new TierChangedHandler().HandleAsync(new() { TenantId = tenant.Value, Tier = tier, Before = "free", OccurredAt = at }, work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Events_that_are_over_are_kept_as_long_as_hours_and_those_that_go_on_as_long_as_their_host_does()
    {
        var (tenant, start, host) = (TenantId.New(TimeProvider.System.GetUtcNow()), app.Clock.GetUtcNow(), new Host("warm", gpus: 2));
        using var stream = app.Client().Stream(new Metadata { { CallerToken.Header, app.Services.GetRequiredService<CallerToken>().Sign(new(tenant, "key:test", "owner", Tier: "free")) } });
        await TelemetryApp.SendAsync(stream, host.Batch(start.AddMinutes(-30), 90, (_, _) => 50, (sample, gpu, i) => sample.Temperature = gpu == 0 && i > 45 ? 60 : 95));
        await app.SettledAsync();
        Assert.Equal(["0 over", "1 goes on"], await KeptAsync());
        await SweptAfterAsync(days: 27);
        Assert.Equal(["0 over", "1 goes on"], await KeptAsync());
        await app.SeeAsync<long>("update agents set last_seen_at = @now where id = @Id returning 1", new { host.Id, now = app.Clock.GetUtcNow().UtcDateTime }); // as if it reported
        await SweptAfterAsync(days: 2);
        Assert.Equal(["1 goes on"], await KeptAsync());
        await SweptAfterAsync(days: 25);
        Assert.Equal(["1 goes on"], await KeptAsync());
        await SweptAfterAsync(days: 2);
        Assert.Empty(await KeptAsync());

        async Task SweptAfterAsync(int days)
        {
            app.Clock.Advance(TimeSpan.FromDays(days));
            await app.Services.GetRequiredService<Retention>().SweepAsync(CancellationToken.None);
        }

        Task<IReadOnlyList<string>> KeptAsync() => app.RowsAsync<string>(
            "select g.gpu_index || case when e.ended_at is null then ' goes on' else ' over' end from gpu_events e join gpus g on g.id = e.gpu_id where e.tenant_id = @tenant and e.kind = 'hot' order by 1", new { tenant = tenant.Value });
    }

    [Fact]
    public async Task What_is_silent_for_longer_than_samples_are_kept_is_no_gpu_of_now()
    {
        var (tenant, host) = (TenantId.New(TimeProvider.System.GetUtcNow()), new Host("given back"));
        using (var stream = app.Client().Stream(new Metadata { { CallerToken.Header, app.Services.GetRequiredService<CallerToken>().Sign(new(tenant, "key:test", "owner", Tier: "free")) } }))
            await TelemetryApp.SendAsync(stream, host.Batch(app.Clock.GetUtcNow().AddMinutes(-5), 3, (_, _) => 50));
        await app.SettledAsync();
        app.Clock.Advance(TimeSpan.FromDays(6));
        Assert.Equal((1, 1), (await ShownAsync(), await StatesAsync()));
        app.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal((0, 1), (await ShownAsync(), await StatesAsync()));
        app.Clock.Advance(TimeSpan.FromDays(21));
        Assert.Equal((0, 0), (await ShownAsync(), await StatesAsync()));
        Assert.Equal(1, await app.SeeAsync<long>("select count(*) from gpus where agent_id = @Id", new { host.Id })); // what its days cost stays

        async Task<int> ShownAsync()
        {
            using var client = app.ClientFor(tenant);
            return (await client.GetFromJsonAsync<JsonElement>("/api/v1/telemetry/current")).GetProperty("gpus").GetArrayLength();
        }

        async Task<long> StatesAsync()
        {
            await app.Services.GetRequiredService<Retention>().SweepAsync(CancellationToken.None);
            return await app.SeeAsync<long>("select count(*) from gpu_states where tenant_id = @tenant", new { tenant = tenant.Value });
        }
    }

    [Fact]
    public async Task Days_to_come_have_their_partition_and_days_past_lose_theirs_as_a_whole()
    {
        app.Clock.Advance(TimeSpan.FromDays(1));
        await app.Services.GetRequiredService<Retention>().SweepAsync(CancellationToken.None);
        var today = app.Clock.GetUtcNow().UtcDateTime.Date;
        var partitions = await app.RowsAsync<string>("select inhrelid::regclass::text from pg_inherits where inhparent = 'chunks'::regclass order by 1");
        Assert.Equal($"chunks_{today.AddDays(7):yyyyMMdd}", partitions[^1]);
        Assert.True(string.CompareOrdinal(partitions[0], $"chunks_{today.AddDays(-90):yyyyMMdd}") >= 0, partitions[0]);
    }
}

/// <summary>Installed on the first of March, after a February of 28 days.</summary>
public sealed class MarchApp : TelemetryApp
{
    public override TestClock Clock { get; } = new(new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero));

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [.. base.Settings, new("Settling:PackSamples", "1"), new("Settling:CheckEvery", "1.00:00:00"), new("Settling:FreeDays", "1"), new("Settling:ProfessionalDays", "1"), new("Settling:EnterpriseDays", "1")];
}

public sealed class OldSamplesTests(MarchApp app) : IClassFixture<MarchApp>
{
    [Fact]
    public async Task The_oldest_samples_that_are_taken_find_their_month_and_their_day()
    {
        var host = new Host();
        var oldest = app.Clock.GetUtcNow().AddDays(-30).AddMinutes(1); // in January
        await app.StoreAsync([host.Batch(oldest, 30, (_, n) => n)]);
        await Eventually.EqualAsync(30L, () => app.SeeAsync<long>("select coalesce(sum(r.samples), 0)::bigint from rollups_minute r join gpus g on g.id = r.gpu_id where g.agent_id = @Id", new { host.Id }));
        Assert.Equal(new DateTime(2027, 1, 30), await app.SeeAsync<DateTime>("select r.starts_at::date from rollups_day r join gpus g on g.id = r.gpu_id where g.agent_id = @Id", new { host.Id }));
        await Eventually.EqualAsync(30L, () => app.SeeAsync<long>("select coalesce(sum(c.samples), 0)::bigint from chunks c join gpus g on g.id = c.gpu_id where g.agent_id = @Id", new { host.Id }));
    }
}
