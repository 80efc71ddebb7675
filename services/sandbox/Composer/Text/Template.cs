using System.Text;

namespace Empire.Sandbox.Composer.Text;

/// <summary>
/// One line of the stock. <c>{a|b}</c> is a choice and may nest; <c>[slot]</c> is filled in; <c>[a slot]</c> puts the right indefinite article before it;
/// <c>&lt;…&gt;</c> is left out when a slot inside it has no value. A line whose other slots are not all known cannot be used.
/// </summary>
public static class Template
{
    /// <returns>Null when a needed slot has no value.</returns>
    public static string? Fill(string template, Dice dice, Func<string, string?> slot)
    {
        var at = 0;
        return Sequence(template, ref at, dice, slot, live: true) is { } text ? Tidy(text) : null;
    }

    /// <summary>Every piece is read to its end even when it is not wanted, so that the choices made do not depend on which slots are known.</summary>
    static string? Sequence(string s, ref int at, Dice dice, Func<string, string?> slot, bool live)
    {
        var text = new StringBuilder();
        var complete = true;
        while (at < s.Length && s[at] is not ('|' or '}' or '>'))
        {
            var piece = s[at] switch
            {
                '{' => Choice(s, ref at, dice, slot, live),
                '[' => Slot(s, ref at, slot, live),
                '<' => Optional(s, ref at, dice, slot, live),
                _ => s[at++].ToString(),
            };
            complete &= piece is not null;
            text.Append(piece);
        }
        return complete ? text.ToString() : null;
    }

    static string? Choice(string s, ref int at, Dice dice, Func<string, string?> slot, bool live)
    {
        at++; // {
        var options = new List<string?>();
        do
        {
            options.Add(Sequence(s, ref at, dice, slot, live));
        }
        while (s[at++] == '|'); // else }
        var usable = options.Where(o => o is not null).ToList();
        return usable.Count == 0 ? null : dice.Pick(usable);
    }

    static string Optional(string s, ref int at, Dice dice, Func<string, string?> slot, bool live)
    {
        at++; // <
        var text = Sequence(s, ref at, dice, slot, live);
        at++; // >
        return text ?? "";
    }

    static string? Slot(string s, ref int at, Func<string, string?> slot, bool live)
    {
        var end = s.IndexOf(']', at);
        var name = s[(at + 1)..end];
        at = end + 1;
        if (!live) return "";
        return name.StartsWith("a ", StringComparison.Ordinal) ? slot(name[2..]) is { } noun ? WithArticle(noun) : null : slot(name);
    }

    public static string WithArticle(string noun) => (TakesAn(noun) ? "an " : "a ") + noun;

    static bool TakesAn(string noun)
    {
        var word = noun.ToLowerInvariant();
        if (word.StartsWith('8') || word.StartsWith("11", StringComparison.Ordinal) || word.StartsWith("18", StringComparison.Ordinal) || word.StartsWith("hour", StringComparison.Ordinal) || word.StartsWith("led ", StringComparison.Ordinal)) return true;
        return word.Length > 0 && "aeiou".Contains(word[0]) && !word.StartsWith("uni", StringComparison.Ordinal) && !word.StartsWith("use", StringComparison.Ordinal) && !word.StartsWith("one", StringComparison.Ordinal);
    }

    /// <summary>Capital at the start of every sentence, single spaces, no space before a stop.</summary>
    static string Tidy(string text)
    {
        var tidy = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c == ' ' && (tidy.Length == 0 || tidy[^1] == ' ')) continue;
            if (c is '.' or ',' or ';' or ':' or '?' && tidy.Length > 0 && tidy[^1] == ' ') tidy.Length--;
            tidy.Append(c);
        }
        for (var i = 0; i < tidy.Length; i++)
            if (char.IsLower(tidy[i]) && (i == 0 || i >= 2 && tidy[i - 1] == ' ' && tidy[i - 2] is '.' or '?' or '!' && !IsAbbreviation(tidy, i - 2)))
                tidy[i] = char.ToUpperInvariant(tidy[i]);
        return tidy.ToString().TrimEnd();
    }

    /// <summary>"e.g. ", "No. " and figures such as "5.5 " do not end a sentence; a single letter before the stop gives the first away.</summary>
    static bool IsAbbreviation(StringBuilder text, int stop) => text[stop] == '.' && stop >= 2 && (text[stop - 2] is '.' or ' ') && char.IsLetter(text[stop - 1]);
}
