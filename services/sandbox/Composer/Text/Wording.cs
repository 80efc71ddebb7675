using System.Text.RegularExpressions;

namespace Empire.Sandbox.Composer.Text;

/// <summary>Says the same thing in other words, so that two texts that draw one line from the stock need not repeat each other. Works on templates, outside their slots.</summary>
public sealed class Wording
{
    static readonly Dictionary<string, string[]> Phrases = [];
    static readonly HashSet<string> Habits = [];
    static readonly Regex Phrase;

    readonly Dice dice;
    readonly Dictionary<string, string> habits = [];

    static Wording()
    {
        foreach (var line in Resource.Lines("stock/wording.txt").Where(l => l.Length > 0 && !l.StartsWith("//", StringComparison.Ordinal)))
        {
            var choices = line.TrimStart('~').Split('|', StringSplitOptions.TrimEntries);
            Phrases[choices[0]] = choices;
            if (line[0] == '~') Habits.Add(choices[0]);
        }
        var alternatives = string.Join('|', Phrases.Keys.OrderByDescending(k => k.Length).Select(Regex.Escape));
        Phrase = new Regex($@"\[[^\]]*\]|(?<![\w'])({alternatives})(?![\w'])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Compiled);
    }

    public Wording(Dice dice)
    {
        this.dice = dice;
        foreach (var habit in Habits.Order(StringComparer.Ordinal)) habits[habit] = dice.Pick(Phrases[habit]);
    }

    public string Vary(string template) => Phrase.Replace(template, match =>
    {
        if (match.Value[0] == '[' || match.Value.Skip(1).Any(char.IsUpper)) return match.Value; // slots and titles stay as they are
        var phrase = match.Value.ToLowerInvariant();
        var chosen = habits.TryGetValue(phrase, out var habit) ? habit : dice.Pick(Phrases[phrase]);
        return char.IsUpper(match.Value[0]) ? char.ToUpperInvariant(chosen[0]) + chosen[1..] : chosen;
    });
}
