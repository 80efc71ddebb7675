using System.Threading.Channels;
using Empire.Data;
using Empire.Telemetry.Settling;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Empire.Telemetry.Ingest;

/// <summary>A batch on its way into the log.</summary>
/// <param name="Sequence">0: the sender does not number; nothing is known as a repeat.</param>
/// <param name="Parts">Encoded rows with their numbers of samples.</param>
/// <param name="IntervalSeconds">How often the host measured.</param>
/// <param name="Refused">Nothing of it is stored; only its number counts.</param>
internal sealed record LoggedBatch(TenantId Tenant, Guid Agent, long Sequence, IReadOnlyList<(int Samples, byte[] Data)> Parts, long Summarised, long Lost, int IntervalSeconds = HostProfile.UsualInterval, bool Refused = false)
{
    public int Samples { get; } = Parts.Sum(part => part.Samples);
}

/// <param name="Taken">False: the log is full or the database away; nothing was stored, try again.</param>
/// <param name="Repeated">It had been stored before.</param>
/// <param name="HighestSequence">Of the agent, ever.</param>
/// <param name="RefusedBefore">Its number belongs to a batch that was refused; nothing was stored, then or now.</param>
internal readonly record struct LogAnswer(bool Taken, bool Repeated, long HighestSequence, bool RefusedBefore = false);

/// <summary>The durable log of batches. Batches that arrive while one transaction commits share the next one; each is answered when its own has committed. What waits is
/// bounded: beyond it nothing is taken.</summary>
internal sealed partial class SampleLog : BackgroundService
{
    /// <summary>Numbers of refused batches that are remembered of an agent: more than any agent has under way.</summary>
    private const int MostRefused = 256;

    private readonly Channel<Waiting> waiting = Channel.CreateUnbounded<Waiting>();
    private readonly DatabaseRoles roles;
    private readonly SettleSignal settle;
    private readonly Inflow inflow;
    private readonly Reachable reachable;
    private readonly IngestOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<SampleLog> log;
    private readonly NpgsqlDataSource database;
    private int samplesWaiting;

