using Empire.Sandbox.Composer.Text;

namespace Empire.Sandbox.Composer.Reviews;

/// <summary>A part of a longer text that can grow, sentence by sentence, until the whole has the ordered length.</summary>
/// <param name="more">The next sentence; null when the section has said all it can.</param>
/// <param name="most">How many sentences it may grow by: a frame should stay short, the substance may be long.</param>
public sealed class Section(string? heading, Func<string?> more, int most = int.MaxValue)
{
    const int ParagraphWords = 78; // beyond this a new paragraph begins
    readonly List<string> blocks = [];
    bool closed = true;
    int grown;

    public string? Heading => heading;

    public int Words => (heading is null ? 0 : Writer.Words(heading)) + blocks.Sum(Writer.Words);

    /// <summary>A paragraph of its own; an empty one is not added.</summary>
    public Section Add(string paragraph)
    {
        if (paragraph.Length > 0) blocks.Add(paragraph);
        closed = false;
        return this;
    }

    /// <summary>Something that is no running text: a list or a sub-heading.</summary>
    public Section AddBlock(string block)
    {
        blocks.Add(block);
        closed = true;
        return this;
    }

    /// <returns>False when there is nothing more to say.</returns>
    public bool Grow()
    {
        if (grown == most || more() is not { } sentence) return false;
        grown++;
        if (closed || Writer.Words(blocks[^1]) > ParagraphWords) Add(sentence);
        else blocks[^1] += " " + sentence;
        return true;
    }

    public override string ToString() => string.Join("\n\n", (heading is null ? blocks : blocks.Prepend($"## {heading}")).Where(b => b.Length > 0));

    /// <summary>Lets sections grow in turn until all together have at least that many words, or none can grow.</summary>
    public static void GrowTo(IReadOnlyList<Section> sections, int words, Dice dice)
    {
        var growing = sections.ToList();
        while (growing.Count > 0 && sections.Sum(s => s.Words) < words)
            foreach (var section in dice.Shuffled(growing))
            {
                if (sections.Sum(s => s.Words) >= words) break;
                if (!section.Grow()) growing.Remove(section);
            }
    }
}
