using System.Text;
using System.Text.RegularExpressions;
using Empire.Publishing.Pieces;

namespace Empire.Publishing.X;

/// <summary>Text within X's weighted length: a link counts 23, Latin and most alphabets 1 a character, everything else 2. Source: docs.x.com, "Counting characters".</summary>
public static partial class PostText
{
    public const int MaxLength = 280;
    private const int LinkLength = 23;

    /// <summary>Comes first, where it is read: 16 CFR 255.5, "clear and conspicuous".</summary>
    private const string Disclosure = "#ad";

    /// <summary>The disclosure, the writer's text, the tracked link, then as many hashtags as fit. A text that is too long is cut at a word.</summary>
    /// <param name="link">Absolute address of the tracked link; null for a post that sells nothing, which then carries no disclosure.</param>
    public static string Compose(SocialPostDocument post, string? link)
    {
        var head = link is null ? "" : $"{Disclosure} ";
        var tail = link is null ? "" : $"\n\n{link}";
        var body = Fit(WithoutDisclosure(post.Text), MaxLength - WeightedLength(head) - WeightedLength(tail));
        var text = $"{head}{body}{tail}";
        foreach (var tag in post.Hashtags.Select(Hashtag).Where(tag => tag.Length > 1 && !string.Equals(tag, Disclosure, StringComparison.OrdinalIgnoreCase)).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var longer = $"{text} {tag}";
            if (!text.Contains(tag, StringComparison.OrdinalIgnoreCase) && WeightedLength(longer) <= MaxLength) text = longer;
        }
        return text;
    }

    /// <summary>Counts on the safe side: an emoji of several code points counts each of them, where X counts 2 in all.</summary>
    public static int WeightedLength(string text)
    {
        var links = Link().Count(text);
        return links * LinkLength + Link().Replace(text, "").Normalize(NormalizationForm.FormC).EnumerateRunes().Sum(Weight);
    }

    /// <summary>Whether X will charge the post as one with a link; X links bare domains too.</summary>
    public static bool HasLink(string text) => Link().IsMatch(text);

    private static int Weight(Rune rune) => rune.Value is <= 0x10FF or (>= 0x2000 and <= 0x200D) or (>= 0x2010 and <= 0x201F) or (>= 0x2032 and <= 0x2037) ? 1 : 2;

    private static string Fit(string text, int length)
    {
        if (WeightedLength(text) <= length) return text;
        var words = text.Split(' ');
        for (var count = words.Length - 1; count > 0; count--)
        {
            var cut = string.Join(' ', words.Take(count)).TrimEnd(',', ';', ':', '-', '.', ' ') + "…";
            if (WeightedLength(cut) <= length) return cut;
        }
        return string.Concat(text.EnumerateRunes().TakeWhile((_, i) => i < length / 2 - 1).Select(rune => rune.ToString())) + "…"; // one endless word, at most 2 each
    }

    private static string WithoutDisclosure(string text) => DisclosureTag().Replace(text, "").Trim();

    private static string Hashtag(string tag) => "#" + string.Concat(tag.Where(character => char.IsLetterOrDigit(character) || character == '_'));

    [GeneratedRegex(@"https?://\S+|(?<![\w@.#-])(?:[a-z0-9-]+\.)+(?:com|net|org|io|co|app|dev|shop|store|info|uk|de|eu)\b(?:/\S*)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    [GeneratedRegex(@"\s*#ad\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)] private static partial Regex DisclosureTag();
}
