namespace Empire.Publishing.Pieces;

/// <summary>A generated piece, as content delivers it.</summary>
/// <param name="Kind">recipe, blog_post, article, social_post or script.</param>
/// <param name="Document">JSON, of the shape of its kind.</param>
/// <param name="PromptVersion">As <c>blog_post@1</c>.</param>
/// <param name="Product">Null for a piece that sells nothing.</param>
public sealed record Piece(Guid Id, string Kind, string Title, string Document, string PromptVersion, string? Niche, bool Test, ProductMention? Product);
