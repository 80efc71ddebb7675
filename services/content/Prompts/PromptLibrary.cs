using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;

namespace Empire.Content.Prompts;

/// <summary>Every prompt that this build ships, by kind and version.</summary>
public sealed class PromptLibrary
{
    /// <summary>What a tenant uses until another version is chosen: a new version proves itself before it replaces the old.</summary>
    public const int FirstVersion = 1;

    private readonly FrozenDictionary<(string Kind, int Version), Prompt> prompts;

    private PromptLibrary(IEnumerable<Prompt> prompts) => this.prompts = prompts.ToFrozenDictionary(prompt => (prompt.Kind, prompt.Version));

    public IEnumerable<Prompt> All => prompts.Values.OrderBy(prompt => prompt.Kind, StringComparer.Ordinal).ThenBy(prompt => prompt.Version);

    public Prompt? Find(string kind, int version) => prompts.GetValueOrDefault((kind, version));

    /// <exception cref="KeyNotFoundException">A stored piece names a version that this build no longer ships.</exception>
    public Prompt Get(string kind, int version) =>
        Find(kind, version) ?? throw new KeyNotFoundException($"Prompt {Prompt.NameOf(kind, version)} is not in this build.");

    /// <exception cref="FormatException">A file is malformed.</exception>
    public static async Task<PromptLibrary> LoadAsync(Assembly assembly)
    {
        var schemas = new Dictionary<string, ReplySchema>();
        foreach (var name in Names(assembly, "Schemas/"))
            schemas[Path.GetFileName(name)] = await ReplySchema.ParseAsync(Path.GetFileName(name), await ReadAsync(assembly, name));
        var found = new List<Prompt>();
        foreach (var name in Names(assembly, "Prompts/"))
        {
            var parts = Path.GetFileNameWithoutExtension(name).Split('.');
            found.Add(Prompt.Parse(
                parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), await ReadAsync(assembly, name),
                file => schemas.GetValueOrDefault(file) ?? throw new FormatException($"{name}: there is no schema {file}.")));
        }
        return new(found);
    }

    private static IEnumerable<string> Names(Assembly assembly, string folder) =>
        assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal));

    private static async Task<string> ReadAsync(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return await reader.ReadToEndAsync();
    }
}
