using System.ComponentModel.DataAnnotations;

namespace Empire.Publishing.Blog;

/// <summary>Section "Blog".</summary>
public sealed class BlogOptions
{
    /// <summary>Where readers reach the first site: canonical links, tracked links in posts and feeds begin with it. Another tenant's site keeps its scheme and port.</summary>
    [Required] public Uri PublicUrl { get; set; } = new("http://localhost:8080");

    /// <summary>Name and description of a site at its creation.</summary>
    [Required, StringLength(60, MinimumLength = 1)] public string Name { get; set; } = "Good Measure";
    [Required, StringLength(160, MinimumLength = 1)] public string Description { get; set; } = "Things worth owning, food worth making.";

    /// <summary>Cards on one sheet of a list.</summary>
    [Range(3, 60)] public int PagesPerSheet { get; set; } = 12;
}
