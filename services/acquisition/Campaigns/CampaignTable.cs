using Empire.Data;

namespace Empire.Acquisition.Campaigns;

internal static class CampaignTable
{
    private const string Columns = "id, name, channel, status, budget_micros, currency, starts_at, ends_at, created_by, created_at, updated_at, archived_at";

    public static Task InsertAsync(Work work, Campaign campaign, string? requestKey, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            insert into campaigns (id, tenant_id, request_key, name, channel, status, budget_micros, currency, starts_at, ends_at, created_by, created_at, updated_at)
            values (@Id, @Tenant, @requestKey, @Name, @Channel, @Status, @BudgetMicros, @currency, @StartsAt, @EndsAt, @CreatedBy, @CreatedAt, @UpdatedAt)
            """,
            new
            {
                campaign.Id, work.Tenant, requestKey, campaign.Name, campaign.Channel, campaign.Status, campaign.BudgetMicros, currency = campaign.Currency.Code, campaign.StartsAt, campaign.EndsAt,
                campaign.CreatedBy, campaign.CreatedAt, campaign.UpdatedAt,
            }, ct);

    /// <returns>Null when the account has none of this id.</returns>
    public static Task<Campaign?> FindAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Campaign>($"select {Columns} from campaigns where tenant_id = current_tenant() and id = @id", new { id }, ct);

    /// <summary>The same, and nobody else changes it until the work ends.</summary>
    public static Task<Campaign?> LockAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Campaign>($"select {Columns} from campaigns where tenant_id = current_tenant() and id = @id for update", new { id }, ct);

    public static Task<Guid?> FindRequestAsync(Work work, string requestKey, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Guid?>("select id from campaigns where tenant_id = current_tenant() and request_key = @requestKey", new { requestKey }, ct);

    public static Task SaveAsync(Work work, Campaign campaign, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            update campaigns set name = @Name, status = @Status, budget_micros = @BudgetMicros, starts_at = @StartsAt, ends_at = @EndsAt, updated_at = @UpdatedAt
            where tenant_id = current_tenant() and id = @Id
            """, new { campaign.Name, campaign.Status, campaign.BudgetMicros, campaign.StartsAt, campaign.EndsAt, campaign.UpdatedAt, campaign.Id }, ct);

    /// <returns>False when it is archived already, or the account has none of this id.</returns>
    public static async Task<bool> ArchiveAsync(Work work, Guid id, CancellationToken ct) =>
        await work.ExecuteAsync("update campaigns set archived_at = @Now where tenant_id = current_tenant() and id = @id and archived_at is null", new { id, work.Now }, ct) == 1;

    /// <param name="archived">Null: whether or not.</param>
    /// <param name="after">The last one already shown.</param>
    /// <returns>The newest first.</returns>
    public static Task<IReadOnlyList<Campaign>> ListAsync(Work work, string? channel, string? status, Guid? only, bool? archived, (DateTimeOffset At, Guid Id)? after, int limit, CancellationToken ct) =>
        work.QueryAsync<Campaign>(
            $"""
            select {Columns} from campaigns
            where tenant_id = current_tenant() and (@channel::text is null or channel = @channel) and (@only::uuid is null or id = @only)
              and (@archived::boolean is null or (archived_at is not null) = @archived)
              and (@status::text is null or case when status in ('active', 'paused') and ends_at <= @Now then 'ended' else status end = @status)
              and (@at::timestamptz is null or (created_at, id) < (@at, @id::uuid))
            order by created_at desc, id desc limit @limit
            """, new { channel, status, only, archived, work.Now, at = after?.At, id = after?.Id, limit }, ct);
}
