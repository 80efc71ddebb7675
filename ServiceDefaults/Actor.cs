namespace Empire;

/// <summary>Who set off what runs now: <c>user:…</c>, <c>key:…</c> or <c>service:…</c>. It follows a request into its handler and an event across the bus,
/// so that the audit trail of a consequence names its cause.</summary>
public static class Actor
{
    private static readonly AsyncLocal<string?> Now = new();

    /// <summary>Null for the system's own doing.</summary>
    public static string? Current => Now.Value;

    /// <summary>From here to the end of the calling async method.</summary>
    public static void Is(string? actor) => Now.Value = actor;
}
