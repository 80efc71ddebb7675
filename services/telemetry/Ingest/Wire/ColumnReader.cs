using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Empire.Contracts.V1;
using Empire.Telemetry.Storage;
using Google.Protobuf;

namespace Empire.Telemetry.Ingest.Wire;

/// <summary>Reads a <see cref="SampleBatch"/> straight into columns, and checks it on the way. It gives up at whatever is not everyday: a fault, a GPU that is split, a card that changes within a batch, a field it does not
/// know, bytes that look broken. Then the generated parser, <see cref="SampleRules"/> and <see cref="BatchBuilder"/> take the same bytes from the beginning, and what they say counts.</summary>
internal ref struct ColumnReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> bytes;
    private readonly BatchColumns into;
    private readonly Span<long> values; // of the sample being read, by metric
    private readonly long earliest, latest;
    private List<ProcessReading>? processes;
    private int at;

    private ColumnReader(ReadOnlySpan<byte> bytes, BatchColumns into, Span<long> values, DateTimeOffset now)
    {
        this.bytes = bytes;
        this.into = into;
        this.values = values;
        (earliest, latest) = SampleRules.TimesAround(now);
    }

    /// <param name="into">Empty; holds anything when this returns false.</param>
    /// <returns>False: it gave up.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, DateTimeOffset now, BatchColumns into)
    {
        Span<long> sample = stackalloc long[Metrics.Count + 1];
        try
        {
            return new ColumnReader(bytes, into, sample, now).TryRead() && into.Head.Sequence > 0 && !HostClock.IsUseless(HostClock.Off(into.Head.ClockMs, now)) && SampleRules.Check(into.Head, numbered: true, now).Count == 0;
        }
        catch (Exception e) when (e is InvalidDataException or InvalidProtocolBufferException or ArgumentException)
        {
            return false;
        }
    }

    private bool TryRead()
    {
        var head = into.Head;
        while (at < bytes.Length)
        {
            switch (Varint())
            {
                case 1 << 3 | 2:
                    head.AgentId = Strict.GetString(bytes[Part()]);
                    break;
                case 2 << 3:
                    head.Sequence = Varint();
                    break;
                case 3 << 3 | 2 when head.Host is null:
                    head.Host = HostTags.Parser.ParseFrom(bytes[Part()]);
                    break;
                case 4 << 3 | 2 when into.Count < SampleRules.MostSamples:
                    if (!TryReadSample()) return false;
                    break;
                case 5 << 3 | 2 when head.Dropped is null:
                    head.Dropped = Dropped.Parser.ParseFrom(bytes[Part()]);
                    break;
                case 6 << 3:
                    head.ClockMs = (long)Varint();
                    break;
                default:
                    return false;
            }
        }
        return true;
    }

    private bool TryReadSample()
    {
        var end = Length();
        end += at;
        var (time, index, known, uuid, name, jobAt) = (0L, -1, 0u, default(Range), default(Range), default(Range));
        processes?.Clear();
        while (at < end)
        {
            // Each case leaves what is stored of its field, or gives up where SampleRules would find a fault.
            switch (Varint())
            {
                case 1 << 3: time = (long)Varint(); break;
                case 2 << 3: index = (int)Varint(); break;
                case 3 << 3 | 2: uuid = Part(); break;
                case 4 << 3 | 2: name = Part(); break;
                case 5 << 3 | 5: if (!TryFloat(Metric.GpuUtil, 100, 100.0, ref known)) return false; break;
                case 6 << 3 | 5: if (!TryFloat(Metric.MemUtil, 100, 100.0, ref known)) return false; break;
                case 7 << 3: if (!TryWhole(Metric.MemUsed, SampleRules.MostMemory, ref known)) return false; break;
                case 8 << 3: if (!TryWhole(Metric.MemTotal, SampleRules.MostMemory, ref known)) return false; break;
                case 9 << 3:
                    var degrees = (int)Varint();
                    if (degrees is < SampleRules.Coldest or > SampleRules.Hottest) return false;
                    Know(Metric.Temperature, degrees, ref known);
                    break;
                case 10 << 3 | 5: if (!TryFloat(Metric.Power, SampleRules.MostPower, 10.0, ref known)) return false; break;
                case 11 << 3: if (!TryWhole(Metric.Energy, long.MaxValue, ref known)) return false; break;
                case 12 << 3: Know(Metric.SmClock, (uint)Varint(), ref known); break;
                case 13 << 3: Know(Metric.MemClock, (uint)Varint(), ref known); break;
                case 14 << 3: if (!TryWhole(Metric.ThrottleReasons, long.MaxValue, ref known)) return false; break;
                case 15 << 3: if (!TryWhole(Metric.EccCorrected, long.MaxValue, ref known)) return false; break;
                case 16 << 3: if (!TryWhole(Metric.EccUncorrected, long.MaxValue, ref known)) return false; break;
                case 17 << 3: Know(Metric.Xid, (uint)Varint(), ref known); break;
                case 18 << 3: if (!TryWhole(Metric.PcieRx, long.MaxValue, ref known)) return false; break;
                case 19 << 3: if (!TryWhole(Metric.PcieTx, long.MaxValue, ref known)) return false; break;
                case 21 << 3 | 2 when (known & Bit(Metric.Rate)) == 0:
                    var cost = Amount.Parser.ParseFrom(bytes[Part()]);
                    if (!SampleRules.IsRate(cost)) return false;
                    Know(Metric.Rate, cost.Micros, ref known);
                    break;
                case 22 << 3 | 2: jobAt = Part(); break;
                case 23 << 3 | 2:
                    if (processes?.Count == SampleRules.MostProcesses) return false;
                    var process = ProcessSample.Parser.ParseFrom(bytes[Part()]);
                    if (!SampleRules.IsGood(process)) return false;
                    (processes ??= []).Add(BatchBuilder.ReadingOf(process));
                    break;
                case 24 << 3: if (Varint() != 0) return false; break;
                case 25 << 3:
                    var span = (uint)Varint();
                    if (span is 0 or > SampleRules.MostSpan) return false;
                    Know(Metric.Span, span, ref known);
                    break;
                default: return false;
            }
        }
        const uint required = 1u << (int)Metric.GpuUtil | 1u << (int)Metric.MemUsed | 1u << (int)Metric.MemTotal;
        if (at != end || index < 0 || (known & required) != required || values[(int)Metric.MemUsed] > values[(int)Metric.MemTotal] || time < earliest || time > latest) return false;

        if (into.Find(index) is not { } card)
        {
            if (Named(index, uuid, name) is not { } series) return false;
            card = into.Add(series, uuid, name);
        }
        else if (time < card.LastTime || !bytes[name].SequenceEqual(bytes[card.Name]) || !bytes[uuid].SequenceEqual(bytes[card.Uuid])) return false;
        var (block, sample) = into.Begin(card, time);
        for (; known != 0; known &= known - 1)
        {
            var metric = BitOperations.TrailingZeroCount(known);
            block.Set((Metric)metric, sample, values[metric]);
        }
        if (jobAt.Start.Value != jobAt.End.Value)
        {
            if (card.Job.Length == 0 || !bytes[jobAt].SequenceEqual(bytes[card.JobAt]))
            {
                (card.JobAt, card.Job) = (jobAt, Strict.GetString(bytes[jobAt]));
                if (!SampleRules.IsText(card.Job, SampleRules.LongestText)) return false;
            }
            block.SetJob(sample, card.Job);
        }
        if (processes is { Count: > 0 } all) block.SetProcesses(sample, [.. all]);
        return true;
    }

    private readonly SeriesKey? Named(int index, Range uuid, Range name)
    {
        var key = new SeriesKey(index, -1, Strict.GetString(bytes[uuid]), Strict.GetString(bytes[name]));
        return key.GpuName.Length > 0 && SampleRules.IsText(key.GpuName, SampleRules.LongestName) && SampleRules.IsText(key.GpuUuid, SampleRules.LongestName) ? key : null;
    }

    private static uint Bit(Metric metric) => 1u << (int)metric;

    private readonly void Know(Metric metric, long value, ref uint known)
    {
        values[(int)metric] = value;
        known |= Bit(metric);
    }

    private bool TryWhole(Metric metric, long most, ref uint known)
    {
        var value = (long)Varint();
        Know(metric, value, ref known);
        return value >= 0 && value <= most;
    }

    /// <param name="times">What is stored is the figure times this, rounded.</param>
    private bool TryFloat(Metric metric, float most, double times, ref uint known)
    {
        if (bytes.Length - at < sizeof(float)) return false;
        var value = BinaryPrimitives.ReadSingleLittleEndian(bytes[at..]);
        at += sizeof(float);
        if (!(value >= 0 && value <= most)) return false; // NaN is no number between
        Know(metric, (long)Math.Round(value * times), ref known);
        return true;
    }

    private ulong Varint()
    {
        if (at < bytes.Length && bytes[at] < 0x80) return bytes[at++];
        var (value, shift) = (0UL, 0);
        while (at < bytes.Length && shift < 70)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
            shift += 7;
        }
        throw new InvalidDataException();
    }

    private int Length()
    {
        var length = Varint();
        return length <= (ulong)(bytes.Length - at) ? (int)length : throw new InvalidDataException();
    }

    /// <summary>Goes past a field that has a length.</summary>
    private Range Part()
    {
        var length = Length();
        at += length;
        return (at - length)..at;
    }
}
