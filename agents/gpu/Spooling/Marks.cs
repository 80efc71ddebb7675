using System.Globalization;

namespace Empire.GpuAgent.Spooling;

/// <summary>What must be known after a restart besides the batches: how far batches may have been sent, and what was lost without having been reported. One line of text.</summary>
internal sealed class Marks
{
    /// <summary>Sending is written down ahead of itself, so that it costs the disk nothing most of the time.</summary>
    private const ulong Ahead = 256;

    private readonly string path;

    private Marks(string path) => this.path = path;

    /// <summary>No batch above it was ever sent.</summary>
    public ulong Sent { get; private set; }

    /// <summary>Samples that no batch has reported as lost yet.</summary>
    public ulong Lost { get; private set; }

    /// <summary>Samples that were merged in a batch that the server has not counted, and no later one has reported yet.</summary>
    public ulong Summarised { get; private set; }

    /// <summary>Seconds between the readings that the oldest batches are of, as the last said that went before them; 0: none did.</summary>
    public uint Interval { get; private set; }

    /// <summary>The batch that reports <see cref="Lost"/> and <see cref="Summarised"/>, once it is on disk; 0 for none.</summary>
    public ulong LostToldIn { get; private set; }

    /// <param name="last">The highest number on disk.</param>
    public static Marks Open(string folder, ulong last)
    {
        var marks = new Marks(System.IO.Path.Combine(folder, "marks"));
        // Without a readable file anything may have been sent: nothing that exists is summarised then, which is always safe.
        marks.Sent = last;
        if (!File.Exists(marks.path)) return marks;
        var words = File.ReadAllText(marks.path).Split(' ', StringSplitOptions.TrimEntries);
        var (summarised, seconds) = (0ul, 0ul); // files of the first version have three words
        if (words.Length is not (3 or 5) || !Number(words[0], out var sent) || !Number(words[1], out var lost) || !Number(words[2], out var toldIn)) return marks;
        if (words.Length == 5 && !(Number(words[3], out summarised) && Number(words[4], out seconds))) return marks;
        (marks.Sent, marks.Lost, marks.LostToldIn, marks.Summarised, marks.Interval) = (sent, lost, toldIn, summarised, (uint)seconds);
        if (toldIn != 0 && last >= toldIn) (marks.Lost, marks.LostToldIn, marks.Summarised) = (0, 0, 0);
        if (sent <= last) return marks;
        marks.Sent = last; // what was written ahead was never there to be sent, and those numbers come now
        marks.Save();
        return marks;
    }

    /// <summary>Before a batch goes that said the interval of those behind it.</summary>
    public void Forgetting(uint interval)
    {
        if (interval == Interval) return;
        Interval = interval;
        Save();
    }

    /// <summary>Before a batch goes out.</summary>
    public void Sending(ulong sequence)
    {
        if (sequence <= Sent) return;
        Sent = sequence + Ahead;
        Save();
    }

    public void Count(ulong lost, ulong summarised)
    {
        Lost += lost;
        Summarised += summarised;
        LostToldIn = 0;
        Save();
    }

    /// <summary>Before the batch that reports the loss is written, and after.</summary>
    public void Telling(ulong sequence)
    {
        LostToldIn = sequence;
        Save();
    }

    public void Told()
    {
        (Lost, LostToldIn, Summarised) = (0, 0, 0);
        Save();
    }

    private void Save() => DurableFiles.Replace(path, System.Text.Encoding.ASCII.GetBytes($"{Sent} {Lost} {LostToldIn} {Summarised} {Interval}\n"));

    private static bool Number(string word, out ulong number) => ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
