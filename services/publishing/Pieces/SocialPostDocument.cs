namespace Empire.Publishing.Pieces;

/// <summary>A short post, as content's checked document carries it: no link and no disclosure yet.</summary>
public sealed record SocialPostDocument
{
    public required string Text { get; init; }

    /// <summary>With or without <c>#</c>.</summary>
    public IReadOnlyList<string> Hashtags { get; init; } = [];
}
