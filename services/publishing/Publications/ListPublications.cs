using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Publishing.Publications;

/// <summary>The tenant's publications, the newest first.</summary>
public static class ListPublications
{
    private static readonly string[] States = ["planned", "publishing", "published", "failed"];

    /// <param name="State">planned, publishing, published or failed.</param>
    /// <param name="Channel">blog or x.</param>
    /// <param name="BatchId">What asked, as a cycle: cyc_….</param>
    public sealed record Filter(string? State = null, string? Channel = null, [FromQuery(Name = "batch_id")] string? BatchId = null, string? Niche = null);

    public static async Task<Page<PublicationView>> HandleAsync([AsParameters] Filter filter, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        if (filter.State is { } state && !States.Contains(state)) throw new InvalidFieldException("state", $"wanted: one of {string.Join(", ", States)}.");
        if (filter.Channel is { } channel && Publications.Channel.Check(channel) is { } unknown) throw new InvalidFieldException("channel", unknown.Detail);
        var batch = filter.BatchId is null ? (Guid?)null : PublicId.TryParse("cyc", filter.BatchId, out var id) ? id : throw new InvalidFieldException("batch_id", "wanted: an id of the form cyc_….");
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Publication>(
            """
            select * from publications
            where tenant_id = current_tenant() and (@State::text is null or state = @State) and (@Channel::text is null or channel = @Channel) and (@batch::uuid is null or batch_id = @batch)
              and (@Niche::text is null or niche = @Niche) and (@after::uuid is null or id < @after)
            order by id desc limit @Fetch
            """, new { filter.State, filter.Channel, batch, filter.Niche, after = page.After<Guid>(), page.Fetch }, ct);
        var shown = page.ToPage(rows, row => row.Id);
        return new([.. shown.Data.Select(PublicationView.Of)], shown.NextCursor);
    }
}
