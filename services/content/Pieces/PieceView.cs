using System.Text.Json;

namespace Empire.Content.Pieces;

/// <summary>A piece as the API shows it.</summary>
/// <param name="Document">The checked reply of the model, one schema per kind; null until it is generated, and in lists.</param>
/// <param name="Files">Where else it is kept, under the storage folder.</param>
/// <param name="Cost">US dollars, of every call made for it.</param>
/// <param name="Test">Made against the sandbox.</param>
/// <example>{"id": "piece_0199f3a17c5b7d3e8a4b5c6d7e8f9017", "kind": "blog_post", "state": "generated", "title": "Which pan holds its heat", "platform": "blog", "niche": "kitchen",
/// "product_id": null, "batch_id": null, "prompt_version": "blog_post@1", "model": "gpt-4o-mini", "cost": 0.00231, "currency": "USD", "test": true, "document": null, "files": [],
/// "failure": null, "requested_at": "2026-03-02T08:00:00+00:00", "due_at": null, "finished_at": "2026-03-02T08:00:04+00:00"}</example>
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
