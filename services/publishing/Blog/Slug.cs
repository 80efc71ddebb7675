using System.Globalization;
using System.Text;

namespace Empire.Publishing.Blog;

/// <summary>The part of an address that people read: lower-case ASCII letters, digits and single hyphens.</summary>
public static class Slug
{
    private const int MaxLength = 80;

    /// <returns>Never empty: text without a single usable character becomes <c>untitled</c>.</returns>
    public static string Of(string text)
    {
        var slug = new StringBuilder(MaxLength);
        foreach (var character in text.Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(character)) slug.Append(character);
            else if (CharUnicodeInfo.GetUnicodeCategory(character) == UnicodeCategory.NonSpacingMark || character is '\'' or '’') continue; // é is e, don't is dont
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }
        return Shorten(slug.ToString()) is { Length: > 0 } usable ? usable : "untitled";
    }

    /// <summary>Cuts between words where there is one to cut between.</summary>
    private static string Shorten(string slug)
    {
        if (slug.Length <= MaxLength) return slug.Trim('-');
        var cut = slug.LastIndexOf('-', MaxLength);
        return slug[..(cut > 0 ? cut : MaxLength)].Trim('-');
    }
}
