using System.Security.Cryptography;

namespace Empire.Publishing.Blog;

/// <summary>The site's one style sheet. Its name carries its content's hash, so that browsers keep it for ever and a new build is seen at once.</summary>
public static class Stylesheet
{
    public static byte[] Content { get; } = Read();

    /// <summary><c>/assets/site.{hash}.css</c>.</summary>
    public static string Path { get; } = $"/assets/site.{Convert.ToHexStringLower(SHA256.HashData(Content))[..12]}.css";

    private static byte[] Read()
    {
        using var stream = typeof(Stylesheet).Assembly.GetManifestResourceStream("site.css")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
