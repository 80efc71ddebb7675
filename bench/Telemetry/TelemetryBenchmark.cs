using System.Diagnostics;
using Dapper;
using Empire.Contracts.V1;
using Empire.Testing;
using Grpc.Net.Client;
using Npgsql;

namespace Empire.Bench.Telemetry;

/// <summary>Samples from agents' streams to durable rows, against victoria-metrics importing the same samples and against the bare floor: COPY of the same rows.</summary>
internal sealed class TelemetryBenchmark : IBenchmark
{
    private const int Hosts = 64, Batches = 60, Window = 4, Rounds = 3, PeerConnections = 8, InsertConnections = 8;
    private const int Samples = Hosts * Batches * GpuReadings.Samples;
    private const int RowByRow = 16_000; // of them: more would only take minutes

    public string Name => "telemetry";
    public string Summary => "GPU samples stored from agents' streams, and their bytes, against victoria-metrics and COPY";

    public async Task RunAsync(CancellationToken ct)
    {
        if (!OwnVictoriaMetrics.IsInstalled) throw new InvalidOperationException("This benchmark needs victoria-metrics: apt-get install victoria-metrics.");
        var start = TimeProvider.System.GetUtcNow().AddHours(-Rounds * 4 - 4).ToUnixTimeMilliseconds();
        var readings = GpuReadings.Make(Hosts, Batches, start);
        await using var ours = await TelemetryProcess.StartAsync(ct);
        await using var owner = await ours.Database.OpenAsOwnerAsync();
        var durable = await owner.ExecuteScalarAsync<string>("select 'fsync ' || current_setting('fsync') || ', synchronous_commit ' || current_setting('synchronous_commit')");
        Console.WriteLine($"{Samples:N0} samples of {GpuReadings.Fields.Length} fields: {Hosts} hosts of {GpuReadings.Gpus} GPUs, a second apart, {GpuReadings.Samples} a batch; {Environment.ProcessorCount} cores; PostgreSQL with {durable}; {Rounds} rounds taken in turn, the best counts");

        // Every form that a sender can write by itself; the fastest is the one that counts. Its native form is left out: only victoria-metrics makes that, by exporting.
        var forms = new (string Name, string Path, Func<HostReadings, string, byte[]> Write)[]
        {
            ("JSON lines", "api/v1/import", GpuReadings.ToJsonLines), ("CSV", $"api/v1/import/csv?format={GpuReadings.CsvFormat}", GpuReadings.ToCsv),
            ("remote write", "api/v1/write", GpuReadings.ToRemoteWrite),
        };
        List<Result> stored = [], bare = [], indexed = [], inserted = [];
        var peers = forms.ToDictionary(form => form.Name, _ => new List<Result>());
        await SendAsync(ours, readings, batches: 5, new(), ct); // warms up
        await SettledAsync(owner);
        for (var round = 0; round < Rounds; round++)
        {
            stored.Add(await OursAsync(ours, owner, readings, ct));
            foreach (var (name, path, write) in forms) peers[name].Add(await PeerAsync(path, host => write(host, $"{name}{round}"), readings, ct));
            bare.Add(await CopyAsync(owner, readings, index: false, ct));
            indexed.Add(await CopyAsync(owner, readings, index: true, ct));
            inserted.Add(await InsertAsync(ours.Database, owner, readings, ct));
        }
        var (best, floor, rows) = (stored.MaxBy(Rate)!, bare.MaxBy(Rate)!, indexed.MaxBy(Rate)!);
        Console.WriteLine();
        Console.WriteLine("                                      rows/s     bytes/sample");
        Print("telemetry, acknowledged", best);
        foreach (var (name, results) in peers) Print($"victoria-metrics, {name}", results.MaxBy(Rate)!);
        Print("COPY, no index", floor);
        Print("COPY, primary key", rows);
        Print("INSERT, row by row", inserted.MaxBy(Rate)!);
        var peer = peers.Values.SelectMany(results => results).MaxBy(Rate)!;
        Console.WriteLine($"  to victoria-metrics        {Rate(best) / Rate(peer),12:0.00}        {best.BytesPerSample / peer.BytesPerSample,9:0.00}   (aim: rows above 1)");
        Console.WriteLine($"  to COPY, primary key       {Rate(best) / Rate(rows),12:0.00}        {best.BytesPerSample / rows.BytesPerSample,9:0.00}   (aim: bytes below 0.20)");
        Console.WriteLine($"  to COPY, no index          {Rate(best) / Rate(floor),12:0.00}");
        Console.WriteLine($"  to INSERT, row by row      {Rate(best) / Rate(inserted.MaxBy(Rate)!),12:0.00}        {InsertConnections} connections, prepared, each row its own transaction, into a primary key, {RowByRow:N0} rows");
        Console.WriteLine($"  {best.Note}");
        Console.WriteLine($"  until all of it is summed and packed, too: {Samples / (best.Time + best.Behind).TotalSeconds:N0} rows/s");
        Console.WriteLine("  telemetry answers what is on the disk; victoria-metrics what is in its memory, on the disk within five seconds");
        await PrintSizesAsync(owner, ct);

        static double Rate(Result result) => result.Rows / result.Time.TotalSeconds;
        static void Print(string what, Result result) => Console.WriteLine($"  {what,-28}{Rate(result),11:N0}        {result.BytesPerSample,9:0.00}");
    }

