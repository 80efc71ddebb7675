using Empire.Data;
using Empire.Http;

namespace Empire.Identity.Access;

/// <summary>Keeps people from sawing off the branch they sit on: a change after which the caller's own address would be refused needs <c>force</c>.</summary>
internal static class LockOut
{
    private static readonly Refusal WouldLockYouOut = new(
        "would-lock-you-out", "After this change your own address would be refused. Add its network first, or send force=true if you mean it.");

    /// <param name="work">After the change, before its commit.</param>
    /// <returns>Null when the caller stays in.</returns>
    public static async Task<Refusal?> CheckAsync(Work work, Caller caller, HttpContext context, bool force, CancellationToken ct)
    {
        if (force) return null;
        var rules = await AccessControlTable.OfAsync(work, caller.Tenant, UserOf(caller), ct);
        if (rules.AllowedNetworks.Count == 0) return null;
        return context.Features.Get<ClientAddress>() is { } client && Networks.Contain(rules.AllowedNetworks, client.Value) ? null : WouldLockYouOut;
    }

    private static Guid? UserOf(Caller caller) =>
        caller.Actor.StartsWith("user:", StringComparison.Ordinal) && Guid.TryParseExact(caller.Actor.AsSpan(5), "N", out var user) ? user : null;
}
