using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Empire.Contracts.V1;
using Empire.Telemetry.RemoteWrite.Wire;
using Google.Protobuf;

namespace Empire.Bench.Telemetry;

/// <summary>One batch of a host: so many readings of its GPUs, a second apart, with the five figures that every GPU tells.</summary>
/// <param name="Times">Unix milliseconds, by reading.</param>
/// <param name="Values">By GPU and field: one for each reading.</param>
internal sealed record HostReadings(int Host, long[] Times, double[][][] Values);

/// <summary>The same made-up fleet in every form that the benchmark sends: work that comes and goes, memory that moves in steps, and heat that follows the power.</summary>
internal static class GpuReadings
{
    public const int Gpus = 8, Readings = 125, Samples = Gpus * Readings;
    public static readonly string[] Fields = ["gpu_util", "mem_used", "mem_total", "temperature", "power"];
    private const double MemTotal = 81_920;

    /// <param name="batches">Of each host.</param>
    /// <param name="start">Unix milliseconds.</param>
    public static HostReadings[][] Make(int hosts, int batches, long start)
    {
        var random = new Random(7);
        var made = new HostReadings[hosts][];
        for (var host = 0; host < hosts; host++)
        {
            var states = Enumerable.Range(0, Gpus).Select(_ => (Util: random.Next(0, 100), Used: random.Next(1_000, 80_000), Heat: 45.0)).ToArray();
            made[host] = new HostReadings[batches];
            for (var batch = 0; batch < batches; batch++)
            {
                var times = Enumerable.Range(0, Readings).Select(i => start + (batch * (long)Readings + i) * 1_000).ToArray();
                var values = Enumerable.Range(0, Gpus).Select(_ => Fields.Select(_ => new double[Readings]).ToArray()).ToArray();
                for (var i = 0; i < Readings; i++)
                {
                    for (var gpu = 0; gpu < Gpus; gpu++)
                    {
                        ref var state = ref states[gpu];
                        if (random.Next(60) == 0) state.Util = random.Next(3) == 0 ? 0 : random.Next(40, 100);
                        if (random.Next(30) == 0) state.Used = random.Next(1_000, 80_000);
                        var util = state.Util == 0 ? 0 : Math.Clamp(state.Util + random.Next(-3, 4), 1, 100);
                        var power = Math.Round(60 + util * 3.2 + random.NextDouble() * 8, 1);
                        state.Heat += (30 + power / 8 - state.Heat) / 40;
                        double[] row = [util, state.Used, MemTotal, Math.Round(state.Heat), power];
                        for (var field = 0; field < row.Length; field++) values[gpu][field][i] = row[field];
                    }
                }
                made[host][batch] = new(host, times, values);
            }
        }
        return made;
    }

    /// <summary>The samples of a batch as they lie in the message SampleBatch; its head may be written in front of them.</summary>
    public static byte[] ToProtobuf(HostReadings readings)
    {
        var batch = new SampleBatch();
        for (var i = 0; i < Readings; i++)
        {
            for (var gpu = 0; gpu < Gpus; gpu++)
            {
                var row = readings.Values[gpu];
                batch.Samples.Add(new Sample
                {
                    ObservedAtMs = readings.Times[i], GpuIndex = gpu, GpuName = "NVIDIA A100-SXM4-80GB", GpuUuid = UuidOf(readings.Host, gpu), GpuUtil = (float)row[0][i], MemUsed = (long)row[1][i],
                    MemTotal = (long)row[2][i], Temperature = (int)row[3][i], Power = (float)row[4][i],
                });
            }
        }
        return batch.ToByteArray();
    }

