using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Effects;

/// <summary>A person says what became of a held effect. Kept with actor and reason.</summary>
internal static class GiveVerdict
{
    /// <example>{"verdict": "done", "reason": "It stands in the provider's own list.", "reference": "1881"}</example>
    /// <param name="Reference">With done: the provider's id of what was made, where there is one.</param>
    /// <param name="Reason">How the person knows.</param>
    public sealed record Request(Verdict Verdict, [Required, StringLength(500, MinimumLength = 3)] string Reason, [StringLength(200)] string? Reference = null);

    /// <summary>Done: it happened. NotDone: it did not, try again, unless its account was erased. Reject: it did not and shall not.</summary>
    public enum Verdict { Done, NotDone, Reject }

    public static async Task<Results<Ok<EffectView>, NotFound, ProblemHttpResult>> HandleAsync(
        string id, Request request, Caller caller, Database db, EffectDrivers drivers, EffectSettlement settlement, IServiceProvider services, TimeProvider clock, CancellationToken ct)
    {
        Check(request);
        if (!PublicId.TryParse("eff", id, out var effect)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var held = await work.QuerySingleOrDefaultAsync<EffectClaim>($"select {EffectClaims.Columns} from kernel.effects e where tenant_id = current_tenant() and id = @effect for update", new { effect }, ct);
        if (held is null) return TypedResults.NotFound();
        if (held.State != "held") return new Refusal("effect-not-held", $"Only a held effect waits for a verdict; this one is {held.State}.").ToProblem();
        await work.ExecuteAsync(
            """
            insert into kernel.effect_verdicts (id, effect_id, tenant_id, actor, verdict, reference, reason, given_at)
            values (@id, @effect, @Tenant, @Actor, @verdict, @Reference, @Reason, @now)
            """,
            new
            {
                id = Guid.CreateVersion7(clock.GetUtcNow()), effect, caller.Tenant, caller.Actor, verdict = SnakeCaseJson.NameOf(request.Verdict.ToString()),
                request.Reference, request.Reason, now = clock.GetUtcNow(),
            }, ct);
        if (request.Verdict == Verdict.NotDone && await EffectTable.IsErasedAsync(work, held.Kind, ct)) // to try again is too late
        {
            await work.ExecuteAsync(
                "update kernel.effects set state = 'cancelled', settled_at = @now, answer = null, detail = @detail where tenant_id = current_tenant() and id = @effect",
                new { effect, now = clock.GetUtcNow(), detail = EffectTable.Erased }, ct);
            await EffectQuotas.GiveBackAsync(work, effect, ct);
        }
        else if (request.Verdict == Verdict.NotDone)
        {
            await work.ExecuteAsync(
                "update kernel.effects set state = 'planned', due_at = @now, attempts_forgiven = attempts, failed_probes = 0, answer = null, detail = null where tenant_id = current_tenant() and id = @effect",
                new { effect, now = clock.GetUtcNow() }, ct);
        }
        else
        {
            if (drivers.Find(held.Kind) is not { } driver)
                return new Refusal("effect-kind-unknown", $"This build of the service has no handler for {held.Kind}, so the outcome cannot be recorded.").ToProblem();
            var answer = new EffectAnswer(request.Verdict == Verdict.Done, request.Reference, request.Verdict == Verdict.Done ? null : request.Reason);
            await settlement.MarkSettledAsync(work, effect, held.Attempts, answer, ct);
            await driver.SettledAsync(services, held, answer, clock.GetUtcNow(), work, ct);
        }
        var row = await work.QuerySingleAsync<EffectRow>($"select {EffectRow.Columns} from kernel.effects where tenant_id = current_tenant() and id = @effect", new { effect }, ct);
        work.EffectsChanged();
        await work.CommitAsync(ct);
        return TypedResults.Ok(row.ToView());
    }

    private static void Check(Request request)
    {
        if (request.Reason is not { Length: >= 3 and <= 500 }) throw new InvalidFieldException("reason", "wanted: 3 to 500 characters.");
        if (request.Reference is { Length: > 200 }) throw new InvalidFieldException("reference", "wanted: at most 200 characters.");
        if (request is { Reference: not null, Verdict: not Verdict.Done }) throw new InvalidFieldException("reference", "goes with the verdict done only.");
    }
}
