using Empire.Contracts.V1;
using Microsoft.Win32.SafeHandles;

namespace Empire.GpuAgent.Spooling;

/// <summary>Batches that the server has not answered yet, on disk. A batch that was appended survives a crash of the agent and of the host, keeps its number for ever and goes only when the
/// server has answered it. When the spool is full its oldest batches are merged into fewer (minutes, then hours, then the newest sample of each GPU), never one that may have been sent.</summary>
internal sealed class Spool : IDisposable
{
    private readonly Lock gate = new();
    private readonly string folder;
    private readonly string agentId;
    private readonly long maxBytes;
    private readonly TimeSpan interval;
    private readonly TimeProvider clock;
    private readonly int segmentBytes;
    private readonly Journal journal;
    private readonly List<Segment> segments = [];
    private readonly Marks marks;
    private SafeFileHandle writing = null!;
    private ulong next;
    private ulong answered;
    private long bytes;
    private ulong sentUpTo;
    private ulong damaged;
    private readonly ulong firstOwn; // the first number that this process gave

    // Where the last reading ended, so that batches in a row are read in a row.
    private SafeFileHandle? reading;
    private Segment? readingFrom;
    private long readingAt;
    private ulong readUpTo;

    private Spool(string folder, string agentId, long maxBytes, TimeSpan interval, TimeProvider clock, Journal journal)
    {
        (this.folder, this.agentId, this.maxBytes, this.interval, this.clock, this.journal) = (folder, agentId, maxBytes, interval, clock, journal);
        segmentBytes = (int)Math.Clamp(maxBytes / 16, 4 * 1024, 512 * 1024);
        Load();
        firstOwn = next;
        marks = Marks.Open(folder, next - 1);
        sentUpTo = marks.Sent;
        if (damaged > 0) marks.Count(damaged, 0);
    }

    /// <summary>The highest number given so far; 0 for none.</summary>
    public ulong LastSequence { get { lock (gate) return next - 1; } }

    /// <summary>Everything up to it has been answered, as far as is known.</summary>
    public ulong Answered { get { lock (gate) return answered; } }

    public long Bytes { get { lock (gate) return bytes; } }

    /// <summary>The highest number that may have been sent, by this process or one before it.</summary>
    public ulong SentUpTo { get { lock (gate) return sentUpTo; } }

    /// <param name="maxBytes">The files' sum stays below it, but for batches that were sent and not answered.</param>
    /// <param name="interval">Between two readings: what is merged says how long it stands for.</param>
    /// <exception cref="IOException">The folder cannot be made, read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static Spool Open(string folder, string agentId, long maxBytes, TimeSpan interval, TimeProvider clock, Journal journal)
    {
        Directory.CreateDirectory(folder);
        return new(folder, agentId, maxBytes, interval, clock, journal);
    }

    /// <summary>Numbers a batch and keeps it; it is durable when this returns.</summary>
    /// <exception cref="IOException">The disk is full or broken. The batch is not kept and its number not used; <see cref="CountLost"/> is the caller's to call.</exception>
    public ulong Append(SampleBatch batch)
    {
        lock (gate)
        {
            batch.AgentId = agentId;
            batch.Sequence = next;
            var tells = marks.Lost + marks.Summarised > 0;
            if (tells)
            {
                batch.Dropped = new() { Lost = marks.Lost, Summarised = marks.Summarised };
                marks.Telling(next);
            }
            var record = Segment.Encode(batch);
            if (segments[^1].Bytes > 0 && segments[^1].Bytes + record.Length > segmentBytes) StartSegment();
            while (bytes + record.Length > maxBytes && MakeRoom()) { }
            var segment = segments[^1];
            try
            {
                RandomAccess.Write(writing, record, segment.Bytes);
                RandomAccess.FlushToDisk(writing);
            }
            catch (IOException)
            {
                RandomAccess.SetLength(writing, segment.Bytes); // half a batch would hide those behind it
                throw;
            }
            segment.Bytes += record.Length;
            segment.Heed(batch);
            bytes += record.Length;
            next++;
            if (tells) marks.Told();
            return batch.Sequence;
        }
    }

    /// <summary>The first batch above a number that was not answered; null when there is none. It says what time it is here now: by what that is off, the server knows what the batch's own times are off.</summary>
    public SampleBatch? Next(ulong after)
    {
        lock (gate)
        {
            after = Math.Max(after, answered);
            if (readingFrom is null || after < readUpTo || !segments.Contains(readingFrom)) MoveTo(segments.Find(segment => segment.Last > after));
            while (readingFrom is not null)
            {
                while (readingAt < readingFrom.Bytes)
                {
                    if (Segment.Read(reading!, ref readingAt) is not { } batch) break; // damaged since it was opened: Load counts it at the next start
                    readUpTo = batch.Sequence;
                    if (batch.Sequence <= after) continue;
                    batch.ClockMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
                    return batch;
                }
                if (readingFrom == segments[^1]) return null;
                MoveTo(segments.Find(segment => segment.First > readingFrom.First && segment.Last > after));
            }
            return null;
        }
    }

