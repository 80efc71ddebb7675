using Empire.Contracts.V1;
using Empire.Telemetry.Storage;
using Microsoft.Extensions.ObjectPool;

namespace Empire.Telemetry.Ingest;

/// <summary>A batch that was read straight into columns: what stands at its head, and the samples of each series by parts, as <see cref="BatchBuilder"/> would make them but for the list prices, which need the host.
/// Meant to be used again and again: its memory stays.</summary>
internal sealed class BatchColumns : IResettable
{
    private const int MostSpare = 128; // blocks that are kept for the next batch; a thousand samples of a GPU with all there is to know are 136 kB

    private readonly Stack<GpuBlock> spare = [];
    private readonly List<Card> cards = [];
    private int next;

    /// <summary>The batch without its samples.</summary>
    public SampleBatch Head { get; set; } = new();

    public int Count { get; private set; }

    /// <summary>One entry for each part of the batch: its series, in the order they first appear.</summary>
    public List<List<(SeriesKey Series, GpuBlock Block)>> Parts { get; } = [];

    /// <summary>For the encoding of what was read.</summary>
    public FrameWriter Frame { get; } = new();

    /// <summary>Those of the batch so far. A GPU mostly follows the one before it, so it is looked for there first.</summary>
    public Card? Find(int index)
    {
        for (var tried = 0; tried < cards.Count; tried++)
        {
            if (next >= cards.Count) next = 0;
            if (cards[next++].Series.GpuIndex == index) return cards[next - 1];
        }
        return null;
    }

    public Card Add(SeriesKey series, Range uuid, Range name)
    {
        var card = new Card(series, uuid, name);
        cards.Add(card);
        next = cards.Count;
        return card;
    }

    /// <summary>Begins the next sample of a card.</summary>
    /// <returns>Its block, and its number there.</returns>
    public (GpuBlock Block, int At) Begin(Card card, long time)
    {
        if (Count % BatchBuilder.PartSize == 0) Parts.Add([]);
        if (card.Part != Parts.Count)
        {
            (card.Part, card.Block) = (Parts.Count, spare.TryPop(out var used) ? used : new(16));
            Parts[^1].Add((card.Series, card.Block));
        }
        Count++;
        card.LastTime = time;
        return (card.Block, card.Block.Add(time));
    }

    public bool TryReset()
    {
        foreach (var (_, block) in Parts.SelectMany(part => part))
        {
            if (spare.Count >= MostSpare) break;
            block.Clear();
            spare.Push(block);
        }
        Parts.Clear();
        cards.Clear();
        (Head, Count, next) = (new(), 0, 0);
        return true;
    }

    /// <summary>A whole GPU of the batch.</summary>
    /// <param name="uuid">Where the batch first said it.</param>
    internal sealed class Card(SeriesKey series, Range uuid, Range name)
    {
        public SeriesKey Series => series;
        public Range Uuid => uuid;
        public Range Name => name;
        public long LastTime { get; set; } = long.MinValue;

        /// <summary>The last piece of work that was said of it; empty: none yet.</summary>
        public string Job { get; set; } = "";
        public Range JobAt { get; set; }

        /// <summary>The number of the part that <see cref="Block"/> belongs to, from one on.</summary>
        public int Part { get; set; }
        public GpuBlock Block { get; set; } = null!;
    }
}
