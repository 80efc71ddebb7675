namespace Empire.GpuAgent;

/// <summary>What the agent says while it runs: lines to standard error, with the priority in front where systemd reads them. Never a key.</summary>
internal sealed class Journal(TextWriter writer)
{
    // Set by systemd where standard error goes to its journal, which reads "<N>" as the priority.
    private readonly bool priorities = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null;
    private readonly Dictionary<string, string> last = new(StringComparer.Ordinal);

    public void Error(string text) => Write(3, "error", text);
    public void Warn(string text) => Write(4, "warning", text);
    public void Info(string text) => Write(6, "info", text);

    /// <summary>A warning about a state that lasts: said when it begins or its text changes, not at every turn.</summary>
    /// <param name="topic">What the state is of.</param>
    public void WarnOnce(string topic, string text)
    {
        lock (last)
        {
            if (last.TryGetValue(topic, out var said) && said == text) return;
            last[topic] = text;
        }
        Warn(text);
    }

    /// <summary>The state of <paramref name="topic"/> is good again; says <paramref name="text"/> if it had been bad.</summary>
    public void Healed(string topic, string text)
    {
        lock (last)
        {
            if (!last.Remove(topic)) return;
        }
        Info(text);
    }

    private void Write(int priority, string word, string text)
    {
        lock (writer) writer.WriteLine(priorities ? $"<{priority}>{text}" : $"{word}: {text}");
    }
}
