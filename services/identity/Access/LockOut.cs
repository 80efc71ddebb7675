using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Access;

/// <summary>Keeps people from sawing off the branch they sit on: a change after which the caller's own address would be refused needs <c>force</c>.</summary>
internal static class LockOut
{
    private static readonly Refusal WouldLockYouOut = new(
        "would-lock-you-out", "After this change your own address would be refused. Add its network first, or send force=true if you mean it.");

    /// <param name="work">After the change, before its commit.</param>
    /// <param name="user">Whom the changed rule is for; null: everyone, whom an owner alone may force out.</param>
    /// <returns>Null when the caller stays in, or goes out as they may; otherwise what to answer.</returns>
    public static async Task<ProblemHttpResult?> CheckAsync(Work work, Caller caller, Guid? user, HttpContext context, bool force, CancellationToken ct)
    {
        if (force && (user is not null || caller.Role == "owner")) return null;
        var rules = await AccessControlTable.OfAsync(work, caller.Tenant, UserOf(caller), caller.Role, ct);
        if (rules.AllowedNetworks.Count == 0) return null;
        return context.Features.Get<ClientAddress>() is { } client && Networks.Contain(rules.AllowedNetworks, client.Value) ? null
            : force ? AccessControlRules.OwnersOnly.ToProblem(StatusCodes.Status403Forbidden)
            : WouldLockYouOut.ToProblem();
    }

    private static Guid? UserOf(Caller caller) =>
        caller.Actor.StartsWith("user:", StringComparison.Ordinal) && Guid.TryParseExact(caller.Actor.AsSpan(5), "N", out var user) ? user : null;
}
