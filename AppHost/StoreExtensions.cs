namespace Empire.AppHost;

/// <summary>Platforms on which accounts run stores of their own. There is no key of this installation to make them live: each store brings its own.</summary>
internal static class StoreExtensions
{
    private const string Live = "STORES_LIVE";

    private static readonly (string Name, string Address, string SandboxPath)[] Platforms =
        [("Shopify", "https://myshopify.com", "/shopify"), ("Gumroad", "https://api.gumroad.com/v2", "/gumroad/v2"), ("StripeStore", "https://api.stripe.com", "/stripe")];

    /// <summary>Gives a service its way to the real platforms in Production, or where STORES_LIVE is true; otherwise to the sandbox.</summary>
    public static IResourceBuilder<ProjectResource> WithStores(this IResourceBuilder<ProjectResource> service, Outside outside)
    {
        var live = service.ApplicationBuilder.Environment.EnvironmentName == "Production" || (bool.TryParse(outside.Settings[Live], out var wanted) && wanted);
        foreach (var (name, address, sandbox) in Platforms)
        {
            var section = $"Providers__{name}";
            if (live) service.WithEnvironment($"{section}__BaseAddress", address);
            else service.WithEnvironment($"{section}__BaseAddress", $"{outside.Sandbox}{sandbox}").WithEnvironment($"{section}__Sandbox", "true");
        }
        return service;
    }
}
