namespace Empire.AppHost.Operating.Doctor;

/// <summary>What came of one check.</summary>
/// <param name="Outcome">pass, fail, or skip where there is nothing to check.</param>
/// <param name="Reason">For a person; never a key.</param>
internal sealed record Finding(string Name, string Outcome, string Reason)
{
    public static Finding Pass(string name, string reason) => new(name, "pass", reason);
    public static Finding Fail(string name, string reason) => new(name, "fail", reason);
    public static Finding Skip(string name, string reason) => new(name, "skip", reason);
}

/// <summary>Asks one system whether it is there and lets us in.</summary>
/// <returns>The reason for a pass.</returns>
/// <exception cref="Exception">Whatever stood in the way; its message becomes the reason.</exception>
internal delegate Task<string> Probe(CancellationToken ct);
