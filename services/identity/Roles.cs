using Empire.Http;

namespace Empire.Identity;

internal static class Roles
{
    /// <summary>From the least to the most.</summary>
    public static IReadOnlyList<string> Ranked { get; } = ["viewer", "member", "admin", "owner"];

    private const string UserPrefix = "user:";

    public static Refusal Forbidden { get; } = new("forbidden", "This needs the role owner or admin.");

    public static Refusal PersonNeeded { get; } = new("person-needed", "This is for a person who has signed in; a key has no profile, password or sessions.");

    public static Refusal OperatorNeeded { get; } = new("forbidden", "Only an admin of this installation may do this.");

    public static bool MayManage(this Caller caller) => caller.Role is "owner" or "admin";

    /// <summary>How a person is named in callers and in the audit log.</summary>
    public static string ActorOf(Guid user) => UserPrefix + user.ToString("N");

    /// <returns>False for a key or a service.</returns>
    public static bool IsPerson(this Caller caller, out Guid user)
    {
        user = PersonOf(caller.Actor) ?? default;
        return user != default;
    }

    /// <returns>Null where it names a key, a service, or nobody.</returns>
    public static Guid? PersonOf(string? actor) =>
        actor is not null && actor.StartsWith(UserPrefix, StringComparison.Ordinal) && Guid.TryParseExact(actor.AsSpan(UserPrefix.Length), "N", out var user) ? user : null;
}