    /// <summary>Before a batch goes out: from then on it is never merged with others, since the server may have it.</summary>
    public void Sending(ulong sequence)
    {
        lock (gate)
        {
            marks.Sending(sequence);
            sentUpTo = Math.Max(sentUpTo, sequence);
        }
    }

    /// <summary>The server has stored or refused everything up to a number.</summary>
    public void Acknowledge(ulong upTo)
    {
        lock (gate) Answer(upTo);
    }

    /// <summary>What the server says before anything is sent: the highest number that it has from here. Where that was never sent, the folder was put back from a copy, and numbers were given a second time: what this
    /// process has read gets others, above the server's; of what lay in the copy nobody knows whether the server has it, so that it counts as lost.</summary>
    public void Greeted(ulong highest)
    {
        lock (gate)
        {
            if (highest > sentUpTo) PassOver(highest);
            Answer(highest);
        }
    }

    /// <summary>Samples that could not be kept; the next batch reports them.</summary>
    /// <param name="told">What the batches had counted that they were in, where the server has not counted that either.</param>
    public void CountLost(int samples, params IEnumerable<Dropped?> told)
    {
        var (lost, summarised) = ((ulong)samples, 0ul);
        foreach (var count in told)
        {
            lost += count?.Lost ?? 0;
            summarised += count?.Summarised ?? 0;
        }
        lock (gate) if (lost + summarised > 0) marks.Count(lost, summarised);
    }

    private void Answer(ulong upTo)
    {
        answered = Math.Max(answered, upTo);
        if (upTo >= next)
        {
            next = upTo + 1;
            StartSegment();
        }
        else if (answered == next - 1 && segments[^1].Bytes > segmentBytes / 2)
        {
            StartSegment(); // all is answered: the file can go, its successor's name keeps the number
        }
        while (segments.Count > 1 && segments[0].Last <= answered)
        {
            if (segments[0].Interval > 0) marks.Forgetting(segments[0].Interval);
            Remove(segments[0]);
        }
        if (bytes < maxBytes / 2) journal.Healed("full", "The spool has room again.");
    }

    private void PassOver(ulong highest)
    {
        var from = Math.Max(sentUpTo + 1, firstOwn);
        var taken = segments.Where(segment => !segment.IsEmpty && segment.Last > sentUpTo && segment.First < from && segment.First <= highest).SelectMany(segment => segment.ReadAll())
            .Where(batch => batch.Sequence > sentUpTo && batch.Sequence < from && batch.Sequence <= highest).ToList();
        var lost = taken.Sum(batch => batch.Samples.Count + (long)(batch.Dropped?.Lost ?? 0));
        var again = highest >= from && next > from;
        if (lost > 0) marks.Count((ulong)lost, 0);
        if (again) Renumber(from, highest + 1);
        if (lost > 0 || again) journal.Warn($"The server has numbers of this agent, up to {highest}, that were never sent from here: {folder} was put back from a copy, or two hosts have one id. What was read since the start goes under new numbers; {lost} samples from before are counted as lost.");
        sentUpTo = highest;
    }

    /// <summary>Gives higher numbers to all from one on. The newest first: wherever it is cut short, the numbers ascend.</summary>
    private void Renumber(ulong from, ulong to)
    {
        next += to - from;
        StartSegment();
        MoveTo(null);
        for (var i = segments.Count - 2; i >= 0 && segments[i].Last >= from; i--)
        {
            var old = segments[i];
            var first = Math.Max(old.First, from) - from + to;
            var moved = new Segment(System.IO.Path.Combine(folder, Segment.NameOf(first, old.Detail)), first, old.Detail);
            using var content = new MemoryStream();
            foreach (var batch in old.ReadAll().Where(batch => batch.Sequence >= from))
            {
                batch.Sequence += to - from;
                moved.Heed(batch);
                content.Write(Segment.Encode(batch));
            }
            DurableFiles.Replace(moved.Path, content.GetBuffer().AsSpan(0, (int)content.Length));
            moved.Bytes = content.Length;
            bytes += moved.Bytes - old.Bytes;
            segments[i] = moved;
            File.Delete(old.Path);
        }
    }

    public void Dispose()
    {
        writing.Dispose();
        reading?.Dispose();
    }

