namespace Empire.AppHost.Operating;

/// <summary>The words behind a verb, each of which is known: a slip of the keyboard must not start something else than was meant.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string?> _given = [];

    /// <param name="flags">As <c>--wait</c>.</param>
    /// <param name="valued">Options with a value, each with what the value is: <c>("--feed", "a file")</c>.</param>
    /// <exception cref="DistributedApplicationException">A word is not known, or an option lacks its value.</exception>
    public static Options Parse(string verb, string[] words, string[] flags, params (string Name, string Value)[] valued)
    {
        var options = new Options();
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i];
            if (flags.Contains(word)) options._given[word] = null;
            else if (valued.FirstOrDefault(option => option.Name == word) is not { Name: not null } option) throw new DistributedApplicationException($"{verb} does not know '{word}'; see ./empire help {verb}.");
            else if (i + 1 >= words.Length || words[i + 1].StartsWith("--", StringComparison.Ordinal) || words[i + 1].Length == 0) throw new DistributedApplicationException($"{verb}: {word} needs {option.Value}; see ./empire help {verb}.");
            else options._given[word] = words[++i];
        }
        return options;
    }

    public bool Has(string name) => _given.ContainsKey(name);

    /// <returns>Null when it was not given.</returns>
    public string? this[string name] => _given.GetValueOrDefault(name);
}
