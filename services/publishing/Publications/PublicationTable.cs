using Empire.Contracts;
using Empire.Data;

namespace Empire.Publishing.Publications;

public static class PublicationTable
{
    public static Task<IReadOnlyList<Publication>> OfPiecesAsync(Work work, IReadOnlyCollection<Guid> pieces, CancellationToken ct) =>
        work.QueryAsync<Publication>("select * from publications where tenant_id = current_tenant() and piece_id = any(@pieces)", new { pieces = pieces.ToArray() }, ct);

    public static Task<Publication?> FindAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Publication>("select * from publications where tenant_id = current_tenant() and id = @id", new { id }, ct);

    /// <summary>A piece that is on its channel already stays as it is.</summary>
    public static Task PlanAsync(Work work, Publication publication, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            insert into publications (id, tenant_id, piece_id, channel, batch_id, kind, title, product_id, niche, prompt_version, test, due_at, planned_at)
            values (@Id, @TenantId, @PieceId, @Channel, @BatchId, @Kind, @Title, @ProductId, @Niche, @PromptVersion, @Test, @PlannedAt, @PlannedAt)
            on conflict (tenant_id, piece_id, channel) do nothing
            """, publication, ct);

    /// <summary>Has one that failed tried again from the start.</summary>
    /// <returns>False when it has not failed.</returns>
    public static async Task<bool> ReviveAsync(Work work, Guid id, DateTimeOffset now, CancellationToken ct) =>
        await work.ExecuteAsync(
            """
            update publications set state = 'planned', failure = null, failures = 0, settled_at = null, lease_until = null, due_at = @now, revived = revived + 1
            where tenant_id = current_tenant() and id = @id and state = 'failed'
            """, new { id, now }, ct) == 1;

    /// <summary>Takes due publications of all tenants for this worker, the longest waiting first.</summary>
    /// <param name="lease">A worker that dies keeps them from the others for so long.</param>
    public static Task<IReadOnlyList<Publication>> ClaimAsync(Work system, int count, TimeSpan lease, DateTimeOffset now, CancellationToken ct) =>
        system.QueryAsync<Publication>(
            """
            update publications set lease_until = @until where id in (
              select id from publications
              where state = 'planned' and due_at <= @now and (lease_until is null or lease_until <= @now) and not exists (select from kernel.closed_accounts a where a.tenant_id = publications.tenant_id and a.closed)
              order by due_at, id limit @count for update skip locked)
            returning *
            """, new { now, until = now + lease, count }, ct);

    /// <summary>Gives it back to be tried again; <paramref name="failed"/> counts the attempt as an error.</summary>
    public static Task PostponeAsync(Work work, Guid id, DateTimeOffset until, bool failed, CancellationToken ct) =>
        work.ExecuteAsync(
            "update publications set due_at = @until, lease_until = null, failures = failures + @add where tenant_id = current_tenant() and id = @id and state = 'planned'", new { id, until, add = failed ? 1 : 0 }, ct);

    /// <returns>False when another worker moved it on.</returns>
    public static async Task<bool> StartAsync(Work work, Guid id, CancellationToken ct) =>
        await work.ExecuteAsync("update publications set state = 'publishing', lease_until = null where tenant_id = current_tenant() and id = @id and state = 'planned'", new { id }, ct) == 1;

    /// <summary>Makes it public and says so on the bus.</summary>
    /// <param name="platformId">Null for the blog.</param>
    /// <returns>False when it was settled before.</returns>
    public static async Task<bool> PublishedAsync(Work work, Publication publication, string url, string? platformId, DateTimeOffset now, CancellationToken ct)
    {
        var done = await work.ExecuteAsync(
            """
            update publications set state = 'published', url = @url, platform_id = @platformId, settled_at = @now, lease_until = null
            where tenant_id = current_tenant() and id = @Id and state in ('planned', 'publishing')
            """, new { publication.Id, url, platformId, now }, ct);
        if (done == 0) return false;
        work.Publish(new ContentPublished
        {
            TenantId = publication.TenantId, PublicationId = publication.Id, PieceId = publication.PieceId, BatchId = publication.BatchId, Channel = publication.Channel,
            Url = url, PlatformId = platformId, ProductId = publication.ProductId, Niche = publication.Niche, PromptVersion = publication.PromptVersion,
            Test = publication.Test, OccurredAt = now,
        });
        return true;
    }

    /// <summary>Gives it up and says so on the bus.</summary>
    /// <returns>False when it was settled before.</returns>
    public static async Task<bool> FailedAsync(Work work, Publication publication, string reason, DateTimeOffset now, CancellationToken ct)
    {
        var done = await work.ExecuteAsync(
            "update publications set state = 'failed', failure = @reason, settled_at = @now, lease_until = null where tenant_id = current_tenant() and id = @Id and state in ('planned', 'publishing')",
            new { publication.Id, reason, now }, ct);
        if (done == 0) return false;
        work.Publish(new PublicationFailed
        {
            TenantId = publication.TenantId, PublicationId = publication.Id, PieceId = publication.PieceId, BatchId = publication.BatchId, Channel = publication.Channel,
            Reason = reason, OccurredAt = now,
        });
        return true;
    }

    /// <summary>Gives up what nobody has begun of the work's account; nobody is left to be told of it.</summary>
    public static Task GiveUpAsync(Work work, string reason, CancellationToken ct) => work.ExecuteAsync(
        "update publications set state = 'failed', failure = @reason, settled_at = @Now, lease_until = null where tenant_id = current_tenant() and state = 'planned' and coalesce(lease_until, @Now) <= @Now",
        new { reason, work.Now }, ct);

    /// <summary>When anything was last made public, over all tenants.</summary>
    public static async Task<DateTimeOffset?> LastPublishedAsync(Database db, CancellationToken ct)
    {
        await using var system = await db.BeginSystemAsync(ct);
        return await system.QuerySingleAsync<DateTimeOffset?>("select max(settled_at) from publications where state = 'published'", ct: ct);
    }
}
