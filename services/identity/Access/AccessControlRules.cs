using Empire.Data;
using Empire.Http;
using Empire.Identity.Members;

namespace Empire.Identity.Access;

/// <summary>Whose rules somebody may touch: an admin shuts out no owner, neither by a rule for them nor, against the warning, by one for everybody.</summary>
internal static class AccessControlRules
{
    public static Refusal OwnersOnly { get; } = new(
        "forbidden", "Only an owner makes or changes rules for an owner, changes an owner's white list for everyone, or, with force, shuts themselves out together with everyone.");

    /// <param name="control">As it is before, or as it is to be made.</param>
    /// <returns>Null when they may.</returns>
    public static async Task<Refusal?> CheckAsync(Work work, Caller caller, AccessControl control, CancellationToken ct) =>
        caller.Role == "owner" ? null
        : control is { UserId: null, ControlType: AccessControl.IpWhitelist, ByOwner: true } ? OwnersOnly   // taken away or narrowed, it would shut out the owners whom it names
        : control.UserId is { } person && await MemberTable.RoleOfAsync(work, caller.Tenant, person, ct) == "owner" ? OwnersOnly : null;
}
