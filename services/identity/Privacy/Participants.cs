using Empire.Contracts;

namespace Empire.Identity.Privacy;

/// <summary>Which services have a part in a person's data: those whose queues hear of it. A new service that subscribes is waited for from its first day.</summary>
internal static class Participants
{
    /// <summary>This service, which does its own part itself.</summary>
    public const string Self = "identity";

    public static IReadOnlyList<string> Others { get; } = Hearing(typeof(PersonalDataErasureRequested));

    private static string[] Hearing(Type fact) => [.. Subscriptions.All.Where(queue => queue.Value.Contains(fact)).Select(queue => queue.Key.Split('.')[0]).Distinct().Order(StringComparer.Ordinal)];
}