    private static async Task<Result> OursAsync(TelemetryProcess ours, NpgsqlConnection owner, HostReadings[][] readings, CancellationToken ct)
    {
        var (before, latencies, cpu) = (await SizeAsync(owner), new Latencies(), ours.Service.CpuTime);
        var time = await SendAsync(ours, readings, Batches, latencies, ct);
        cpu = ours.Service.CpuTime - cpu;
        var started = Stopwatch.GetTimestamp();
        await SettledAsync(owner);
        var behind = Stopwatch.GetElapsedTime(started);
        var bytes = (await SizeAsync(owner) - before) / (double)Samples;
        return new(time, bytes, behind, $"an answer after {latencies}; all summed and packed {behind.TotalSeconds:0.0} s after the last answer; the service took {cpu.TotalSeconds / time.TotalSeconds:0.0} cores and holds {ours.Service.ResidentBytes / 1e6:0} MB");
    }

    /// <returns>From the first byte to the last answer.</returns>
    private static async Task<TimeSpan> SendAsync(TelemetryProcess ours, HostReadings[][] readings, int batches, Latencies latencies, CancellationToken ct)
    {
        var caller = ours.CallerOf(TenantId.New(TimeProvider.System.GetUtcNow()));
        var tags = new HostTags { Hostname = "bench", Provider = "aws", Region = "us-east-1", InstanceType = "p4de.24xlarge", IntervalSeconds = 1 };
        var streams = readings.Select(host =>
        {
            var agent = Guid.CreateVersion7();
            return host.Take(batches).Select((batch, i) => BatchStream.Batch(agent, (ulong)i + 1, i == 0 ? tags : null, GpuReadings.ToProtobuf(batch))).ToArray();
        }).ToArray();
        using var channel = GrpcChannel.ForAddress(ours.Grpc);
        GC.Collect();
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(streams.Select(stream => Task.Run(() => BatchStream.SendAsync(channel, caller, stream, Window, latencies, ct), ct)));
        return Stopwatch.GetElapsedTime(started);
    }

    private static Task SettledAsync(NpgsqlConnection owner) =>
        Eventually.EqualAsync(0L, () => owner.ExecuteScalarAsync<long>("select count(*) from agents a join settlements s on s.tenant_id = a.tenant_id and s.agent_id = a.id where a.stored_to > s.settled_to"), TimeSpan.FromMinutes(2));

    /// <summary>Of the samples alone: chunks, and what waits in the log to be packed.</summary>
    private static async Task<long> SizeAsync(NpgsqlConnection owner)
    {
        await owner.ExecuteAsync("vacuum full intake"); // packed rows are gone, their room is not given back by itself
        return await owner.ExecuteScalarAsync<long>(
            "select pg_total_relation_size('intake') + coalesce((select sum(pg_total_relation_size(inhrelid)) from pg_inherits where inhparent = 'chunks'::regclass), 0)::bigint");
    }

    private static async Task PrintSizesAsync(NpgsqlConnection owner, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var (samples, sums) = await owner.QuerySingleAsync<(long, long)>(
            """
            select (select sum(samples) from chunks)::bigint + (select coalesce(sum(samples), 0) from intake)::bigint,
              (select sum(pg_total_relation_size(inhrelid)) from pg_inherits where inhparent in ('rollups_minute'::regclass, 'rollups_hour'::regclass))::bigint + pg_total_relation_size('rollups_day')
            """);
        Console.WriteLine($"  sums by minute, hour and day take {sums / (double)samples:0.00} bytes a sample more (a second apart)");
    }

