namespace Empire.Content.Recipes;

/// <summary>Setting <c>AFFILIATE_AMAZON_TAG</c>.</summary>
public sealed class AffiliateOptions
{
    /// <summary>Our tag with Amazon Associates; empty: links to its search go without one and earn nothing.</summary>
    public string AmazonTag { get; set; } = "";

    /// <summary>Where a recommended thing is found when it is no product of a catalogue.</summary>
    public string SearchFor(string name) =>
        $"https://www.amazon.com/s?k={Uri.EscapeDataString(name)}{(AmazonTag.Length > 0 ? $"&tag={Uri.EscapeDataString(AmazonTag)}" : "")}";
}
