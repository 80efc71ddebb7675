using System.Text.Json;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Effects;

/// <summary>One effect with what it was meant to do and what people decided about it: all that a verdict needs.</summary>
internal static class GetEffect
{
    /// <example>{"effect": {"id": "eff_0199f3a17c5b7d3e8a4b5c6d7e8f902c", "kind": "publishing.x-post", "key": "soc_0199f3a17c5b7d3e8a4b5c6d7e8f902e", "state": "succeeded", "attempts": 1,
    /// "probes": 0, "planned_at": "2026-03-02T08:00:00+00:00", "due_at": "2026-03-02T08:00:00+00:00", "first_started_at": "2026-03-02T08:00:01+00:00",
    /// "settled_at": "2026-03-02T08:00:02+00:00", "reference": "1881", "detail": null}, "intent": {"publicationId": null, "socialPostId": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f902e",
    /// "account": "main", "text": "Forty steps of grind, and the one you need is the ninth.", "linkCode": null, "test": false}, "verdicts": []}</example>
    public sealed record Response(EffectView Effect, JsonElement Intent, IReadOnlyList<VerdictView> Verdicts);
    public sealed record VerdictView(string Actor, string Verdict, string? Reference, string Reason, DateTimeOffset GivenAt);

    public static async Task<Results<Ok<Response>, NotFound>> HandleAsync(string id, Caller caller, Database db, CancellationToken ct)
    {
        if (!PublicId.TryParse("eff", id, out var effect)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var row = await work.QuerySingleOrDefaultAsync<EffectRow>($"select {EffectRow.Columns} from kernel.effects where tenant_id = current_tenant() and id = @effect", new { effect }, ct);
        if (row is null) return TypedResults.NotFound();
        var intent = await work.QuerySingleAsync<string>("select intent::text from kernel.effects where tenant_id = current_tenant() and id = @effect", new { effect }, ct);
        var verdicts = await work.QueryAsync<VerdictView>(
            "select actor, verdict, reference, reason, given_at from kernel.effect_verdicts where tenant_id = current_tenant() and effect_id = @effect order by given_at", new { effect }, ct);
        using var document = JsonDocument.Parse(intent);
        return TypedResults.Ok(new Response(row.ToView(), document.RootElement.Clone(), verdicts));
    }
}
