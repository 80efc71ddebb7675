using System.Text.Json;
using V1 = Empire.Contracts.V1;

namespace Empire.Content.Pieces;

/// <summary>Pieces and products between their messages and ours.</summary>
internal static class PieceMessage
{
    public static V1.Piece Of(Piece piece) => new()
    {
        PieceId = piece.Id.Value.ToString(),
        Kind = piece.Kind,
        State = PiecesGrpc.StateOf(piece),
        Title = piece.Title ?? "",
        DocumentJson = piece.Document ?? "",
        PromptVersion = piece.PromptName,
        Model = piece.Model ?? "",
        Cost = new() { Micros = piece.CostMicros, Currency = piece.Cost.Currency.Code },
        ProductId = piece.ProductId?.ToString() ?? "",
        Niche = piece.Niche ?? "",
        Platform = piece.Platform,
        Test = piece.Test,
        Product = piece.Product is null ? null : OfProduct(JsonSerializer.Deserialize<ProductSnapshot>(piece.Product, PieceJson.Options)!),
        Failure = piece.Failure ?? "",
    };

    public static ProductSnapshot ToSnapshot(V1.Product product, Guid id) => new(
        id, product.Name, product.Brand, product.Niche, product.Network,
        product.Price is { } price ? new Money(price.Micros, Currency.Parse(price.Currency)).Amount : null, product.Price?.Currency,
        product.Description, [.. product.Features], product.Rating, product.ReviewCount, product.Url, product.ImageUrl);

    private static V1.Product OfProduct(ProductSnapshot product)
    {
        var message = new V1.Product
        {
            Id = product.Id.ToString(),
            Name = product.Name,
            Brand = product.Brand,
            Niche = product.Niche,
            Network = product.Network,
            Description = product.Description,
            Rating = product.Rating,
            ReviewCount = product.ReviewCount,
            Url = product.Url,
            ImageUrl = product.ImageUrl,
        };
        if (product.Price is { } price && Currency.TryParse(product.Currency, out var currency))
            message.Price = new() { Micros = Money.Of(price, currency).Micros, Currency = currency.Code };
        message.Features.AddRange(product.Features);
        return message;
    }
}
