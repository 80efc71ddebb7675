using Empire.Contracts;
using Empire.Data;
using Empire.Hosting;
using Microsoft.Extensions.Options;

namespace Empire.Analytics.Clicks;

/// <summary>Counts stored clicks per link and day, and tells the other services of them, each exactly once: a batch's row goes away in the transaction that counts
/// and publishes its clicks. It works behind the redirect, at its own pace, so that a burst of visitors is not slowed by it.</summary>
public sealed partial class ClickAnnouncer(Database db, IOptions<ClickOptions> options, ILogger<ClickAnnouncer> log) : BackgroundService
{
    /// <summary>Another replica may have stored clicks and died before it announced them.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly WakeUp stored = new();

    /// <summary>There is something to announce now.</summary>
    public void Wake() => stored.Set();

    /// <returns>How many clicks were announced; 0 when none wait.</returns>
    public async Task<int> AnnounceAsync(CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        var batches = (await work.QueryAsync<long>("select id from click_batches order by id limit 20 for update skip locked", ct: ct)).ToArray();
        if (batches.Length == 0) return 0;
        var clicks = await work.QueryAsync<StoredClick>(
            """
            select c.id, c.tenant_id, c.link_code, c.occurred_at, l.publication_id, l.piece_id, l.product_id, l.campaign_id
            from click_batches b
            join clicks c on c.batch_id = b.id and c.id between b.first_click and b.last_click and c.occurred_at between b.first_at and b.last_at
            join links l on l.code = c.link_code
            where b.id = any(@batches)
            """, new { batches }, ct);
        await work.ExecuteAsync(
            """
            insert into click_counts as kept (tenant_id, link_code, day, clicks, bots)
            select c.tenant_id, c.link_code, (c.occurred_at at time zone 'utc')::date, count(*) filter (where c.agent <> 'bot'), count(*) filter (where c.agent = 'bot')
            from click_batches b
            join clicks c on c.batch_id = b.id and c.id between b.first_click and b.last_click and c.occurred_at between b.first_at and b.last_at
            join links l on l.code = c.link_code -- a spool of another installation may hold clicks of links that are none of ours
            where b.id = any(@batches)
            group by 1, 2, 3
            order by 1, 3, 2 -- every replica takes the rows in this order, so none waits for another in a circle
            on conflict (tenant_id, day, link_code) do update set clicks = kept.clicks + excluded.clicks, bots = kept.bots + excluded.bots
            """, new { batches }, ct);
        await work.ExecuteAsync("delete from click_batches where id = any(@batches)", new { batches }, ct);
        foreach (var ofTenant in clicks.GroupBy(click => click.TenantId))
        {
            await work.ActForAsync(ofTenant.Key, ct);
            foreach (var click in ofTenant) work.Publish(click.ToEvent());
        }
        await work.CommitAsync(ct);
        return clicks.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await AnnounceAsync(stoppingToken) is > 0 and var announced)
                    await Task.Delay(TimeSpan.FromSeconds((double)announced / options.Value.AnnouncedPerSecond), stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
            await stored.WaitAsync(LookEvery, stoppingToken);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Announcing clicks failed; they wait for the next turn")]
    private static partial void LogFailed(ILogger log, Exception e);

    private sealed record StoredClick
    {
        public Guid Id { get; init; }
        public TenantId TenantId { get; init; }
        public string LinkCode { get; init; } = "";
        public DateTimeOffset OccurredAt { get; init; }
        public Guid? PublicationId { get; init; }
        public Guid? PieceId { get; init; }
        public Guid? ProductId { get; init; }
        public Guid? CampaignId { get; init; }

        public AffiliateClicked ToEvent() => new()
        {
            TenantId = TenantId.Value,
            ClickId = Id,
            LinkCode = LinkCode,
            PublicationId = PublicationId,
            PieceId = PieceId,
            ProductId = ProductId,
            CampaignId = CampaignId,
            OccurredAt = OccurredAt,
        };
    }
}