    /// <summary>One JSON object for each series, as <c>/api/v1/import</c> takes them.</summary>
    public static byte[] ToJsonLines(HostReadings readings, string fleet)
    {
        var text = new StringBuilder();
        for (var gpu = 0; gpu < Gpus; gpu++)
        {
            for (var field = 0; field < Fields.Length; field++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{{\"metric\":{{\"__name__\":\"{Fields[field]}\",\"fleet\":\"{fleet}\",\"host\":\"{readings.Host}\",\"gpu\":\"{UuidOf(readings.Host, gpu)}\"}},\"values\":[");
                text.AppendJoin(',', readings.Values[gpu][field].Select(value => value.ToString(CultureInfo.InvariantCulture))).Append("],\"timestamps\":[").AppendJoin(',', readings.Times).Append("]}\n");
            }
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>One line for each sample, as <c>/api/v1/import/csv</c> takes them in <see cref="CsvFormat"/>.</summary>
    public static byte[] ToCsv(HostReadings readings, string fleet)
    {
        var text = new StringBuilder();
        for (var i = 0; i < Readings; i++)
        {
            for (var gpu = 0; gpu < Gpus; gpu++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{fleet},{readings.Host},{UuidOf(readings.Host, gpu)},{readings.Times[i]}");
                foreach (var values in readings.Values[gpu]) text.Append(CultureInfo.InvariantCulture, $",{values[i]}");
                text.Append('\n');
            }
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static string CsvFormat => "1:label:fleet,2:label:host,3:label:gpu,4:time:unix_ms," + string.Join(',', Fields.Select((name, i) => $"{i + 5}:metric:{name}"));

    /// <summary>A request of Prometheus remote write.</summary>
    public static byte[] ToRemoteWrite(HostReadings readings, string fleet)
    {
        var request = new WriteRequest();
        for (var gpu = 0; gpu < Gpus; gpu++)
        {
            for (var number = 0; number < Fields.Length; number++)
            {
                var series = new TimeSeries
                {
                    Labels = { new Label { Name = "__name__", Value = Fields[number] }, new Label { Name = "fleet", Value = fleet }, new Label { Name = "gpu", Value = UuidOf(readings.Host, gpu) }, new Label { Name = "host", Value = $"{readings.Host}" } },
                };
                for (var i = 0; i < Readings; i++) series.Samples.Add(new Value { Timestamp = readings.Times[i], Value_ = readings.Values[gpu][number][i] });
                request.Timeseries.Add(series);
            }
        }
        return IronSnappy.Snappy.Encode(request.ToByteArray());
    }

    /// <summary>Rows as COPY takes them in binary, without head and end.</summary>
    public static byte[] ToCopyRows(HostReadings readings, Guid tenant)
    {
        const long postgresEpochMs = 946_684_800_000;
        var bytes = new MemoryStream();
        Span<byte> row = stackalloc byte[2 + 20 + 12 + 12 + 8 + 8 + 8 + 6 + 8];
        for (var i = 0; i < Readings; i++)
        {
            for (var gpu = 0; gpu < Gpus; gpu++)
            {
                var (values, at) = (readings.Values[gpu], 2);
                BinaryPrimitives.WriteInt16BigEndian(row, 8);
                BinaryPrimitives.WriteInt32BigEndian(row[at..], 16);
                tenant.TryWriteBytes(row[(at + 4)..], bigEndian: true, out _);
                at += 20;
                BinaryPrimitives.WriteInt32BigEndian(row[at..], 8);
                BinaryPrimitives.WriteInt64BigEndian(row[(at + 4)..], readings.Host * (long)Gpus + gpu);
                at += 12;
                BinaryPrimitives.WriteInt32BigEndian(row[at..], 8);
                BinaryPrimitives.WriteInt64BigEndian(row[(at + 4)..], (readings.Times[i] - postgresEpochMs) * 1_000);
                at += 12;
                at = Real(row, at, values[0][i]);
                at = Integer(row, at, (int)values[1][i]);
                at = Integer(row, at, (int)values[2][i]);
                BinaryPrimitives.WriteInt32BigEndian(row[at..], 2);
                BinaryPrimitives.WriteInt16BigEndian(row[(at + 4)..], (short)values[3][i]);
                at += 6;
                at = Real(row, at, values[4][i]);
                bytes.Write(row[..at]);
            }
        }
        return bytes.ToArray();

        static int Real(Span<byte> row, int at, double value)
        {
            BinaryPrimitives.WriteInt32BigEndian(row[at..], 4);
            BinaryPrimitives.WriteSingleBigEndian(row[(at + 4)..], (float)value);
            return at + 8;
        }

        static int Integer(Span<byte> row, int at, int value)
        {
            BinaryPrimitives.WriteInt32BigEndian(row[at..], 4);
            BinaryPrimitives.WriteInt32BigEndian(row[(at + 4)..], value);
            return at + 8;
        }
    }

    /// <summary>The table that <see cref="ToCopyRows"/> fits.</summary>
    public static string CopyTable(string name) =>
        $"create table {name} (tenant_id uuid not null, gpu_id bigint not null, observed_at timestamptz not null, gpu_util real not null, mem_used int not null, mem_total int not null, temperature smallint, power real)";

    private static string UuidOf(int host, int gpu) => $"GPU-{host:x8}-7a21-4c3e-9d00-{gpu:x12}";
}
