using System.Text.RegularExpressions;

namespace Empire.Sandbox.Composer.Text;

/// <summary>Writes one text: fills lines of several stocks, never using a line twice, and remembers what it said.</summary>
/// <param name="reserve">Share of the general lines that this text does without, so that two texts draw from different halves of one stock.</param>
public sealed partial class Writer(Dice dice, IReadOnlyList<string> keys, double reserve, params Stock[] stocks)
{
    const int SmallestDivided = 5; // a section of fewer lines is used as a whole
    readonly Dictionary<string, Func<string?>> slots = new(StringComparer.Ordinal);
    readonly HashSet<string> used = new(StringComparer.Ordinal);
    readonly Wording wording = new(dice);
    readonly HashSet<string> said = new(StringComparer.Ordinal);

    readonly Dictionary<string, bool> reserved = new(StringComparer.Ordinal);

    public Writer(Dice dice, IReadOnlyList<string> keys, params Stock[] stocks) : this(dice, keys, 0, stocks)
    {
    }

    public Dice Dice => dice;

    /// <summary>A slot without a value makes the lines that need it unusable.</summary>
    public void Set(string slot, string? value) => slots[slot] = () => value;

    /// <summary>A slot that may read differently each time, to name one thing in several ways.</summary>
    public void Set(string slot, IReadOnlyList<string> values) => slots[slot] = () => values.Count > 0 ? dice.Pick(values) : null;

    public string? Slot(string slot) => slots.GetValueOrDefault(slot)?.Invoke();

    /// <returns>A line of the section not used before; null when none is left.</returns>
    public string? Say(string section) => Lines(section, 1).FirstOrDefault();

    /// <summary>For titles and headings, which no text can do without: the reserve does not apply.</summary>
    /// <exception cref="InvalidOperationException">The stock has no line left for the section that fits.</exception>
    public string Title(string section) => Lines(section, 1, whole: true).FirstOrDefault() ?? throw new InvalidOperationException($"The stock has no line for {section}.");

    /// <summary>Up to <paramref name="count"/> lines of the section, in random order; lines made for one of the keys come first, so that the specific beats the general.</summary>
    /// <param name="whole">From all lines, those in reserve included.</param>
    public List<string> Lines(string section, int count, bool whole = false)
    {
        var lines = dice.Shuffled(stocks.SelectMany(s => s.Of(section, keys)));
        var ordered = dice.Chance(0.75) ? lines.OrderBy(l => !l.IsSpecific) : lines.AsEnumerable();
        var written = new List<string>();
        if (!whole && lines.Count >= SmallestDivided) ordered = ordered.Where(l => !IsReserved(l));
        foreach (var line in ordered)
        {
            if (written.Count == count) break;
            if (SayOnce(line.Template) is { } text) written.Add(text);
        }
        return written;
    }

    /// <returns>The line filled; null when it was used before or a slot is missing.</returns>
    public string? SayOnce(string template) => !used.Contains(template) && Fill(wording.Vary(template)) is { } text && said.Add(text) && used.Add(template) ? text : null;

    bool IsReserved(Stock.Line line)
    {
        if (line.IsSpecific) return false;
        if (!reserved.TryGetValue(line.Template, out var kept)) reserved[line.Template] = kept = dice.Chance(reserve);
        return kept;
    }

    public string? Fill(string template) => Template.Fill(template, dice, Slot);

    /// <summary>One paragraph of a line from each section; sections with nothing left are skipped.</summary>
    public string Paragraph(params string[] sections) => string.Join(' ', sections.Select(Say).Where(s => s is not null));

    public static int Words(string text) => Word().Count(text);

    [GeneratedRegex(@"[^\s#*\-–—|]\S*", RegexOptions.CultureInvariant)] private static partial Regex Word();
}
