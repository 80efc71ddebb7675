using System.Text.Json;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Effects;

/// <summary>One effect with what it was meant to do and what people decided about it: all that a verdict needs.</summary>
internal static class GetEffect
{
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
