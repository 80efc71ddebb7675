using System.Globalization;
using System.Text.RegularExpressions;

namespace Empire.Sandbox.Composer.Recipes;

/// <summary>
/// All blueprints, and what each cuisine cooks with. A blueprint file: <c>@ course | cuisines or * | flourish | tools</c>, then lines
/// <c>* title</c>, <c>~ about</c>, <c>[medium|hard] slot[?]: food*grams (preparation) / …</c> and <c>[medium|hard] prep|cook|rest time: step</c>.
/// </summary>
public sealed partial class Cookbook
{
    readonly Dictionary<(string Cuisine, string Role), string[]> palettes = [];

    public Cookbook()
    {
        Blueprints = [.. Resource.Names("recipes").Where(n => n.EndsWith(".dishes.txt", StringComparison.Ordinal)).SelectMany(n => Read(Resource.Lines(n)))];
        var cuisine = "";
        foreach (var line in Resource.Lines("recipes/palettes.txt").Where(l => l.Length > 0))
        {
            if (line[0] == '#') cuisine = line[2..];
            else if (line.IndexOf(':') is var colon) palettes[(cuisine, line[..colon])] = line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries);
        }
    }

    public IReadOnlyList<Blueprint> Blueprints { get; }

    /// <summary>Foods (or words) that the cuisine uses in the role; empty when it has none.</summary>
    public IReadOnlyList<string> Palette(string cuisine, string role) => palettes.GetValueOrDefault((cuisine, role)) ?? palettes.GetValueOrDefault(("any", role)) ?? [];

    static IEnumerable<Blueprint> Read(string[] lines)
    {
        var (course, flourish) = ("", "");
        List<string> cuisines = [], tools = [], titles = [], abouts = [];
        List<Slot> slots = [];
        List<Step> steps = [];
        foreach (var line in lines.Where(l => l.Length > 0 && !l.StartsWith("//", StringComparison.Ordinal)).Append("@ end | * | none |"))
        {
            if (line[0] == '@')
            {
                if (steps.Count > 0) yield return new(course, cuisines, flourish, tools, titles, abouts, slots, steps);
                var head = line[1..].Split('|', StringSplitOptions.TrimEntries);
                (course, flourish) = (head[0], head[2]);
                (cuisines, tools) = (head[1] == "*" ? [] : [.. head[1].Split(',', StringSplitOptions.TrimEntries)], [.. head[3].Split(',', StringSplitOptions.TrimEntries)]);
                (titles, abouts, slots, steps) = ([], [], [], []);
            }
            else if (line[0] == '*') titles.Add(line[2..]);
            else if (line[0] == '~') abouts.Add(line[2..]);
            else if (StepLine().Match(line) is { Success: true } step) steps.Add(new(step.Groups["kind"].Value, int.Parse(step.Groups["time"].Value, CultureInfo.InvariantCulture), From(step), step.Groups["text"].Value));
            else if (SlotLine().Match(line) is { Success: true } slot) slots.Add(new(slot.Groups["name"].Value, slot.Groups["optional"].Success, From(slot), [.. slot.Groups["choices"].Value.Split(" / ").Select(ToChoice)]));
            else throw new FormatException($"Not a line of a blueprint: {line}");
        }
    }

    static Difficulty From(Match match) => match.Groups["from"].Success ? Enum.Parse<Difficulty>(match.Groups["from"].Value.Trim(), ignoreCase: true) : Difficulty.Easy;

    static Choice ToChoice(string text)
    {
        var match = ChoiceText().Match(text.Trim());
        if (!match.Success) throw new FormatException($"Not a choice of a blueprint: {text}");
        return new(match.Groups["food"].Value, decimal.Parse(match.Groups["grams"].Value, CultureInfo.InvariantCulture), match.Groups["preparation"] is { Success: true, Value: var preparation } ? preparation : null);
    }

    [GeneratedRegex(@"^(?<from>medium |hard )?(?<kind>prep|cook|rest) (?<time>\d+): (?<text>.+)$", RegexOptions.ExplicitCapture)] private static partial Regex StepLine();
    [GeneratedRegex(@"^(?<from>medium |hard )?(?<name>\w+)(?<optional>\?)?: (?<choices>.+)$", RegexOptions.ExplicitCapture)] private static partial Regex SlotLine();
    [GeneratedRegex(@"^(?<food>[^*]+)\*(?<grams>[\d.]+)( \((?<preparation>[^)]+)\))?$", RegexOptions.ExplicitCapture)] private static partial Regex ChoiceText();
}
