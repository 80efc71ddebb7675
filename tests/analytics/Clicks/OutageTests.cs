using System.Net;
using Empire.Analytics.Clicks;
using Empire.Analytics.Links;
using Empire.Data;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Empire.Analytics.Tests.Clicks;

/// <summary>Analytics behind a line to PostgreSQL that can be cut.</summary>
public sealed class CutOffApp : AnalyticsApp
{
    public FaultyTcpProxy Line { get; } = new(Real.Host!, Real.Port);

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        .. base.Settings,
        new("ConnectionStrings:analytics", new NpgsqlConnectionStringBuilder(TestDatabase.ConnectionString) { Host = "127.0.0.1", Port = Line.Port }.ConnectionString),
    ];

    /// <summary>As the service sees it: through the line.</summary>
    public Database CutOffDatabase => Services.GetRequiredService<Database>();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Line.DisposeAsync();
    }

    private static NpgsqlConnectionStringBuilder Real => new(TestServers.Postgres);
}

public sealed class OutageTests(CutOffApp app) : IClassFixture<CutOffApp>
{
    [Fact]
    public async Task Without_the_database_visitors_are_sent_on_and_their_clicks_are_stored_once_when_it_is_back()
    {
        var code = await app.LinkAsync();
        List<string> clicks = [await app.ClickAsync(code)];
        app.Line.Cut();
        for (var i = 0; i < 20; i++) clicks.Add(await app.ClickAsync(code));
        Assert.NotEmpty(Directory.GetFiles(app.SpoolFolder));
        app.Line.Restore();

        await Eventually.EqualAsync(21L, () => app.SeeAsync<long>("select count(*) from clicks where link_code = @code", new { code }));
        await Eventually.TrueAsync(() => Directory.GetFiles(app.SpoolFolder).Length == 0);
        Assert.Equal(21, await app.SeeAsync<long>("select count(*) from clicks where id = any(@ids)", new { ids = clicks.Select(Guid.Parse).ToArray() }));
        await Eventually.EqualAsync(21L, () => app.SeeAsync<long>("select coalesce(sum(clicks), 0)::bigint from click_counts where link_code = @code", new { code }));
    }

    [Fact]
    public async Task A_link_too_old_to_be_served_from_memory_still_leads_on_while_the_database_is_away()
    {
        var clock = new TestClock();
        using var links = new LinkCache(app.CutOffDatabase, Options.Create(new LinkOptions()), clock);
        var code = await app.LinkAsync();
        var known = await links.FindAsync(code, CancellationToken.None);
        clock.Advance(TimeSpan.FromHours(1));
        app.Line.Cut();
        try
        {
            Assert.False(links.TryGet(code, out _));
            Assert.Same(known, await links.FindAsync(code, CancellationToken.None));
        }
        finally { app.Line.Restore(); }
    }

    [Fact]
    public async Task A_link_nobody_has_followed_yet_is_503_while_the_database_is_away()
    {
        var code = await app.LinkAsync();
        app.Line.Cut();
        try
        {
            using var visitor = app.Visitor();
            using var response = await visitor.GetAsync($"/r/{code}");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
        }
        finally { app.Line.Restore(); }
    }

    [Fact]
    public async Task A_spool_file_drained_twice_stores_its_clicks_once()
    {
        var code = await app.LinkAsync();
        var drain = app.Services.GetRequiredService<SpoolDrainWorker>();
        var click = new Click(ClickId.New(TimeProvider.System.GetUtcNow()), app.Tenant, code, Agents.Desktop, 7, null);
        var foreign = new Click(ClickId.New(TimeProvider.System.GetUtcNow()), app.Tenant, "elsewher", Agents.Desktop, 7, null); // of a link that is none of ours: nobody waits for it
        for (var i = 0; i < 2; i++)
        {
            using var spool = new ClickSpool(Options.Create(new ClickOptions { SpoolFolder = app.SpoolFolder }), TimeProvider.System);
            spool.Append([click, foreign]);
            spool.Dispose();
            await drain.DrainAsync(CancellationToken.None);
            await Eventually.TrueAsync(() => Directory.GetFiles(app.SpoolFolder).Length == 0);
        }

        await Eventually.EqualAsync(1L, () => app.SeeAsync<long>("select coalesce(sum(clicks), 0)::bigint from click_counts where link_code = @code", new { code }));
        Assert.Equal(1, await app.SeeAsync<long>("select count(*) from clicks where link_code = @code", new { code }));
    }
}
