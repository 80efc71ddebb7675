using Empire.Data;
using Empire.Http;
using Empire.Identity.Members;

namespace Empire.Identity.Access;

/// <summary>Whose rules somebody may touch: an admin shuts out no owner, neither by a rule for them nor, against the warning, by one for everybody.</summary>
internal static class AccessControlRules
{
    public static Refusal OwnersOnly { get; } = new("forbidden", "Only an owner makes or changes rules for an owner, or, with force, rules for everyone that shut out who makes them.");

    /// <param name="user">Whom the rule is for; null: everyone.</param>
    /// <returns>Null when they may.</returns>
    public static async Task<Refusal?> CheckAsync(Work work, Caller caller, Guid? user, CancellationToken ct) =>
        caller.Role != "owner" && user is { } person && await MemberTable.RoleOfAsync(work, caller.Tenant, person, ct) == "owner" ? OwnersOnly : null;
}
