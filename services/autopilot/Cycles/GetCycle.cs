using System.Text.Json;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Autopilot.Cycles;

/// <summary>A cycle with each step's state, attempts, times and evidence.</summary>
public static class GetCycle
{
    /// <param name="Steps">All seven: fetch, rank, select, generate, publish, collect and compute; the example shows two.</param>
    /// <example>{"cycle_id": "cyc_0199f3a17c5b7d3e8a4b5c6d7e8f9019", "state": "completed", "day": "2026-03-02", "source": "networks", "trigger": "schedule", "requested_by": "schedule",
    /// "created_at": "2026-03-02T05:00:00+00:00", "finished_at": "2026-03-02T05:06:00+00:00", "error": null, "summary": {"pieces_generated": 63, "pieces_published": 24, "cost": 1.84,
    /// "currency": "USD"}, "steps": [{"ordinal": 3, "name": "select", "state": "succeeded", "attempts": 1, "started_at": "2026-03-02T05:00:05+00:00",
    /// "finished_at": "2026-03-02T05:00:06+00:00", "error": null, "evidence": {"selected": 50, "resting": 12, "same_as": null}, "history": [{"number": 1,
    /// "started_at": "2026-03-02T05:00:05+00:00", "finished_at": "2026-03-02T05:00:06+00:00", "outcome": "succeeded", "error": null}]}, {"ordinal": 4, "name": "generate",
    /// "state": "succeeded", "attempts": 1, "started_at": "2026-03-02T05:00:06+00:00", "finished_at": "2026-03-02T05:03:20+00:00", "error": null, "evidence": {"planned": 64,
    /// "generated": 63, "failed": 1, "pending": 0, "generated_by_kind": {"blog_post": 10, "recipe": 4, "script": 39, "social_post": 10}, "closed": {}}, "history": [{"number": 1,
    /// "started_at": "2026-03-02T05:00:06+00:00", "finished_at": "2026-03-02T05:03:20+00:00", "outcome": "succeeded", "error": null}]}]}</example>
    public sealed record Response(
        string CycleId, string State, DateOnly Day, string Source, string Trigger, string RequestedBy, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, string? Error,
        Summary Summary, IReadOnlyList<Step> Steps);

    /// <param name="Cost">Of all that the tenant's analytics knew when the cycle computed its returns; 0 before.</param>
    public sealed record Summary(int PiecesGenerated, int PiecesPublished, decimal Cost, string Currency);

    public sealed record Step(
        int Ordinal, string Name, string State, int Attempts, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, string? Error, JsonElement? Evidence,
        IReadOnlyList<Attempt> History);

    /// <param name="Outcome">succeeded, failed or lost; null while it runs.</param>
    public sealed record Attempt(int Number, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string? Outcome, string? Error);

    /// <param name="PieceId">Null until content has taken the wish.</param>
    /// <param name="State">planned, requested, generating, generated or failed.</param>
    /// <example>{"request_key": "2026-03-02/0199f3a17c5b7d3e8a4b5c6d7e8f9053/blog_post", "kind": "blog_post", "product_id": "prod_0199f3a17c5b7d3e8a4b5c6d7e8f9053", "product": "Cast-iron pan, 26 cm",
    /// "piece_id": "piece_0199f3a17c5b7d3e8a4b5c6d7e8f9017", "state": "generated", "publications": [{"channel": "blog", "publication_id": "pub_0199f3a17c5b7d3e8a4b5c6d7e8f9018", "state": "published",
    /// "refusal": null}]}</example>
    public sealed record Piece(string RequestKey, string Kind, string ProductId, string Product, string? PieceId, string State, IReadOnlyList<Publication> Publications);