    private static async Task<Result> PeerAsync(string path, Func<HostReadings, byte[]> write, HostReadings[][] readings, CancellationToken ct)
    {
        var bodies = readings.Select(host => host.Select(write).ToArray()).ToArray();
        await using var server = await OwnVictoriaMetrics.StartedAsync();
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = PeerConnections }) { BaseAddress = server.Address }; // more than its cores, as many as it likes
        GC.Collect();
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(bodies.Select(host => Task.Run(async () =>
        {
            foreach (var body in host)
            {
                using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), new ByteArrayContent(body), ct);
                answer.EnsureSuccessStatusCode();
            }
        }, ct)));
        var time = Stopwatch.GetElapsedTime(started);
        var taken = await server.FigureAsync("vm_rows_inserted_total");
        if (taken != (double)Samples * GpuReadings.Fields.Length) throw new InvalidOperationException($"victoria-metrics took {taken} values of {(long)Samples * GpuReadings.Fields.Length}.");
        await server.FlushAsync();
        return new(time, await server.FigureAsync("vm_data_size_bytes") / Samples);
    }

    private static async Task<Result> CopyAsync(NpgsqlConnection owner, HostReadings[][] readings, bool index, CancellationToken ct)
    {
        var tenant = Guid.CreateVersion7();
        var rows = readings.Select(host => host.Select(batch => GpuReadings.ToCopyRows(batch, tenant)).ToArray()).ToArray();
        await owner.ExecuteAsync($"drop table if exists bare; {GpuReadings.CopyTable("bare")};{(index ? "alter table bare add primary key (gpu_id, observed_at)" : "")}");
        byte[] head = [.. "PGCOPY\n"u8, 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0], end = [0xFF, 0xFF];
        GC.Collect();
        var started = Stopwatch.GetTimestamp();
        await using (var copy = await owner.BeginRawBinaryCopyAsync("copy bare from stdin (format binary)", ct))
        {
            await copy.WriteAsync(head, ct);
            for (var batch = 0; batch < Batches; batch++) // in the order of time, as they would come
                foreach (var host in rows) await copy.WriteAsync(host[batch], ct);
            await copy.WriteAsync(end, ct);
        }
        var time = Stopwatch.GetElapsedTime(started);
        var bytes = await owner.ExecuteScalarAsync<long>("select pg_total_relation_size('bare')");
        await owner.ExecuteAsync("drop table bare");
        return new(time, bytes / (double)Samples);
    }

    private static async Task<Result> InsertAsync(TestDatabase database, NpgsqlConnection owner, HostReadings[][] readings, CancellationToken ct)
    {
        var tenant = Guid.CreateVersion7();
        await owner.ExecuteAsync($"drop table if exists bare; {GpuReadings.CopyTable("bare")}; alter table bare add primary key (gpu_id, observed_at)");
        var connections = new List<NpgsqlConnection>();
        for (var i = 0; i < InsertConnections; i++) connections.Add(await database.OpenAsOwnerAsync());
        GC.Collect();
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(connections.Select((connection, host) => Task.Run(() => InsertAsync(connection, tenant, readings[host], RowByRow / InsertConnections, ct), ct)));
        var time = Stopwatch.GetElapsedTime(started);
        foreach (var connection in connections) await connection.DisposeAsync();
        var (rows, bytes) = await owner.QuerySingleAsync<(long, long)>("select count(*), pg_total_relation_size('bare') from bare");
        if (rows != RowByRow) throw new InvalidOperationException($"{rows} rows of {RowByRow} are there.");
        await owner.ExecuteAsync("drop table bare");
        return new(time, bytes / (double)rows, Rows: rows);
    }

    private static async Task InsertAsync(NpgsqlConnection connection, Guid tenant, HostReadings[] host, int rows, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand("insert into bare values ($1, $2, $3, $4, $5, $6, $7, $8)", connection);
        var (gpuId, at, util, used, total, heat, power) = (new NpgsqlParameter<long>(), new NpgsqlParameter<DateTime>(), new NpgsqlParameter<float>(), new NpgsqlParameter<int>(), new NpgsqlParameter<int>(), new NpgsqlParameter<short>(), new NpgsqlParameter<float>());
        foreach (var parameter in (NpgsqlParameter[])[new NpgsqlParameter<Guid> { TypedValue = tenant }, gpuId, at, util, used, total, heat, power]) insert.Parameters.Add(parameter);
        foreach (var (batch, i, gpu) in host.SelectMany(batch => Enumerable.Range(0, GpuReadings.Samples).Select(sample => (batch, sample / GpuReadings.Gpus, sample % GpuReadings.Gpus))).Take(rows))
        {
            var values = batch.Values[gpu];
            (gpuId.TypedValue, at.TypedValue) = (batch.Host * (long)GpuReadings.Gpus + gpu, DateTimeOffset.FromUnixTimeMilliseconds(batch.Times[i]).UtcDateTime);
            (util.TypedValue, used.TypedValue, total.TypedValue, heat.TypedValue, power.TypedValue) = ((float)values[0][i], (int)values[1][i], (int)values[2][i], (short)values[3][i], (float)values[4][i]);
            if (!insert.IsPrepared) await insert.PrepareAsync(ct);
            await insert.ExecuteNonQueryAsync(ct);
        }
    }

    /// <param name="Behind">After the last answer, until nothing was left to do.</param>
    private sealed record Result(TimeSpan Time, double BytesPerSample, TimeSpan Behind = default, string Note = "", long Rows = Samples);
}
