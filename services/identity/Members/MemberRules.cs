using Empire.Http;

namespace Empire.Identity.Members;

/// <summary>Who may change whom: owners everybody, admins everybody but owners, nobody the last owner.</summary>
internal static class MemberRules
{
    public static Refusal LastOwner { get; } = new("last-owner", "An account needs an owner; make somebody else one first.");

    public static Refusal OwnersOnly { get; } = new("forbidden", "Only an owner makes or changes owners.");

    /// <param name="now">Their role; null before they have one.</param>
    /// <param name="then">Null: none.</param>
    /// <returns>Null when it may be done.</returns>
    public static Refusal? Check(Caller caller, string? now, string? then) =>
        !caller.MayManage() ? Roles.Forbidden : caller.Role != "owner" && (now == "owner" || then == "owner") ? OwnersOnly : null;
}
