namespace Empire.Autopilot.Cycles.Steps;

/// <summary>Which pieces a selection becomes.</summary>
internal static class PiecePlan
{
    /// <param name="Key">Tenant-wide: the same product, kind and day is the same piece, whichever cycle asks.</param>
    public sealed record Planned(string Key, Guid ProductId, string Kind);

    /// <param name="selection">Best first.</param>
    public static IReadOnlyList<Planned> For(IReadOnlyList<(Guid ProductId, string Niche)> selection, CyclePlan plan, DateOnly day)
    {
        var products = selection.Select(s => s.ProductId).ToList();
        var cooks = selection.Where(s => plan.RecipeNiches.Contains(s.Niche)).Select(s => s.ProductId);
        return
        [
            .. Pieces("blog_post", products.Take(plan.BlogPosts)),
            .. Pieces("social_post", products.Take(plan.SocialPosts)),
            .. Pieces("recipe", cooks.Take(plan.Recipes)),
            .. Pieces("script", products.Take(plan.Scripts)),
        ];

        IEnumerable<Planned> Pieces(string kind, IEnumerable<Guid> chosen) => chosen.Select(id => new Planned($"{day:yyyy-MM-dd}/{id:N}/{kind}", id, kind));
    }

    /// <summary>Where a kind is published; null for one that has no channel yet.</summary>
    public static string? ChannelOf(string kind) => kind switch
    {
        "blog_post" or "recipe" or "article" => "blog",
        "social_post" => "x",
        _ => null,   // scripts wait for the video platforms
    };
}
