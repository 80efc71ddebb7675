using System.Globalization;
using Empire.Content.Llm;
using Empire.Content.Review;
using Microsoft.Extensions.AI;

namespace Empire.Content.Prompts;

/// <summary>One version of what a model is told for one kind of piece: <c>Prompts/{kind}.{version}.md</c>. A version never changes once pieces were made with it.</summary>
/// <param name="Route">The task whose models are asked.</param>
/// <param name="MaxTokens">Where a reply is cut off.</param>
/// <param name="System">Who the model is and what it must not do.</param>
/// <param name="Instruction">What is wanted; the brief follows it.</param>
public sealed record Prompt(
    string Kind, int Version, string Route, float Temperature, int MaxTokens, ReplySchema Schema, string System, string Instruction)
{
    /// <summary>As <c>blog_post@1</c>: how contracts and reports name it.</summary>
    public string Name => NameOf(Kind, Version);

    public static string NameOf(string kind, int version) => $"{kind}@{version}";

    /// <summary>The question for one piece.</summary>
    /// <param name="brief">JSON: the task and its facts.</param>
    /// <param name="objections">Why the last reply was refused; empty on the first try.</param>
    public Question For(string brief, IReadOnlyList<Objection> objections, Model model)
    {
        List<ChatMessage> messages = [new(ChatRole.System, model.TakesJsonSchema ? System : $"{System}\n\nThe JSON must satisfy this JSON Schema:\n{Schema.Text}")];
        if (objections.Count > 0)
            messages.Add(new(ChatRole.System, "Your last reply was refused. Write it anew and mend this:\n" + string.Join('\n', objections.Select(objection => $"- {objection}"))));
        messages.Add(new(ChatRole.User, $"{Instruction}\nBRIEF\n{brief}"));
        return new(messages, new ChatOptions
        {
            ModelId = model.Id,
            Temperature = model.TakesTemperature ? Temperature : null,
            MaxOutputTokens = MaxTokens,
            ResponseFormat = model.TakesJsonSchema ? ChatResponseFormat.ForJsonSchema(Schema.Element, Schema.Name) : null,
        }, MaxTokens);
    }

    /// <param name="text">Front matter between two lines of dashes, then <c># System</c> and <c># Instruction</c>.</param>
    /// <exception cref="FormatException">A part is missing; the message names it.</exception>
    internal static Prompt Parse(string kind, int version, string text, Func<string, ReplySchema> schema)
    {
        var parts = text.ReplaceLineEndings("\n").Split("---\n", 3);
        if (parts.Length != 3 || parts[0].Length > 0) throw Fault("it must open with front matter between two lines of dashes");
        var matter = parts[1].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .ToDictionary(pair => pair[0], pair => pair.Length == 2 ? pair[1] : throw Fault($"the line '{pair[0]}' has no value"));
        return new(
            kind, version, Field("route"),
            float.Parse(Field("temperature"), CultureInfo.InvariantCulture), int.Parse(Field("max_tokens"), CultureInfo.InvariantCulture),
            schema(Field("schema")), Section("System"), Section("Instruction"));

        string Field(string name) => matter.TryGetValue(name, out var value) ? value : throw Fault($"the front matter lacks {name}");

        string Section(string name)
        {
            var start = parts[2].IndexOf($"# {name}\n", StringComparison.Ordinal);
            if (start < 0) throw Fault($"the section '# {name}' is missing");
            start += name.Length + 3;
            var end = parts[2].IndexOf("\n# ", start, StringComparison.Ordinal);
            return (end < 0 ? parts[2][start..] : parts[2][start..end]).Trim();
        }

        FormatException Fault(string what) => new($"Prompts/{kind}.{version}.md: {what}.");
    }
}
