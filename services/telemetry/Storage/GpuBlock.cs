namespace Empire.Telemetry.Storage;

/// <summary>A process on a GPU at the moment of a sample.</summary>
/// <param name="MemoryMib">Null: not known.</param>
/// <param name="Sm">Hundredths of a percent of the GPU's SM time; null: not known.</param>
/// <param name="Job">Empty: of no piece of work.</param>
internal sealed record ProcessReading(uint Pid, string Name, long? MemoryMib, long? Sm, string Job);

/// <summary>Samples of one series, column by column, in the order they were taken.</summary>
internal sealed class GpuBlock
{
    private readonly long[]?[] columns = new long[Metrics.Count + 1][];
    private readonly long[]?[] spare = new long[Metrics.Count + 1][]; // memory of columns that a block before this had

    public GpuBlock(int capacity) => Times = new long[capacity];

    public int Count { get; private set; }

    /// <summary>Unix milliseconds; longer than <see cref="Count"/>.</summary>
    public long[] Times { get; private set; }

    /// <summary>The piece of work of each sample; null where none had one.</summary>
    public string[]? Jobs { get; private set; }

    /// <summary>Null where no sample had any.</summary>
    public ProcessReading[]?[]? Processes { get; private set; }

    public long this[Metric metric, int sample] => columns[(int)metric] is { } column ? column[sample] : Metrics.Unknown;

    /// <summary>Null where no sample knew it; longer than <see cref="Count"/>.</summary>
    public long[]? Column(Metric metric) => columns[(int)metric];

    public string JobOf(int sample) => Jobs?[sample] ?? "";

    public IReadOnlyList<ProcessReading> ProcessesOf(int sample) => Processes?[sample] ?? [];

    /// <summary>Begins the next sample.</summary>
    /// <returns>Its number.</returns>
    public int Add(long time)
    {
        if (Count == Times.Length) Grow(Math.Max(16, Count * 2));
        Times[Count] = time;
        return Count++;
    }

    public void Set(Metric metric, int sample, long value)
    {
        var column = columns[(int)metric];
        if (column is null) column = Unknown(metric);
        column[sample] = value;
    }

    /// <summary>A column that is all unknown, and stands in the block.</summary>
    private long[] Unknown(Metric metric)
    {
        var column = spare[(int)metric] is { } kept && kept.Length >= Times.Length ? kept : new long[Times.Length];
        spare[(int)metric] = null;
        Array.Fill(column, Metrics.Unknown);
        return columns[(int)metric] = column;
    }

    /// <summary>Makes it an empty block that keeps its memory.</summary>
    public void Clear()
    {
        (Count, Jobs, Processes) = (0, null, null);
        for (var metric = 1; metric <= Metrics.Count; metric++)
        {
            if (columns[metric] is not { } column) continue;
            (spare[metric], columns[metric]) = (column, null);
        }
    }

    /// <summary>The column, for as many samples as there are; all unknown where there was none.</summary>
    public Span<long> ColumnFor(Metric metric) => (columns[(int)metric] ?? Unknown(metric)).AsSpan(0, Count);

    public void SetJob(int sample, string job)
    {
        if (job.Length > 0) (Jobs ??= new string[Times.Length])[sample] = job;
    }

    public void SetProcesses(int sample, ProcessReading[] processes)
    {
        if (processes.Length > 0) (Processes ??= new ProcessReading[Times.Length][])[sample] = processes;
    }

    /// <summary>Adds samples of the same series behind these.</summary>
    public void Append(GpuBlock other, int from = 0, int? count = null)
    {
        var taken = count ?? other.Count - from;
        if (Count + taken > Times.Length) Grow(Math.Max(Count + taken, Times.Length * 2));
        Array.Copy(other.Times, from, Times, Count, taken);
        for (var metric = 1; metric <= Metrics.Count; metric++)
        {
            if (other.columns[metric] is not { } theirs) continue;
            var ours = columns[metric] ?? Unknown((Metric)metric);
            Array.Copy(theirs, from, ours, Count, taken);
        }
        if (other.Jobs is { } jobs) Array.Copy(jobs, from, Jobs ??= new string[Times.Length], Count, taken);
        if (other.Processes is { } processes) Array.Copy(processes, from, Processes ??= new ProcessReading[Times.Length][], Count, taken);
        Count += taken;
    }

    private void Grow(int capacity)
    {
        var times = Times;
        Array.Resize(ref times, capacity);
        Times = times;
        for (var metric = 1; metric <= Metrics.Count; metric++)
        {
            if (columns[metric] is not { } column) continue;
            var before = column.Length;
            Array.Resize(ref column, capacity);
            Array.Fill(column, Metrics.Unknown, before, capacity - before);
            columns[metric] = column;
        }
        if (Jobs is { } jobs)
        {
            Array.Resize(ref jobs, capacity);
            Jobs = jobs;
        }
        if (Processes is { } processes)
        {
            Array.Resize(ref processes, capacity);
            Processes = processes;
        }
    }
}
