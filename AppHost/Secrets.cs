using Empire.AppHost.Operating;

namespace Empire.AppHost;

/// <summary>What only this installation knows: given by the environment or .env, else generated once and kept in .empire/secrets.json.</summary>
/// <param name="InternalKey">By it services know one another's calls.</param>
/// <param name="EncryptionKeys">What is sealed by one service is opened by another.</param>
internal sealed record Secrets(
    IResourceBuilder<ParameterResource> OwnerEmail, IResourceBuilder<ParameterResource> OwnerPassword, IResourceBuilder<ParameterResource> OwnerApiKey,
    IResourceBuilder<ParameterResource> InternalKey, IResourceBuilder<ParameterResource> EncryptionKeys,
    IResourceBuilder<ParameterResource> Meadow, IResourceBuilder<ParameterResource> Harbor,
    IResourceBuilder<ParameterResource> Stripe, IResourceBuilder<ParameterResource> Flutterwave, IResourceBuilder<ParameterResource> NowPayments)
{
    public static Secrets AddTo(IDistributedApplicationBuilder builder)
    {
        return new(
            builder.AddParameter("owner-email", Installation.DefaultEmail), Secret("owner-password", new GenerateParameterDefault { MinLength = 20, Special = false }), Secret("owner-api-key", new RandomText("gopt_", 24)),
            Secret("internal-key", new RandomKey(32)), Secret("encryption-keys", new RandomKey(32)),
            Secret("meadow-postback-secret", new RandomText("", 40)), Secret("harbor-postback-secret", new RandomText("", 40)),
            Secret("stripe-webhook-secret", new RandomText("whsec_", 40)), Secret("flutterwave-secret-hash", new RandomText("", 40)), Secret("nowpayments-ipn-secret", new RandomText("", 40)));

        IResourceBuilder<ParameterResource> Secret(string name, ParameterDefault made) => builder.AddParameter(name, made, secret: true, persist: true);
    }
}

internal static class SecretExtensions
{
    /// <summary>Who may come in first.</summary>
    public static IResourceBuilder<ProjectResource> WithOwner(this IResourceBuilder<ProjectResource> identity, Secrets secrets) => identity
        .WithEnvironment("Empire__Owner__Email", secrets.OwnerEmail)
        .WithEnvironment("Empire__Owner__Password", secrets.OwnerPassword)
        .WithEnvironment("Empire__Owner__ApiKey", secrets.OwnerApiKey);

    /// <summary>What tells a network's postback from a forged one.</summary>
    public static IResourceBuilder<ProjectResource> WithPostbackSecrets(this IResourceBuilder<ProjectResource> service, Secrets secrets) => service
        .WithEnvironment("Providers__Meadow__PostbackSecret", secrets.Meadow)
        .WithEnvironment("Providers__Harbor__PostbackSecret", secrets.Harbor);

    /// <summary>What tells a payment provider's webhook from a forged one.</summary>
    public static IResourceBuilder<ProjectResource> WithWebhookSecrets(this IResourceBuilder<ProjectResource> service, Secrets secrets) => service
        .WithEnvironment("Providers__Stripe__WebhookSecret", secrets.Stripe)
        .WithEnvironment("Providers__Flutterwave__SecretHash", secrets.Flutterwave)
        .WithEnvironment("Providers__NowPayments__IpnSecret", secrets.NowPayments);
}
