namespace Empire.Telemetry.Storage;

/// <summary>A <see cref="GpuBlock"/> as bytes: a version, the number of samples, then each column that knows anything under its id and length, so that a reader
/// skips what it does not know.</summary>
internal static class BlockCodec
{
    private const byte Version = 1;
    private const byte Time = 0, Texts = 32, Jobs = 33, Processes = 34, Pids = 35, Names = 36, Memories = 37, Shares = 38, ProcessJobs = 39;

    /// <param name="count">Samples of it from <paramref name="from"/> on.</param>
    /// <param name="scratch">Empty; memory to write columns in.</param>
    public static void Write(ByteWriter to, GpuBlock block, int from, int count, ByteWriter? scratch = null)
    {
        var column = scratch ?? new();
        to.Byte(Version);
        to.Varint((ulong)count);
        ColumnCodec.Write(column, block.Times.AsSpan(from, count), secondOrder: true);
        Put(to, Time, column);
        for (var metric = 1; metric <= Metrics.Count; metric++)
        {
            if (block.Column((Metric)metric) is not { } values) continue;
            var part = values.AsSpan(from, count);
            if (!part.ContainsAnyExcept(Metrics.Unknown)) continue;
            ColumnCodec.Write(column, part);
            Put(to, (byte)metric, column);
        }
        if (block.Jobs is not null || block.Processes is not null) WriteTexts(to, column, block, from, count);
    }

    /// <exception cref="InvalidDataException">These are no bytes of a block, or those of a newer version.</exception>
    public static GpuBlock Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        if (reader.Byte() != Version) throw new InvalidDataException("The block is of another version.");
        var count = checked((int)reader.Varint());
        var block = new GpuBlock(count);
        for (var i = 0; i < count; i++) block.Add(0);
        var values = new long[count];
        string[] texts = [];
        long[][] ofProcesses = [];
        while (!reader.AtEnd)
        {
            var id = reader.Byte();
            var payload = reader.Bytes(reader.Length());
            switch (id)
            {
                case Time:
                    ColumnCodec.Read(payload, block.Times.AsSpan(0, count), secondOrder: true);
                    break;
                case >= 1 and <= Metrics.Count:
                    ColumnCodec.Read(payload, values);
                    for (var i = 0; i < count; i++)
                        if (values[i] != Metrics.Unknown) block.Set((Metric)id, i, values[i]);
                    break;
                case Texts:
                    texts = ReadTexts(payload);
                    break;
                case Jobs:
                    ColumnCodec.Read(payload, values);
                    for (var i = 0; i < count; i++) block.SetJob(i, texts[values[i]]);
                    break;
                case Processes:
                    ColumnCodec.Read(payload, values);
                    ofProcesses = [[.. values], .. Enumerable.Range(0, ProcessJobs - Processes).Select(_ => new long[values.Sum()])];
                    break;
                case >= Pids and <= ProcessJobs:
                    ColumnCodec.Read(payload, ofProcesses[id - Processes]);
                    break;
            }
        }
        if (ofProcesses.Length > 0) SetProcesses(block, ofProcesses, texts);
        return block;
    }

    private static void WriteTexts(ByteWriter to, ByteWriter column, GpuBlock block, int from, int count)
    {
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = 0 };
        long NumberOf(string text) => numbers.TryGetValue(text, out var known) ? known : numbers[text] = numbers.Count;

        var jobs = Enumerable.Range(from, count).Select(i => NumberOf(block.JobOf(i))).ToArray();
        var lists = Enumerable.Range(from, count).Select(block.ProcessesOf).ToArray();
        var all = lists.SelectMany(list => list).ToArray();
        var names = all.Select(process => NumberOf(process.Name)).ToArray();
        var processJobs = all.Select(process => NumberOf(process.Job)).ToArray();

        column.Varint((ulong)numbers.Count);
        foreach (var text in numbers.OrderBy(known => known.Value)) column.Text(text.Key);
        Put(to, Texts, column);
        PutColumn(Jobs, jobs);
        if (all.Length == 0) return;
        PutColumn(Processes, [.. lists.Select(list => (long)list.Count)]);
        PutColumn(Pids, [.. all.Select(process => (long)process.Pid)]);
        PutColumn(Names, names);
        PutColumn(Memories, [.. all.Select(process => process.MemoryMib ?? Metrics.Unknown)]);
        PutColumn(Shares, [.. all.Select(process => process.Sm ?? Metrics.Unknown)]);
        PutColumn(ProcessJobs, processJobs);

        void PutColumn(byte id, long[] values)
        {
            ColumnCodec.Write(column, values);
            Put(to, id, column);
        }
    }

    private static void SetProcesses(GpuBlock block, long[][] columns, string[] texts)
    {
        var at = 0;
        for (var i = 0; i < block.Count; i++)
        {
            var processes = new ProcessReading[columns[0][i]];
            for (var p = 0; p < processes.Length; p++, at++)
                processes[p] = new((uint)columns[1][at], texts[columns[2][at]], Known(columns[3][at]), Known(columns[4][at]), texts[columns[5][at]]);
            block.SetProcesses(i, processes);
        }

        static long? Known(long value) => value == Metrics.Unknown ? null : value;
    }

    private static string[] ReadTexts(ReadOnlySpan<byte> payload)
    {
        var reader = new ByteReader(payload);
        var texts = new string[reader.Varint()];
        for (var i = 0; i < texts.Length; i++) texts[i] = reader.Text();
        return texts;
    }

    private static void Put(ByteWriter to, byte id, ByteWriter column)
    {
        to.Byte(id);
        to.Varint((ulong)column.Length);
        to.Bytes(column.Written);
        column.Clear();
    }
}
