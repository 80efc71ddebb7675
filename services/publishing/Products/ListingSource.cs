using System.Text.Json;
using Empire.Contracts.V1;
using Grpc.Core;

namespace Empire.Publishing.Products;

/// <summary>Has content write listings: through its models, prompts, checks and the day's budget.</summary>
public sealed class ListingSource(Listings.ListingsClient content, ServiceCalls calls)
{
    /// <summary>A slow model, a refused reply and another try; a listing that takes longer is found under its request key.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Put off, so that the idempotency key stays free (RFC 8470).</summary>
    private const int TooEarly = 425;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <param name="Refusal">Why there is none; then <paramref name="Status"/> is the answer's.</param>
    public sealed record Answer<T>(T? Value, Refusal? Refusal = null, int Status = StatusCodes.Status200OK) where T : class;

    public Task<Answer<Listing>> WriteAsync(TenantId tenant, WriteListingRequest request, CancellationToken ct) =>
        AskAsync(async options => await content.WriteListingAsync(request, options), tenant, Read, ct);

    public Task<Answer<ListingReview>> ReviewAsync(TenantId tenant, Product product, string requestKey, CancellationToken ct)
    {
        var request = new ReviewListingRequest
        {
            RequestKey = requestKey,
            Niche = product.Niche,
            Title = product.Title,
            Description = product.Description,
            ProductType = product.ProductType,
            Currency = product.Currency,
            PriceMicros = product.PriceMicros,
            SeoTitle = product.SeoTitle,
            MetaDescription = product.MetaDescription,
            Slug = product.Slug,
        };
        request.Features.AddRange(product.Features);
        request.Keywords.AddRange(product.Keywords);
        return AskAsync(async options => await content.ReviewListingAsync(request, options), tenant, ReadReview, ct);
    }

    private async Task<Answer<T>> AskAsync<T>(Func<CallOptions, Task<Piece>> ask, TenantId tenant, Func<Piece, T> read, CancellationToken ct) where T : class
    {
        try
        {
            return new(read(await ask(calls.For(tenant, Patience, ct))));
        }
        catch (RpcException e) when (!ct.IsCancellationRequested && e.StatusCode is StatusCode.ResourceExhausted)
        {
            return new(null, new("daily-budget-exceeded", e.Status.Detail), StatusCodes.Status429TooManyRequests);
        }
        catch (RpcException e) when (!ct.IsCancellationRequested && e.StatusCode is StatusCode.FailedPrecondition)
        {
            return new(null, new("generation-failed", e.Status.Detail), StatusCodes.Status502BadGateway);
        }
        catch (RpcException e) when (!ct.IsCancellationRequested && e.StatusCode is StatusCode.Unimplemented)
        {
            return new(null, new("provider-off", e.Status.Detail), StatusCodes.Status501NotImplemented);
        }
        catch (RpcException e) when (!ct.IsCancellationRequested && e.StatusCode is StatusCode.Aborted or StatusCode.DeadlineExceeded)
        {
            return new(null, new("being-written", "It is still being written. Ask again with the same Idempotency-Key."), TooEarly);
        }
        catch (RpcException e) when (!ct.IsCancellationRequested && e.StatusCode is StatusCode.Unavailable)
        {
            return new(null, new("service-unavailable", "The author of listings cannot be reached right now. Try again shortly."), StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static Listing Read(Piece piece) =>
        JsonSerializer.Deserialize<Listing>(piece.DocumentJson, Json)! with { PieceId = Guid.Parse(piece.PieceId), PromptVersion = piece.PromptVersion, Test = piece.Test };

    private static ListingReview ReadReview(Piece piece) =>
        JsonSerializer.Deserialize<ListingReview>(piece.DocumentJson, Json)! with { PieceId = Guid.Parse(piece.PieceId), PromptVersion = piece.PromptVersion };
}
