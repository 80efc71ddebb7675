using Empire.Content.Pieces;
using Empire.Http;
using Grpc.Core;
using V1 = Empire.Contracts.V1;

namespace Empire.Content.Listings;

/// <summary>Listings for publishing, written while it waits.</summary>
public sealed class ListingsGrpc(WriteNow write) : V1.Listings.ListingsBase
{
    private const int LongestText = 200, LongestKey = 255, MostTitles = 50;

    public override Task<V1.Piece> WriteListing(V1.WriteListingRequest request, ServerCallContext context)
    {
        if (request.Niche.Trim().Length is 0 or > LongestText) throw Invalid("niche", $"1 to {LongestText} characters are wanted.");
        if (request.Audience.Length > LongestText) throw Invalid("audience", $"at most {LongestText} characters are wanted.");
        if (request.ProductType.Length > 0 && !ListingRules.ProductTypes.Contains(request.ProductType)) throw Invalid("product_type", $"one of {string.Join(", ", ListingRules.ProductTypes)} is wanted.");
        if (request.ExistingTitles.Count > MostTitles) throw Invalid("existing_titles", $"at most {MostTitles} are wanted.");
        var currency = CurrencyOf(request.Currency);
        if (request.HasPriceMicros && request.PriceMicros <= 0) throw Invalid("price_micros", "above 0 is wanted.");
        return WriteAsync(ListingKind.KindName, request.RequestKey, context, ListingKind.BriefFor(new(
            request.Niche.Trim(), request.Audience.Length > 0 ? request.Audience : null, request.ProductType.Length > 0 ? request.ProductType : null,
            request.HasPriceMicros ? new Money(request.PriceMicros, currency).Amount : null, currency.Code, "en", [.. request.ExistingTitles])));
    }

    public override Task<V1.Piece> ReviewListing(V1.ReviewListingRequest request, ServerCallContext context)
    {
        if (request.Niche.Trim().Length is 0 or > LongestText) throw Invalid("niche", $"1 to {LongestText} characters are wanted.");
        var currency = CurrencyOf(request.Currency);
        return WriteAsync(ListingReviewKind.KindName, request.RequestKey, context, ListingReviewKind.BriefFor(
            new(request.Title, request.Description, request.ProductType, new Money(request.PriceMicros, currency).Amount, [.. request.Features],
                new(request.SeoTitle, request.MetaDescription, request.Slug, [.. request.Keywords])),
            request.Niche.Trim(), currency));
    }

    private async Task<V1.Piece> WriteAsync(string kind, string requestKey, ServerCallContext context, Brief brief)
    {
        if (requestKey.Length is 0 or > LongestKey) throw Invalid("request_key", $"1 to {LongestKey} characters are wanted.");
        WriteNow.Written written;
        try { written = await write.TryWriteAsync(context.Caller().Tenant, kind, brief, requestKey, context.CancellationToken); }
        catch (ProviderException e) when (e.IsOff) { throw new RpcException(new Status(StatusCode.Unimplemented, e.Message)); }
        if (written.Piece is { } piece) return PieceMessage.Of(piece);
        throw new RpcException(new Status(
            written.Status switch
            {
                StatusCodes.Status429TooManyRequests => StatusCode.ResourceExhausted,
                StatusCodes.Status502BadGateway => StatusCode.FailedPrecondition,
                _ => StatusCode.Aborted,
            }, written.Refusal!.Detail));
    }

    private static Currency CurrencyOf(string text) => Currency.TryParse(text, out var currency) ? currency : throw Invalid("currency", $"'{text}' is no ISO 4217 currency.");

    private static RpcException Invalid(string field, string wanted) => new(new Status(StatusCode.InvalidArgument, $"{field}: {wanted}"));
}
