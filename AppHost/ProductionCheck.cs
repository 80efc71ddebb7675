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
        if (missing.Length == 0) return;
        var spared = Provider.All.Where(provider => !provider.Required).Select(provider => provider.KeyVariable).Intersect(missing).ToArray();
        var other = spared.Length == 0 ? "" : $" A provider that you do without is switched off by the word {Provider.Off} in place of its key: {string.Join(", ", spared.Select(name => $"{name}={Provider.Off}"))}.";
        throw new DistributedApplicationException($"Not set: {string.Join(", ", missing)}. Production does not fall back to the sandbox; set them in the environment or in .env.{other}");
    }

    /// <exception cref="DistributedApplicationException">A provider is off that cannot be.</exception>
    public static void RefuseOffWhereRequired(this Settings settings)
    {
        var needed = Provider.All.Where(provider => provider.Required && provider.IsOff(settings)).ToArray();
        if (needed.Length > 0)
            throw new DistributedApplicationException(
                $"Switched off, and needed: {string.Join(", ", needed.Select(provider => provider.KeyVariable))}. An installation takes its payments through {string.Join(" and ", Provider.All.Where(provider => provider.Required).Select(provider => provider.Name))}; give a key, or none for the sandbox where this is not Production.");
    }

    /// <summary>A payment provider signs its webhooks with a secret that it has given out. One of our own making, as the sandbox gets, would refuse every real webhook, and nobody
    /// would be told of a payment.</summary>
    private static readonly (Provider Provider, string Secret)[] Signing =
        [(Provider.Stripe, "STRIPE_WEBHOOK_SECRET"), (Provider.Flutterwave, "FLUTTERWAVE_SECRET_HASH"), (Provider.NowPayments, "NOWPAYMENTS_IPN_SECRET")];

    /// <exception cref="DistributedApplicationException">A provider is live, and the secret of its webhooks is not.</exception>
    public static void RequireWebhookSecrets(this Settings settings)
    {
        var missing = Signing.Where(signing => signing.Provider.IsLive(settings) && settings[signing.Secret] is null).ToArray();
        if (missing.Length > 0)
            throw new DistributedApplicationException(
                $"Not set: {string.Join(", ", missing.Select(signing => $"{signing.Secret} (beside {signing.Provider.KeyVariable})"))}. Without it the provider's webhooks are refused; copy it from the provider's dashboard.");
    }
}
