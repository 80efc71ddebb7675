using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Security;
using Empire.Tiers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Publishing.Stores;

/// <summary>Connects a store: the platform says whose the access token is, which is then kept sealed. A store that is connected already gets the new token, and takes no second place under the tier's limit.</summary>
public static class ConnectStore
{
    private const int LongestUrl = 500;

    /// <param name="Platform">shopify, gumroad or stripe.</param>
    /// <param name="AccessToken">Shopify: the Admin API access token; Gumroad: an access token with view_profile and view_sales; Stripe: a restricted or secret key that may read charges, products and checkout sessions.</param>
    /// <param name="StoreUrl">Shopify: needed, https://….myshopify.com. Elsewhere the platform tells it.</param>
    /// <param name="StoreName">Left out, the platform's own name of it.</param>
    /// <example>{"platform": "shopify", "store_url": "https://grind-and-brew.myshopify.com", "access_token": "shpat_0123456789abcdef0123456789abcdef"}</example>
    public sealed record Request(
        [Required, OneOf("shopify", "gumroad", "stripe")] string Platform,
        [Required, StringLength(500, MinimumLength = 8)] string AccessToken, [StringLength(500)] string? StoreUrl = null, [StringLength(255, MinimumLength = 1)] string? StoreName = null);

    public static async Task<Results<Created<StoreView>, Ok<StoreView>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, Database db, TenantResources resources, Storefronts storefronts, Sealer sealer, TimeProvider clock, CancellationToken ct)
    {
        if (request.AccessToken.Any(character => character is <= ' ' or > '~')) throw new InvalidFieldException("access_token", "has characters that no token has.");
        var storefront = storefronts.Get(request.Platform);
        var address = storefront.AddressOf(request.StoreUrl);
        StoreIdentity identity;
        try
        {
            identity = await storefront.IdentifyAsync(address, request.AccessToken, ct);
        }
        catch (StorefrontException e) when (e.Refused)
        {
            throw new InvalidFieldException("access_token", e.Message);
        }
        catch (StorefrontException e)
        {
            return new Refusal("platform-unreachable", $"{e.Message} Nothing was connected; try again shortly.").ToProblem(StatusCodes.Status502BadGateway);
        }
        if (identity.Url is { Length: > LongestUrl }) identity = identity with { Url = null };
        var name = request.StoreName?.Trim() is { Length: > 0 } given ? given : identity.Name.Length is > 0 and <= 255 ? identity.Name : request.Platform;
        while (true)
        {
            await using var work = await db.BeginAsync(caller.Tenant, ct);
            if (await StoreTable.LockAsync(work, request.Platform, identity.Id, ct) is { } known)
            {
                var (renewed, another) = Renewed(sealer, known, request.AccessToken);
                await StoreTable.RenewAsync(
                    work, known.Id, request.StoreName is null ? known.StoreName : name, identity.Url ?? known.StoreUrl, renewed.Seal(sealer, known.Id), another ? clock.GetUtcNow() : null, ct);
                var store = (await StoreTable.FindAsync(work, known.Id, ct))!;
                await work.CommitAsync(ct);
                return TypedResults.Ok(StoreView.Of(store));
            }
            if (await resources.ClaimAsync(work, TierResource.Stores, caller.Tier ?? TierTable.Free, ct) is { } refusal) return refusal.ToProblem(StatusCodes.Status403Forbidden);
            var now = clock.GetUtcNow();
            var id = Guid.CreateVersion7(now);
            var added = await StoreTable.AddAsync(work, new()
            {
                Id = id,
                UserId = caller.Actor,
                Platform = request.Platform,
                PlatformId = identity.Id,
                StoreName = name,
                StoreUrl = identity.Url,
                ApiCredentials = StoreSecret.New(request.AccessToken).Seal(sealer, id),
                Currency = identity.Currency.Code,
                Test = storefront.Sandbox,
                CreatedAt = now,
                SetAt = now,
            }, ct);
            if (!added) continue; // a twin was faster: not committed, so the place is free again, and the store is there to be renewed
            var created = (await StoreTable.FindAsync(work, id, ct))!;
            await work.CommitAsync(ct);
            return TypedResults.Created((string?)null, StoreView.Of(created));
        }
    }

    /// <summary>Where no key opens the old credentials, the store begins anew: buyers from before then are strangers.</summary>
    /// <returns>Also whether the token is another one than before.</returns>
    private static (StoreSecret Secret, bool Another) Renewed(Sealer sealer, Store known, string token)
    {
        try
        {
            var before = StoreSecret.Open(sealer, known.ApiCredentials, known.Id);
            return (before with { AccessToken = token }, before.AccessToken != token);
        }
        catch (UnreadableSecretException)
        {
            return (StoreSecret.New(token), true);
        }
    }
}
