using System.Text.Json;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Autopilot.Feeds;

/// <summary>A feed and every row of it that was left out, page by page.</summary>
public static class GetFeed
{
    /// <param name="Rejections">In the order of the file; as many as the page holds.</param>
    /// <param name="NextCursor">The <c>cursor</c> of the next page of rejections; null on the last.</param>
    /// <example>{"feed_id": "feed_0199f3a17c5b7d3e8a4b5c6d7e8f9012", "accepted": 120, "rejected": 1, "created_at": "2026-03-02T08:00:00+00:00",
    /// "rejections": [{"line": 37, "reason": "price: 'free' is not a positive amount like 49.90."}], "next_cursor": null}</example>
    public sealed record Response(string FeedId, int Accepted, int Rejected, DateTimeOffset CreatedAt, IReadOnlyList<Rejection> Rejections, string? NextCursor);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(string id, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (!PublicId.TryParse("feed", id, out var feed)
            || await work.QuerySingleOrDefaultAsync<Row>("select accepted, rejected, created_at from feeds where tenant_id = current_tenant() and id = @feed", new { feed }, ct) is not { } row)
            return new Refusal("not-found", $"There is no feed '{id}'.").ToProblem(StatusCodes.Status404NotFound);
        var rejections = await work.QueryAsync<RejectionRow>(
            """
            select r.ordinal, r.item::text as item from feeds f, jsonb_array_elements(f.rejections) with ordinality as r (item, ordinal)
            where f.tenant_id = current_tenant() and f.id = @feed and r.ordinal > coalesce(@after, 0) order by r.ordinal limit @take
            """, new { feed, after = page.After<long>(), take = page.Fetch }, ct);
        var shown = page.ToPage(rejections, rejection => rejection.Ordinal).Select(rejection => JsonSerializer.Deserialize<Rejection>(rejection.Item, JsonSerializerOptions.Web)!);
        return TypedResults.Ok(new Response(PublicId.Format("feed", feed), row.Accepted, row.Rejected, row.CreatedAt, shown.Data, shown.NextCursor));
    }

    private sealed record Row
    {
        public int Accepted { get; init; }
        public int Rejected { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
    }

    private sealed record RejectionRow
    {
        public long Ordinal { get; init; }
        public string Item { get; init; } = "";
    }
}
