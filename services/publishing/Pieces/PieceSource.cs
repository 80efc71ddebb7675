using Empire.Contracts.V1;
using Grpc.Core;

namespace Empire.Publishing.Pieces;

/// <summary>Fetches pieces from content.</summary>
public sealed class PieceSource(Content.ContentClient content, ServiceCalls calls)
{
    /// <returns>The piece, or why it cannot be published.</returns>
    /// <exception cref="RpcException">Content is out of reach.</exception>
    public async Task<(Piece? Piece, Refusal? Refusal)> GetAsync(TenantId tenant, Guid id, CancellationToken ct)
    {
        try
        {
            var piece = await content.GetPieceAsync(new() { PieceId = id.ToString() }, calls.For(tenant, ct));
            return piece.State switch
            {
                "generated" => (Read(id, piece), null),
                "failed" => (null, new("piece-failed", $"The piece could not be generated: {piece.Failure}")),
                _ => (null, new("piece-not-generated", $"The piece is {piece.State}, not generated.")),
            };
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return (null, new("piece-not-found", $"There is no piece {PublicId.Format("piece", id)}."));
        }
    }

    private static Piece Read(Guid id, Contracts.V1.Piece piece) => new(
        id, piece.Kind, piece.Title, piece.DocumentJson, piece.PromptVersion, piece.Niche.Length > 0 ? piece.Niche : null, piece.Test, Read(piece.Product));

    /// <returns>Null where there is nothing to link to.</returns>
    private static ProductMention? Read(Product? product)
    {
        if (product is null || !Guid.TryParse(product.Id, out var id) || !Uri.TryCreate(product.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) return null;
        var price = product.Price is { Micros: > 0 } amount ? new Money(amount.Micros, Currency.Parse(amount.Currency)) : (Money?)null;
        return new(
            id, product.Name, product.Brand, product.Niche, product.Network, price?.Amount, price?.Currency.Code, product.Description, [.. product.Features],
            product.Rating, product.ReviewCount, product.Url, product.ImageUrl.Length > 0 ? product.ImageUrl : null);
    }
}