    public SampleLog(DatabaseRoles roles, SettleSignal settle, Inflow inflow, Reachable reachable, IOptions<IngestOptions> options, TimeProvider clock, ILogger<SampleLog> log)
    {
        (this.roles, this.settle, this.inflow, this.reachable, this.options, this.clock, this.log) = (roles, settle, inflow, reachable, options.Value, clock, log);
        database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(this.roles.System) { MaxPoolSize = this.options.Writers + 1, MaxAutoPrepare = 10 });
    }

    /// <summary>Samples that wait for a commit now.</summary>
    public int SamplesWaiting => Volatile.Read(ref samplesWaiting);

    /// <summary>Completes when the batch's fate is durable. The caller sends the next batch of the same agent only after that: it keeps their order.</summary>
    public Task<LogAnswer> StoreAsync(LoggedBatch batch)
    {
        var weight = Math.Max(1, batch.Samples);
        var now = Interlocked.Add(ref samplesWaiting, weight);
        if (now > options.MostWaiting && now > weight) // a batch alone is always taken, however large
        {
            Interlocked.Add(ref samplesWaiting, -weight);
            return Task.FromResult(new LogAnswer(false, false, 0));
        }
        inflow.Add(weight);
        var entry = new Waiting(batch);
        if (waiting.Writer.TryWrite(entry)) return entry.Answered.Task;
        Interlocked.Add(ref samplesWaiting, -weight);
        return Task.FromResult(new LogAnswer(false, false, 0));
    }

    public override void Dispose()
    {
        base.Dispose();
        database.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, options.Writers).Select(_ => WriteAsync(stoppingToken)));
        }
        finally
        {
            waiting.Writer.TryComplete();
            while (waiting.Reader.TryRead(out var late)) Answer([late], [new(false, false, 0)]);
        }
    }

    private async Task WriteAsync(CancellationToken stoppingToken)
    {
        var group = new List<Waiting>();
        while (true)
        {
            try
            {
                if (!await waiting.Reader.WaitToReadAsync(stoppingToken)) return;
            }
            catch (OperationCanceledException) { return; }
            var samples = 0;
            while (samples < options.CommitSamples && waiting.Reader.TryRead(out var next))
            {
                group.Add(next);
                samples += next.Batch.Samples;
            }
            if (group.Count == 0) continue;
            LogAnswer[] answers;
            try
            {
                answers = await CommitAsync(group);
                FaultPoint.Pass("telemetry.batches-stored");
                settle.Set();
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException or TimeoutException or IOException)
            {
                // Whether it committed is not known: the senders try again, and find out by their numbers.
                reachable.Failed(e);
                LogFailed(log, group.Count, e);
                answers = [.. group.Select(_ => new LogAnswer(false, false, 0))];
            }
            catch (Exception e) // none of the batches is worth the loop
            {
                LogFailed(log, group.Count, e);
                answers = [.. group.Select(_ => new LogAnswer(false, false, 0))];
            }
            Answer(group, answers);
            group.Clear();
        }
    }

    private void Answer(List<Waiting> group, LogAnswer[] answers)
    {
        for (var i = 0; i < group.Count; i++)
        {
            Interlocked.Add(ref samplesWaiting, -Math.Max(1, group[i].Batch.Samples));
            group[i].Answered.TrySetResult(answers[i]);
        }
    }

    private async Task<LogAnswer[]> CommitAsync(List<Waiting> group)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var highest = await LockAsync(connection, group);
        var (answers, rows) = (new LogAnswer[group.Count], new Rows());
        var counts = new Dictionary<(Guid, Guid), Counts>();
        for (var i = 0; i < group.Count; i++)
        {
            var batch = group[i].Batch;
            var key = (batch.Tenant.Value, batch.Agent);
            var (last, refused) = highest[key];
            var repeated = batch.Sequence > 0 && batch.Sequence <= last;
            if (!repeated)
            {
                last = Math.Max(last, batch.Sequence);
                if (batch is { Refused: true, Sequence: > 0 }) refused = [.. refused.TakeLast(MostRefused - 1), batch.Sequence];
                highest[key] = (last, refused);
                var (_, _, summarised, lost) = counts.GetValueOrDefault(key);
                counts[key] = new(last, refused, summarised + batch.Summarised, lost + batch.Lost);
                foreach (var (samples, data) in batch.Parts) rows.Add(batch.Tenant.Value, batch.Agent, samples, data, batch.IntervalSeconds);
            }
            answers[i] = new(true, repeated, last, repeated && refused.Contains(batch.Sequence));
        }
        if (counts.Count > 0) await InsertAsync(connection, rows, counts);
        await transaction.CommitAsync();
        return answers;
    }

    /// <summary>In the order of their keys, so that no two writers wait for each other in a circle.</summary>
    private static async Task<Dictionary<(Guid, Guid), (long Highest, long[] Refused)>> LockAsync(NpgsqlConnection connection, List<Waiting> group)
    {
        var keys = group.Select(entry => (entry.Batch.Tenant.Value, entry.Batch.Agent)).Distinct().ToArray();
        await using var command = new NpgsqlCommand(
            "select a.tenant_id, a.id, a.highest_sequence, a.refused from agents a join unnest($1, $2) as w (tenant_id, id) on a.tenant_id = w.tenant_id and a.id = w.id order by a.tenant_id, a.id for update of a", connection);
        command.Parameters.Add(new() { Value = keys.Select(key => key.Value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = keys.Select(key => key.Agent).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        var found = new Dictionary<(Guid, Guid), (long, long[])>(keys.Length);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) found[(reader.GetGuid(0), reader.GetGuid(1))] = (reader.GetInt64(2), reader.GetFieldValue<long[]>(3));
        return found.Count == keys.Length ? found : throw new InvalidOperationException("A batch came of an agent that is not known.");
    }

    private async Task InsertAsync(NpgsqlConnection connection, Rows rows, Dictionary<(Guid, Guid), Counts> counts)
    {
        await using var command = new NpgsqlCommand(
            """
            with stored as (
              insert into intake (tenant_id, agent_id, received_at, samples, data, interval_seconds)
              select r.tenant_id, r.agent_id, $5, r.samples, r.data, r.interval_seconds from unnest($1, $2, $3, $4, $12) with ordinality as r (tenant_id, agent_id, samples, data, interval_seconds, place) order by r.place
              returning tenant_id, agent_id, id
            ),
            ends as (select tenant_id, agent_id, max(id) as stored_to from stored group by 1, 2)
            update agents a set highest_sequence = w.highest, summarised = a.summarised + w.summarised, lost = a.lost + w.lost, last_seen_at = $5, stored_to = coalesce(e.stored_to, a.stored_to),
              unsettled_since = case when e.stored_to is null then a.unsettled_since else coalesce(a.unsettled_since, $5) end,
              refused = case when w.refused = '' then a.refused else string_to_array(w.refused, ' ')::bigint[] end
            from unnest($6, $7, $8, $9, $10, $11) as w (tenant_id, id, highest, summarised, lost, refused) left join ends e on e.tenant_id = w.tenant_id and e.agent_id = w.id
            where a.tenant_id = w.tenant_id and a.id = w.id
            """, connection);
        Add(rows.Tenants.ToArray(), NpgsqlDbType.Uuid);
        Add(rows.Agents.ToArray(), NpgsqlDbType.Uuid);
        Add(rows.Samples.ToArray(), NpgsqlDbType.Integer);
        Add(rows.Data.ToArray(), NpgsqlDbType.Bytea);
        command.Parameters.Add(new() { Value = clock.GetUtcNow().UtcDateTime });
        Add(counts.Keys.Select(key => key.Item1).ToArray(), NpgsqlDbType.Uuid);
        Add(counts.Keys.Select(key => key.Item2).ToArray(), NpgsqlDbType.Uuid);
        Add(counts.Values.Select(count => count.Highest).ToArray(), NpgsqlDbType.Bigint);
        Add(counts.Values.Select(count => count.Summarised).ToArray(), NpgsqlDbType.Bigint);
        Add(counts.Values.Select(count => count.Lost).ToArray(), NpgsqlDbType.Bigint);
        Add(counts.Values.Select(count => string.Join(' ', count.Refused)).ToArray(), NpgsqlDbType.Text); // lists of several lengths: PostgreSQL has no array of them
        Add(rows.Intervals.ToArray(), NpgsqlDbType.Integer);
        await command.ExecuteNonQueryAsync();

        void Add(object values, NpgsqlDbType type) => command.Parameters.Add(new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    [LoggerMessage(1, LogLevel.Warning, "{Count} batches could not be stored; their senders keep them")]
    private static partial void LogFailed(ILogger log, int count, Exception e);

    private sealed record Waiting(LoggedBatch Batch)
    {
        public TaskCompletionSource<LogAnswer> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private readonly record struct Counts(long Highest, long[] Refused, long Summarised, long Lost);

    private sealed class Rows
    {
        public List<Guid> Tenants { get; } = [];
        public List<Guid> Agents { get; } = [];
        public List<int> Samples { get; } = [];
        public List<byte[]> Data { get; } = [];
        public List<int> Intervals { get; } = [];

        public void Add(Guid tenant, Guid agent, int samples, byte[] data, int interval)
        {
            Intervals.Add(interval);
            Tenants.Add(tenant);
            Agents.Add(agent);
            Samples.Add(samples);
            Data.Add(data);
        }
    }
}
