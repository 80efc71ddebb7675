using Empire.Data;

namespace Empire.Acquisition.Campaigns;

/// <summary>Money that was spent on a campaign.</summary>
public sealed record Spend
{
    public const string Prefix = "spd";

    /// <summary>Also the cost's on the bus.</summary>
    public required Guid Id { get; init; }
    public required Guid CampaignId { get; init; }
    public required long Micros { get; init; }
    public required Currency Currency { get; init; }

    /// <summary>UTC day.</summary>
    public required DateOnly SpentOn { get; init; }

    /// <summary>Who was paid, or what tells of it.</summary>
    public required string Source { get; init; }

    /// <summary>The source's own name of it.</summary>
    public required string Reference { get; init; }

    /// <summary>Spent at the sandbox.</summary>
    public bool Test { get; init; }

    /// <summary>Null: told by a service.</summary>
    public string? RecordedBy { get; init; }

    public Money Amount => new(Micros, Currency);
}

/// <summary>What a campaign spent in one currency.</summary>
internal sealed record SpendSum(Guid CampaignId, Currency Currency, long Micros, bool Test);

internal static class SpendTable
{
    private const string Columns = "id, campaign_id, micros, currency, spent_on, source, reference, test, recorded_by";

    /// <returns>False when it is there already, by its id or by its source's reference; or the account has no such campaign.</returns>
    public static async Task<bool> AddAsync(Work work, Spend spend, CancellationToken ct) =>
        await work.ExecuteAsync(
            """
            insert into campaign_spend (id, tenant_id, campaign_id, micros, currency, spent_on, source, reference, test, recorded_by, recorded_at)
            select @Id, tenant_id, id, @Micros, @currency, @SpentOn, @Source, @Reference, @Test, @RecordedBy, @Now from campaigns where tenant_id = current_tenant() and id = @CampaignId
            on conflict do nothing
            """,
            new { spend.Id, spend.Micros, currency = spend.Currency.Code, spend.SpentOn, spend.Source, spend.Reference, spend.Test, spend.RecordedBy, work.Now, spend.CampaignId }, ct) == 1;

    public static Task<Spend?> FindAsync(Work work, Guid campaign, string source, string reference, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Spend>(
            $"select {Columns} from campaign_spend where tenant_id = current_tenant() and campaign_id = @campaign and source = @source and reference = @reference", new { campaign, source, reference }, ct);

    /// <returns>The latest day first.</returns>
    public static Task<IReadOnlyList<Spend>> ListAsync(Work work, Guid campaign, (DateOnly On, Guid Id)? after, int limit, CancellationToken ct) =>
        work.QueryAsync<Spend>(
            $"""
            select {Columns} from campaign_spend
            where tenant_id = current_tenant() and campaign_id = @campaign and (@day::date is null or (spent_on, id) < (@day::date, @id::uuid))
            order by spent_on desc, id desc limit @limit
            """, new { campaign, day = after?.On.ToString("O"), id = after?.Id, limit }, ct);

    /// <returns>In micros, by campaign and currency, of all time.</returns>
    public static async Task<IReadOnlyDictionary<(Guid Campaign, Currency Currency), long>> TotalsAsync(Work work, Guid[] campaigns, CancellationToken ct) =>
        (await work.QueryAsync<SpendSum>(
            """
            select campaign_id, currency, sum(micros)::bigint as micros, bool_or(test) as test from campaign_spend
            where tenant_id = current_tenant() and campaign_id = any(@campaigns) group by campaign_id, currency
            """, new { campaigns }, ct)).ToDictionary(sum => (sum.CampaignId, sum.Currency), sum => sum.Micros);

    /// <param name="from">First UTC day; null: from the beginning.</param>
    /// <param name="to">Last one; null: until now.</param>
    public static Task<IReadOnlyList<SpendSum>> OfPeriodAsync(Work work, DateOnly? from, DateOnly? to, CancellationToken ct) =>
        work.QueryAsync<SpendSum>(
            """
            select campaign_id, currency, sum(micros)::bigint as micros, bool_or(test) as test from campaign_spend
            where tenant_id = current_tenant() and (@from::date is null or spent_on >= @from::date) and (@to::date is null or spent_on <= @to::date)
            group by campaign_id, currency
            """, new { from = from?.ToString("O"), to = to?.ToString("O") }, ct);
}
