using System.ComponentModel.DataAnnotations;
using Empire.Content.Pieces;
using Microsoft.Extensions.Options;

namespace Empire.Content.Articles;

/// <summary>Section "Storage".</summary>
public sealed class StorageOptions
{
    /// <summary>Where files are kept; several replicas share it. Default: <c>storage</c> in EMPIRE_HOME, or in the working directory without one.</summary>
    [Required] public string Folder { get; set; } = "storage";
}

/// <summary>Articles as Markdown files, for editors and other programs: <c>seo_content/{piece id}.md</c>.</summary>
public sealed class ArticleFiles(IOptions<StorageOptions> options)
{
    public const string Folder = "seo_content";

    /// <returns>The path under the storage folder.</returns>
    public static string PathOf(PieceId id) => $"{Folder}/{id}.md";

    /// <summary>Written beside and moved into place, so that no reader sees half a file.</summary>
    public async Task WriteAsync(PieceId id, Article article, CancellationToken ct)
    {
        var path = Path.Combine(options.Value.Folder, PathOf(id));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = $"{path}.{Environment.ProcessId}";
        await File.WriteAllTextAsync(unfinished, $"# {article.Title}\n\n{article.BodyMarkdown}\n", ct);
        File.Move(unfinished, path, overwrite: true);
    }
}
