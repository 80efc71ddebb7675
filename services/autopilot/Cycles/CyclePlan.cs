using System.ComponentModel.DataAnnotations;

namespace Empire.Autopilot.Cycles;

/// <summary>How much one day makes. Section "Autopilot:Plan"; a cycle keeps the plan it began with.</summary>
public sealed record CyclePlan
{
    /// <summary>How many of the ranked products are selected.</summary>
    [Range(1, 500)] public int Products { get; init; } = 50;

    /// <summary>Blog posts, for the best products.</summary>
    [Range(0, 500)] public int BlogPosts { get; init; } = 10;

    /// <summary>Posts on X, for the best products.</summary>
    [Range(0, 500)] public int SocialPosts { get; init; } = 10;

    /// <summary>Video scripts: 10 for YouTube, 20 for TikTok, 10 for Instagram.</summary>
    [Range(0, 500)] public int Scripts { get; init; } = 40;

    /// <summary>Recipes, for the best products of <see cref="RecipeNiches"/>.</summary>
    [Range(0, 500)] public int Recipes { get; init; } = 4;

    public IReadOnlyList<string> RecipeNiches { get; init; } = ["kitchen", "home coffee"];

    /// <summary>Days that a product rests after a day of attention.</summary>
    [Range(0, 3650)] public int RestDays { get; init; } = 30;
}
