using System.Text.Json;

namespace Empire.Content.Pieces;

/// <summary>A piece as the API shows it.</summary>
/// <param name="Document">The checked reply of the model, one schema per kind; null until it is generated, and in lists.</param>
/// <param name="Files">Where else it is kept, under the storage folder.</param>
/// <param name="Cost">US dollars, of every call made for it.</param>
/// <param name="Test">Made against the sandbox.</param>
public sealed record PieceView(
    PieceId Id, string Kind, string State, string? Title, string Platform, string? Niche, Guid? ProductId, Guid? BatchId, string PromptVersion, string? Model, decimal Cost,
    string Currency, bool Test, JsonElement? Document, IReadOnlyList<string> Files, string? Failure, DateTimeOffset RequestedAt, DateTimeOffset? DueAt, DateTimeOffset? FinishedAt)
{
    public static PieceView Of(Piece piece) => new(
        piece.Id, piece.Kind, piece.State, piece.Title, piece.Platform, piece.Niche, piece.ProductId, piece.BatchId, piece.PromptName, piece.Model, piece.Cost.Amount,
        piece.Cost.Currency.Code, piece.Test, piece.Document is { } json ? JsonElement.Parse(json) : null,
        piece is { Kind: "article", State: Piece.GeneratedState } ? [Articles.ArticleFiles.PathOf(piece.Id)] : [],
        piece.Failure, piece.RequestedAt, piece.State == Piece.Requested ? piece.DueAt : null, piece.FinishedAt);
}
