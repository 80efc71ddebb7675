namespace Empire.AppHost;

/// <summary>What an installation that serves customers cannot do without. Everything that is missing is named in one message, so that one look at it is enough.</summary>
internal static class ProductionCheck
{
    /// <summary>Beside the keys of <see cref="Provider.All"/>: how mail goes out.</summary>
    private static readonly string[] Required = ["SENDER_EMAIL", "SENDER_PASSWORD"];

    /// <exception cref="DistributedApplicationException">Production, and something is not set.</exception>
    public static void RequireForProduction(this Settings settings, string environment)
    {
        if (environment != "Production") return;
        var missing = Provider.All.Select(provider => provider.KeyVariable).Concat(Required).Where(name => settings[name] is null).ToArray();
        if (missing.Length > 0)
            throw new DistributedApplicationException($"Not set: {string.Join(", ", missing)}. Production does not fall back to the sandbox; set them in the environment or in .env.");
    }
}
