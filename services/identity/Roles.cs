using Empire.Http;

namespace Empire.Identity;

internal static class Roles
{
    public static Refusal Forbidden { get; } = new("forbidden", "This needs the role owner or admin.");

    public static bool MayManage(this Caller caller) => caller.Role is "owner" or "admin";
}
