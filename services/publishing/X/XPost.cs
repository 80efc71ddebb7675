namespace Empire.Publishing.X;

/// <summary>A post as X shows it. X replaces each link in the text by a t.co address and tells the original in the entities.</summary>
public sealed record XPost(string Id, string Text, DateTimeOffset? CreatedAt = null, XEntities? Entities = null)
{
    /// <summary>The text with its links as they were written.</summary>
    public string WrittenText =>
        (Entities?.Urls ?? []).Aggregate(Text, (text, link) => link is { Url: { Length: > 0 } shown, ExpandedUrl: { Length: > 0 } written } ? text.Replace(shown, written, StringComparison.Ordinal) : text);
}

public sealed record XEntities(IReadOnlyList<XLink>? Urls);

public sealed record XLink(string? Url, string? ExpandedUrl);

public sealed record XUser(string Id, string Username);
