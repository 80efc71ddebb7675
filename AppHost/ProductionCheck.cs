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

    /// <summary>A payment provider signs its webhooks with a secret that it has given out. One of our own making, as the sandbox gets, would refuse every real webhook, and nobody
    /// would be told of a payment.</summary>
    private static readonly (string Key, string Secret)[] Signing =
        [("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"), ("FLUTTERWAVE_SECRET_KEY", "FLUTTERWAVE_SECRET_HASH"), ("NOWPAYMENTS_API_KEY", "NOWPAYMENTS_IPN_SECRET")];

    /// <exception cref="DistributedApplicationException">A provider's key is set, and the secret of its webhooks is not.</exception>
    public static void RequireWebhookSecrets(this Settings settings)
    {
        var missing = Signing.Where(provider => settings[provider.Key] is not null && settings[provider.Secret] is null).ToArray();
        if (missing.Length > 0)
            throw new DistributedApplicationException(
                $"Not set: {string.Join(", ", missing.Select(provider => $"{provider.Secret} (beside {provider.Key})"))}. Without it the provider's webhooks are refused; copy it from the provider's dashboard.");
    }
}