    private void Load()
    {
        foreach (var leftover in Directory.EnumerateFiles(folder, "*.tmp").ToArray()) File.Delete(leftover);
        foreach (var segment in Directory.EnumerateFiles(folder, "*" + Segment.Extension).Select(Segment.FromPath).OfType<Segment>().OrderBy(segment => segment.First).ThenByDescending(segment => segment.Detail).ToList())
        {
            // A crash while files were merged leaves some whose batches the merged one has.
            if (segments.Count > 0 && segment.First <= segments[^1].Last)
            {
                File.Delete(segment.Path);
                continue;
            }
            var broken = segment.Scan();
            if (segments.Count > 0 && segments[^1].IsEmpty) Remove(segments[^1]);
            segments.Add(segment);
            bytes += segment.Bytes;
            if (broken > 0) CutOff(segment, broken);
        }
        next = segments.Count == 0 ? 1 : Math.Max(next, segments[^1].Last + 1);
        StartSegment();
    }

    /// <summary>Bytes at the end of a file that are not a batch: one that the power failure cut short, which was never promised, or damage to what was.</summary>
    private void CutOff(Segment segment, long broken)
    {
        using (var file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Write)) RandomAccess.SetLength(file, segment.Bytes);
        const int SmallestBatch = 64;
        var atMost = (ulong)(broken / SmallestBatch) + 1;
        next = segment.Last + 1 + atMost; // numbers that may have been used are not used again
        journal.Warn($"{segment.Path}: {broken} bytes at its end are not whole and were cut off; up to {atMost} batches are counted as lost.");
        damaged += atMost;
    }

    private void StartSegment()
    {
        var path = System.IO.Path.Combine(folder, Segment.NameOf(next, Detail.Everything));
        if (segments.Count > 0 && segments[^1].First == next) // empty, and for the same number
        {
            writing ??= File.OpenHandle(segments[^1].Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            return;
        }
        var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        DurableFiles.SyncFolder(folder);
        writing?.Dispose();
        writing = file;
        segments.Add(new(path, next, Detail.Everything));
        if (segments.Count > 1 && segments[^2].IsEmpty) Remove(segments[^2]);
    }

    /// <summary>Merges the oldest batches that were never sent. False when there are none left to merge.</summary>
    private bool MakeRoom()
    {
        for (var from = Detail.Everything; from <= Detail.Newest; from++)
        {
            var run = Run(from);
            if (run.Count == 0 || (from == Detail.Newest && run.Count == 1)) continue;
            Merge(run, from == Detail.Newest ? Detail.Newest : from + 1);
            return true;
        }
        if (segments[^1].IsEmpty || segments[^1].First <= sentUpTo) return false;
        StartSegment(); // what is being written can be merged too, once it is closed
        return true;
    }

    /// <summary>The oldest files in a row of one detail, as many as one file holds; the one being written is not among them.</summary>
    private List<Segment> Run(Detail detail)
    {
        var run = new List<Segment>();
        var size = 0L;
        for (var i = 0; i < segments.Count - 1; i++)
        {
            if (segments[i].Detail != detail || segments[i].First <= sentUpTo || (run.Count > 0 && size + segments[i].Bytes > segmentBytes))
            {
                if (run.Count > 0) break;
                continue;
            }
            run.Add(segments[i]);
            size += segments[i].Bytes;
        }
        return run;
    }

    private void Merge(List<Segment> run, Detail detail)
    {
        var batches = run.SelectMany(segment => segment.ReadAll()).ToList();
        var merged = new Segment(System.IO.Path.Combine(folder, Segment.NameOf(run[0].First, detail)), run[0].First, detail);
        using var content = new MemoryStream();
        var place = segments.IndexOf(run[0]);
        var before = place > 0 && segments[place - 1].ReadAll() is [.., var last] ? last : null;
        var told = segments.Take(place).LastOrDefault(segment => segment.Interval > 0)?.Interval ?? marks.Interval;
        foreach (var batch in Summary.Of(batches, detail, told > 0 ? TimeSpan.FromSeconds(told) : interval, before))
        {
            merged.Heed(batch);
            content.Write(Segment.Encode(batch));
        }
        merged.Last = run[^1].Last;
        DurableFiles.Replace(merged.Path, content.GetBuffer().AsSpan(0, (int)content.Length));
        merged.Bytes = content.Length;
        segments.Insert(place, merged);
        bytes += merged.Bytes;
        foreach (var old in run)
        {
            if (old.Path == merged.Path) Forget(old); // it was replaced
            else Remove(old);
        }
        journal.WarnOnce("full", $"The spool is full at {maxBytes / 1024} KiB: its oldest samples are being merged ({detail switch
        {
            Detail.Minutes => "one per GPU and minute",
            Detail.Hours => "one per GPU and hour",
            _ => "the newest per GPU, the others are lost",
        }}).");
    }

    private void MoveTo(Segment? segment)
    {
        reading?.Dispose();
        (reading, readingFrom, readingAt, readUpTo) = (segment is null ? null : File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), segment, 0, 0);
    }

    private void Remove(Segment segment)
    {
        File.Delete(segment.Path);
        Forget(segment);
    }

    private void Forget(Segment segment)
    {
        segments.Remove(segment);
        bytes -= segment.Bytes;
        if (readingFrom == segment) MoveTo(null);
    }
}