    public sealed record Publication(string Channel, string? PublicationId, string State, string? Refusal);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(string id, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (!PublicId.TryParse("cyc", id, out var cycle) || await CycleTable.FindAsync(work, cycle, ct) is not { } row) return NotFound(id);
        var attempts = (await work.QueryAsync<AttemptRow>(
            "select ordinal, number, started_at, finished_at, outcome, error from cycle_attempts where tenant_id = current_tenant() and cycle_id = @cycle order by ordinal, number", new { cycle }, ct))
            .ToLookup(attempt => attempt.Ordinal, attempt => new Attempt(attempt.Number, attempt.StartedAt, attempt.FinishedAt, attempt.Outcome, attempt.Error));
        var steps = await work.QueryAsync<StepRow>(
            """
            select ordinal, name, state, attempts, started_at, finished_at, error, evidence::text as evidence from cycle_steps where tenant_id = current_tenant() and cycle_id = @cycle order by ordinal
            """, new { cycle }, ct);
        var summary = await CycleSummary.ReadAsync(work, cycle, ct);
        return TypedResults.Ok(new Response(
            PublicId.Format("cyc", row.Id), row.State, row.Day, row.Source, row.Trigger, row.RequestedBy, row.CreatedAt, row.FinishedAt, row.Error,
            new(summary.PiecesGenerated, summary.PiecesPublished, summary.Cost.Amount, summary.Cost.Currency.Code),
            [.. steps.Select(s => new Step(s.Ordinal, s.Name, s.State, s.Attempts, s.StartedAt, s.FinishedAt, s.Error,
                s.Evidence is null ? null : JsonSerializer.Deserialize<JsonElement>(s.Evidence), [.. attempts[s.Ordinal]]))]));
    }

    /// <summary>What the cycle makes: each product's pieces, and where they are published.</summary>
    public static async Task<Results<Ok<Page<Piece>>, ProblemHttpResult>> PiecesAsync(string id, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (!PublicId.TryParse("cyc", id, out var cycle) || await CycleTable.FindAsync(work, cycle, ct) is null) return NotFound(id);
        var after = page.After<(Guid Product, string Kind)>();
        var publications = (await work.QueryAsync<PublicationRow>(
            "select piece_id, channel, publication_id, state, refusal from cycle_publications where tenant_id = current_tenant() and cycle_id = @cycle", new { cycle }, ct))
            .ToLookup(p => p.PieceId, p => new Publication(p.Channel, p.PublicationId is { } published ? PublicId.Format("pub", published) : null, p.State, p.Refusal));
        var pieces = await work.QueryAsync<PieceRow>(
            """
            select c.request_key, c.kind, c.product_id, p.name as product, c.piece_id, c.state
            from cycle_pieces c join products p on p.id = c.product_id
            where c.tenant_id = current_tenant() and c.cycle_id = @cycle and (@afterProduct::uuid is null or (c.product_id, c.kind) > (@afterProduct, @afterKind))
            order by c.product_id, c.kind limit @take
            """, new { cycle, afterProduct = after?.Product, afterKind = after?.Kind, take = page.Fetch }, ct);
        return TypedResults.Ok(page.ToPage(pieces, p => (p.ProductId, p.Kind)).Select(p => new Piece(
            p.RequestKey, p.Kind, PublicId.Format("prod", p.ProductId), p.Product, p.PieceId is { } piece ? PublicId.Format("piece", piece) : null, p.State,
            p.PieceId is { } made ? [.. publications[made]] : [])));
    }

    internal static ProblemHttpResult NotFound(string id) => new Refusal("not-found", $"There is no cycle '{id}'.").ToProblem(StatusCodes.Status404NotFound);

    private sealed record StepRow
    {
        public int Ordinal { get; init; }
        public string Name { get; init; } = "";
        public string State { get; init; } = "";
        public int Attempts { get; init; }
        public DateTimeOffset? StartedAt { get; init; }
        public DateTimeOffset? FinishedAt { get; init; }
        public string? Error { get; init; }
        public string? Evidence { get; init; }
    }

    private sealed record AttemptRow
    {
        public int Ordinal { get; init; }
        public int Number { get; init; }
        public DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset? FinishedAt { get; init; }
        public string? Outcome { get; init; }
        public string? Error { get; init; }
    }

    private sealed record PieceRow
    {
        public string RequestKey { get; init; } = "";
        public string Kind { get; init; } = "";
        public Guid ProductId { get; init; }
        public string Product { get; init; } = "";
        public Guid? PieceId { get; init; }
        public string State { get; init; } = "";
    }

    private sealed record PublicationRow
    {
        public Guid PieceId { get; init; }
        public string Channel { get; init; } = "";
        public Guid? PublicationId { get; init; }
        public string State { get; init; } = "";
        public string? Refusal { get; init; }
    }
}
