using Empire.Data;

namespace Empire.Content.Pieces;

internal static class PieceTable
{
    private const string Columns =
        """
        id, tenant_id, request_key, batch_id, kind, platform, niche, product_id, product, brief, prompt_version, state, due_at, lease_until, claim, abandoned, model, title,
        document, failure, cost_micros, test, requested_at, finished_at
        """;

    /// <returns>False when the tenant has a piece of this request key already; then nothing was added.</returns>
    public static async Task<bool> AddAsync(Work work, Piece piece, CancellationToken ct) => await work.ExecuteAsync(
        """
        insert into pieces (id, tenant_id, request_key, batch_id, kind, platform, niche, product_id, product, brief, prompt_version, state, due_at, lease_until, claim, requested_at)
        values (@Id, @TenantId, @RequestKey, @BatchId, @Kind, @Platform, @Niche, @ProductId, @Product::jsonb, @Brief::jsonb, @PromptVersion, @State, @DueAt, @LeaseUntil, @Claim, @RequestedAt)
        on conflict (tenant_id, request_key) do nothing
        """, piece, ct) == 1;

    public static Task<Piece?> FindAsync(Work work, PieceId id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Piece>($"select {Columns} from pieces where tenant_id = current_tenant() and id = @id", new { id }, ct);

    public static Task<IReadOnlyList<Piece>> FindByKeysAsync(Work work, string[] requestKeys, CancellationToken ct) =>
        work.QueryAsync<Piece>($"select {Columns} from pieces where tenant_id = current_tenant() and request_key = any(@requestKeys)", new { requestKeys }, ct);

    public static Task<Piece> LockAsync(Work work, PieceId id, CancellationToken ct) =>
        work.QuerySingleAsync<Piece>($"select {Columns} from pieces where tenant_id = current_tenant() and id = @id for update", new { id }, ct);

    /// <summary>Locks the next piece that is due, or whose worker is gone; null when there is none that another worker is not looking at right now.</summary>
    /// <param name="work">Over all tenants.</param>
    public static Task<Piece?> LockNextAsync(Work work, DateTimeOffset now, CancellationToken ct) => work.QuerySingleOrDefaultAsync<Piece>(
        $"""
        select {Columns} from pieces
        where ((state = 'requested' and due_at <= @now) or (state = 'generating' and lease_until <= @now)) and not exists (select from kernel.closed_accounts a where a.tenant_id = pieces.tenant_id and a.closed)
        order by due_at, id limit 1 for update skip locked
        """, new { now }, ct);

    /// <summary>Gives up what nobody has begun of the work's account; nobody is left to be told of it.</summary>
    public static Task GiveUpAsync(Work work, string reason, CancellationToken ct) => work.ExecuteAsync(
        "update pieces set state = 'failed', failure = @reason, finished_at = @Now where tenant_id = current_tenant() and state = 'requested'", new { reason, work.Now }, ct);

    public static Task SaveAsync(Work work, Piece piece, CancellationToken ct) => work.ExecuteAsync(
        """
        update pieces set state = @State, due_at = @DueAt, lease_until = @LeaseUntil, claim = @Claim, abandoned = @Abandoned, model = @Model, title = @Title, document = @Document::jsonb,
          failure = @Failure, cost_micros = @CostMicros, test = @Test, finished_at = @FinishedAt
        where tenant_id = current_tenant() and id = @Id
        """, piece, ct);

    /// <summary>When a piece of any of these kinds was last generated, for any tenant.</summary>
    public static Task<DateTimeOffset?> LastGeneratedAsync(Work work, IEnumerable<string> kinds, CancellationToken ct) =>
        work.QuerySingleAsync<DateTimeOffset?>(
            "select max((select max(finished_at) from pieces where state = 'generated' and kind = wanted)) from unnest(@kinds) wanted", new { kinds = kinds.ToArray() }, ct);
}
