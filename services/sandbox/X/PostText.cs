using System.Text;
using System.Text.RegularExpressions;

namespace Empire.Sandbox.X;

/// <summary>X's weighted length: a link counts 23, characters of most alphabets 1, all others (CJK, emoji) 2. Source: docs.x.com, "Counting characters".</summary>
public static partial class PostText
{
    public const int MaxLength = 280;
    const int LinkLength = 23;

    public static int WeightedLength(string text)
    {
        var links = Link().Count(text);
        return links * LinkLength + Link().Replace(text, "").Normalize(NormalizationForm.FormC).EnumerateRunes().Sum(Weight);
    }

    static int Weight(Rune rune) => rune.Value is <= 0x10FF or (>= 0x2000 and <= 0x200D) or (>= 0x2010 and <= 0x201F) or (>= 0x2032 and <= 0x2037) ? 1 : 2;

    [GeneratedRegex(@"https?://\S+", RegexOptions.CultureInvariant)] private static partial Regex Link();
}
