using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Publishing.Stores;

/// <summary>The platforms there are, by name.</summary>
public sealed class Storefronts(IEnumerable<IStorefront> storefronts)
{
    private readonly Dictionary<string, IStorefront> byName = storefronts.ToDictionary(storefront => storefront.Platform);

    /// <exception cref="KeyNotFoundException">There is no such platform.</exception>
    public IStorefront Get(string platform) => byName[platform];
}

public static class StoreEndpoints
{
    private static readonly string[] Keepers = ["owner", "admin"];

    public static void AddStores(this WebApplicationBuilder builder)
    {
        AddStorefront<ShopifyOptions, ShopifyStorefront>(builder, ShopifyStorefront.Provider);
        AddStorefront<GumroadOptions, GumroadStorefront>(builder, GumroadStorefront.Provider);
        AddStorefront<StripeStoreOptions, StripeStorefront>(builder, StripeStorefront.Provider);
        builder.Services.AddTransient<Storefronts>();
        builder.Services.AddSealedColumn("product_stores", "id", "api_credentials", StoreSecret.PurposeOf);
        builder.AddCredentialWatch(new("product_stores", "store_token_uses", "store", "store_name", "platform", "'platform'"));
    }

    public static void MapStores(this IEndpointRouteBuilder app)
    {
        var stores = app.MapGroup("/api/stores").WithTags("Stores");
        stores.MapPost("/connect", ConnectStore.HandleAsync).WithName("ConnectStore").ForRoles(Keepers);
        stores.MapGet("/list", ListStores.HandleAsync).WithName("ListStores");
        stores.MapPost("/sync", SyncStores.HandleAsync).WithName("SyncStores").ForRoles("owner", "admin", "member", "service");
        stores.MapGet("/analytics", StoreAnalytics.HandleAsync).WithName("GetStoreAnalytics");
        stores.MapDelete("/{id}", DisconnectStore.HandleAsync).WithName("DisconnectStore").ForRoles(Keepers);
    }

    internal static ProblemHttpResult NotFound(string id) => new Refusal("not-found", $"There is no such store as '{id}'.").ToProblem(StatusCodes.Status404NotFound);

    /// <summary>Redirects are not followed: a token is sent to the platform and to nobody it names.</summary>
    private static void AddStorefront<TOptions, TStorefront>(WebApplicationBuilder builder, string provider) where TOptions : Empire.Http.ProviderOptions where TStorefront : class, IStorefront
    {
        builder.AddProvider<TOptions>(provider).UseSocketsHttpHandler((handler, _) => handler.AllowAutoRedirect = false).AddTypedClient<TStorefront>();
        builder.Services.AddTransient<IStorefront>(services => services.GetRequiredService<TStorefront>());
    }
}
