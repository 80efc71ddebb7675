using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Keys;
using Empire.Identity.Members;
using Empire.Identity.Owner;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Tenants;

/// <summary>Opens another account on this installation, with a first key of role owner. Only the operator may.</summary>
public static class CreateTenant
{
    /// <example>{"name": "Lantern Kitchen", "time_zone": "Europe/Berlin"}</example>
    /// <param name="TimeZone">IANA zone; its midnight starts the tenant's day.</param>
    public sealed record Request([Required, StringLength(100, MinimumLength = 1)] string Name, [StringLength(64)] string TimeZone = OwnerOptions.DefaultTimeZone);

    /// <example>{"tenant": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9013", "name": "Second shop", "time_zone": "Europe/Vienna", "api_key": "gopt_thisIsNotAKeyButLooks1"}</example>
    public sealed record Response(string Tenant, string Name, string TimeZone, string ApiKey);

    public static async Task<Results<Created<Response>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, HttpContext context, Database db, StillManages still, TimeProvider clock, CancellationToken ct)
    {
        if (!caller.Operator)
            return new Refusal("forbidden", "Only the operator of this installation opens accounts.").ToProblem(StatusCodes.Status403Forbidden);
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(request.TimeZone, out _))
            return new Refusal("unknown-time-zone", $"time_zone: '{request.TimeZone}' is not an IANA time zone.").ToProblem(StatusCodes.Status400BadRequest);
        var now = clock.GetUtcNow();
        var tenant = TenantId.New(now);
        await using var work = await db.BeginSystemAsync(ct);
        if (await still.OperatesAsync(work, caller, context, ct) is { } over) return over.ToProblem(StatusCodes.Status403Forbidden);
        await work.ActForAsync(tenant, ct);
        await TenantTable.AddAsync(work, request.Name, "free", request.TimeZone, isOperator: false, now, ct);
        var key = ApiKey.Generate();
        await ApiKeyTable.AddAsync(work, Guid.CreateVersion7(now), "first key", key, "owner", caller.Actor, now, ct);
        await work.CommitAsync(ct);
        return TypedResults.Created($"/api/v1/tenants/{tenant}", new Response(tenant.ToString(), request.Name, request.TimeZone, key));
    }
}
