using Empire.Contracts;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Members;
using Empire.Identity.Revocation;
using Empire.Tiers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Tenants;

/// <summary>Moves an account to another tier, closes it or opens it again. Only the operator may; it holds from the next request on.</summary>
public static class ChangeTenant
{
    /// <example>{"tier": "professional"}</example>
    /// <param name="Tier">free, professional (or pro) or enterprise; left out: as it is.</param>
    /// <param name="IsActive">False closes the account: its keys and people are refused, nothing is begun for it any more, and what it subscribes to ends with the period that is paid; left out: as it is.</param>
    public sealed record Request(string? Tier = null, bool? IsActive = null);

    /// <example>{"tenant": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9013", "tier": "professional", "is_active": true}</example>
    public sealed record Response(string Tenant, string Tier, bool IsActive);

    public static async Task<Results<Ok<Response>, NotFound, ProblemHttpResult>> HandleAsync(
        string id, Request request, Caller caller, HttpContext context, Database db, StillManages still, Revocations revocations, TimeProvider clock, CancellationToken ct)
    {
        if (!caller.Operator) return new Refusal("forbidden", "Only the operator of this installation changes accounts.").ToProblem(StatusCodes.Status403Forbidden);
        if (request.Tier is not null && TierTable.Parse(request.Tier) is null) throw new InvalidFieldException("tier", "wanted: free, professional or enterprise.");
        if (!PublicId.TryParse("ten", id, out var wanted) || wanted == Guid.Empty) return TypedResults.NotFound();
        var tenant = new TenantId(wanted);
        await using var work = await db.BeginSystemAsync(ct);
        if (await still.OperatesAsync(work, caller, context, ct) is { } over) return over.ToProblem(StatusCodes.Status403Forbidden);
        await work.ActForAsync(tenant, ct);
        if (await work.QuerySingleOrDefaultAsync<State>("select tier, is_active, is_operator from tenants where tenant_id = @tenant for update", new { tenant }, ct) is not { } before)
            return TypedResults.NotFound();
        var now = clock.GetUtcNow(); // in its turn: services hold to the later fact, and of two who close and open it the second is later
        var after = new Response(tenant.ToString(), TierTable.Parse(request.Tier) ?? before.Tier, request.IsActive ?? before.IsActive);
        if (before.IsOperator && !after.IsActive) return new Refusal("operator-stays", "The account that runs this installation cannot be closed.").ToProblem();
        await work.ExecuteAsync(
            """
            update tenants set tier = @Tier, is_active = @IsActive, closed_told_at = case when @IsActive then null when is_active then @now else closed_told_at end where tenant_id = @tenant
            """, new { after.Tier, after.IsActive, now, tenant }, ct);
        if (after.Tier != before.Tier) work.Publish(new TierChanged { TenantId = wanted, Tier = after.Tier, Before = before.Tier, OccurredAt = now });
        if (after.IsActive && !before.IsActive) work.Publish(new AccountOpened { TenantId = wanted, OccurredAt = now });
        if (before.IsActive && !after.IsActive) work.Publish(new AccountClosed { TenantId = wanted, Erased = false, OccurredAt = now });
        work.Audit("tenant.changed", "tenant", after.Tenant, new { after.Tier, after.IsActive, before = new { before.Tier, before.IsActive } });
        await work.CommitAsync(ct);
        await revocations.TenantAsync(tenant);
        return TypedResults.Ok(after);
    }

    private sealed record State(string Tier, bool IsActive, bool IsOperator);
}
