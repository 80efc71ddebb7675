using System.Text.Json;
using System.Text.RegularExpressions;
using Empire.Content.Pieces;
using Empire.Content.Review;
using Empire.Http;

namespace Empire.Content.SocialPosts;

/// <summary>What a model writes for X. The link, the hashtags and the mark of an advertisement are added when it is posted.</summary>
public sealed record SocialPost(string Text, IReadOnlyList<string> Hashtags);

/// <summary>One short post about one product.</summary>
public sealed partial class SocialPostKind : PieceKind
{
    /// <summary>X takes 280; a link counts as 23 there, and hashtags and the advertisement mark need the rest.</summary>
    private const int LongestText = 230;

    private const int TitleLength = 80;

    public override string Name => "social_post";
    public override string Platform => "x";

    public override Brief BriefFor(PieceOrder order) => order.Product is { } product
        ? Brief.Of(Name, ProductBrief.Of(product, order.Audience), product.Id)
        : throw new InvalidFieldException("product", "a social post is about a product.");

    public override IEnumerable<Objection> Check(JsonElement document, Brief brief)
    {
        var post = document.Deserialize<SocialPost>(PieceJson.Options)!;
        if (post.Text.Length is 0 or > LongestText) yield return new("length", $"{post.Text.Length} characters; wanted: 1 to {LongestText}");
        if (post.Text.Contains("://", StringComparison.Ordinal)) yield return new("link", "the text holds a link; the tracked one is added later");
        foreach (var tag in post.Hashtags.Where(tag => !Hashtag().IsMatch(tag))) yield return new("hashtag", $"'{tag}' is not one word");
    }

    public override string TitleOf(JsonElement document)
    {
        var text = document.GetProperty("text").GetString()!;
        return text.Length <= TitleLength ? text : $"{text[..(TitleLength - 1)]}…";
    }

    [GeneratedRegex(@"^#?[\p{L}\p{N}_]+$")]
    private static partial Regex Hashtag();
}
