namespace Empire.AppHost;

internal static class SandboxExtensions
{
    /// <summary>Signs with the secrets that the services check.</summary>
    public static IResourceBuilder<ProjectResource> SignsWith(this IResourceBuilder<ProjectResource> sandbox, Secrets secrets) => sandbox
        .WithEnvironment("Sandbox__Networks__meadow__Secret", secrets.Meadow)
        .WithEnvironment("Sandbox__Networks__harbor__Secret", secrets.Harbor)
        .WithEnvironment("Sandbox__Stripe__WebhookSecret", secrets.Stripe)
        .WithEnvironment("Sandbox__Flutterwave__SecretHash", secrets.Flutterwave)
        .WithEnvironment("Sandbox__NowPayments__IpnSecret", secrets.NowPayments);

    /// <summary>Where postbacks and webhooks go: to the public door, as those of the real providers do.</summary>
    public static IResourceBuilder<ProjectResource> Reports(this IResourceBuilder<ProjectResource> sandbox, EndpointReference door) => sandbox
        .WithEnvironment("Sandbox__PostbackTarget", $"{door}/api/conversions/{{network}}")
        .WithEnvironment("Sandbox__Stripe__WebhookTarget", $"{door}/api/v1/revenue/webhooks/stripe")
        .WithEnvironment("Sandbox__Flutterwave__WebhookTarget", $"{door}/payment/flutterwave/webhook")
        .WithEnvironment("Sandbox__NowPayments__WebhookTarget", $"{door}/payment/nowpayments/webhook");

    /// <summary>Lets a service fetch pictures of this machine while the feeds are the sandbox's. With a live one it connects to public addresses only: anybody may have written what stands in it.</summary>
    public static IResourceBuilder<ProjectResource> WithPictures(this IResourceBuilder<ProjectResource> service, Settings settings)
    {
        Provider[] feeds = [Provider.Meadow, Provider.Harbor];
        return feeds.Any(feed => feed.IsLive(settings)) || feeds.All(feed => feed.IsOff(settings)) ? service : service.WithEnvironment("Media__FromSandbox", "true");
    }
}
