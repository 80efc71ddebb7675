namespace Empire.Sandbox.Composer.Text;

/// <summary>Lines to write with, by section. In a file, <c>## section</c> begins a section, <c>key&gt; line</c> restricts a line to texts about that key, <c>//</c> is a remark.</summary>
public sealed class Stock
{
    readonly Dictionary<string, List<Line>> sections = new(StringComparer.Ordinal);

    /// <summary>Keys of a broad class of goods: "durable" for what is kept and mended, "consumable" for what is used up.</summary>
    public static readonly IReadOnlyList<string> Classes = ["durable", "consumable"];

    /// <param name="Key">Null when the line fits every text.</param>
    public sealed record Line(string? Key, string Template)
    {
        public bool IsSpecific => Key is not null && !Classes.Contains(Key);
    }

    public static Stock Read(string resource) => Read(Resource.Lines(resource));

    public static Stock Read(IEnumerable<string> lines)
    {
        var stock = new Stock();
        List<Line>? section = null;
        foreach (var line in lines.Where(l => l.Length > 0 && !l.StartsWith("//", StringComparison.Ordinal)))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal)) stock.sections[line[3..]] = section = stock.sections.GetValueOrDefault(line[3..]) ?? [];
            else if (section is not null) section.Add(ToLine(line));
        }
        return stock;
    }

    /// <summary>The lines of the section that fit one of the keys: their own ones and the unrestricted ones.</summary>
    public IEnumerable<Line> Of(string section, params IReadOnlyList<string> keys) => sections.GetValueOrDefault(section)?.Where(l => l.Key is null || keys.Contains(l.Key)) ?? [];

    public IReadOnlyList<Line> Section(string section) => sections[section];

    public IEnumerable<Line> All => sections.Values.SelectMany(s => s);

    public IEnumerable<string> Sections => sections.Keys;

    static Line ToLine(string line)
    {
        var mark = line.IndexOf("> ", StringComparison.Ordinal);
        return mark > 0 && line.AsSpan(0, mark).IndexOfAny(" <[{".AsSpan()) < 0 ? new(line[..mark], line[(mark + 2)..]) : new(null, line);
    }
}
