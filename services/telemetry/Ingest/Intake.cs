using System.Collections.Concurrent;
using Empire.Contracts.V1;
using Empire.Data;
using Empire.Http;
using Empire.Telemetry.Accounts;
using Empire.Telemetry.Agents;
using Empire.Telemetry.Ingest.Wire;
using Empire.Telemetry.Prices;
using Google.Protobuf;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Ingest;

/// <summary>Takes batches, whichever way they come: checks, prices, encodes and logs them.</summary>
internal sealed class Intake(Database db, SampleLog samples, PriceBook prices, Reachable reachable, IOptions<IngestOptions> options, TimeProvider clock)
{
    private const int MostKnown = 100_000, MostKnownSeries = 16_384; // agents in memory, and series of one of them; beyond it the memory starts anew

    private static readonly ObjectPool<BatchColumns> everyday = ObjectPool.Create<BatchColumns>(); // keeps as many as there are threads at work

    private readonly ConcurrentDictionary<(TenantId, Guid), KnownAgent> known = new();
    private readonly ConcurrentDictionary<TenantId, string> tiers = new();

    public uint RetryAfterMs => (uint)options.Value.RetryAfter.TotalMilliseconds;

    /// <summary>Takes one batch; the next of the same agent follows only when this is answered. A refused one spends no number: its sender may find the fault by sending less of it.</summary>
    /// <param name="numbered">False: the sender does not number its batches, so a repeat would be stored again.</param>
    /// <param name="interval">Seconds between samples, for an agent that has never said.</param>
    /// <returns>Host: what is known of it by now, also where this batch does not say it; null where the batch was not stored.</returns>
    public async Task<(BatchReply Reply, HostProfile? Host)> TakeAsync(Caller caller, SampleBatch batch, bool numbered, int interval, CancellationToken ct)
    {
        var prepared = await PrepareAsync(caller, batch, numbered, interval, ct);
        return (await StoreAsync(caller, prepared.Faults.Count > 0 ? prepared with { Log = null } : prepared, ct), prepared.Host);
    }

    /// <summary>All that comes before the storing of a numbered batch, which may still be ahead of its turn.</summary>
    /// <param name="agent">Whose batch it must be; null: anybody's. With another's nothing is done.</param>
    /// <exception cref="InvalidProtocolBufferException">These are no bytes of a batch.</exception>
    public async Task<PreparedBatch> PrepareAsync(Caller caller, string? agent, BatchBytes bytes, CancellationToken ct)
    {
        var columns = everyday.Get();
        try
        {
            var everydays = ColumnReader.TryRead(bytes.Span, clock.GetUtcNow(), columns);
            var batch = everydays ? columns.Head : SampleBatch.Parser.ParseFrom(bytes.Span);
            if (agent is not null && batch.AgentId != agent) return new(batch.AgentId, batch.Sequence, null, [], batch.ClockMs);
            return everydays ? await PrepareAsync(caller, batch, [], columns, numbered: true, HostProfile.UsualInterval, ct) : await PrepareAsync(caller, batch, numbered: true, HostProfile.UsualInterval, ct);
        }
        finally
        {
            everyday.Return(columns);
        }
    }

    private Task<PreparedBatch> PrepareAsync(Caller caller, SampleBatch batch, bool numbered, int interval, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        HostClock.Correct(batch, now);
        return PrepareAsync(caller, batch, SampleRules.Check(batch, numbered, now), null, numbered, interval, ct);
    }

    /// <param name="columns">What was read of the batch; null: its samples are in it.</param>
    private async Task<PreparedBatch> PrepareAsync(Caller caller, SampleBatch batch, IReadOnlyList<FieldError> faults, BatchColumns? columns, bool numbered, int interval, CancellationToken ct)
    {
        if (faults.Any(fault => fault.Field is "agent_id" or "sequence")) return new(batch.AgentId, batch.Sequence, null, faults, batch.ClockMs); // nobody to count it for
        var agent = Guid.Parse(batch.AgentId);
        IReadOnlyList<(int, byte[])> parts = [];
        KnownAgent host;
        try
        {
            host = await MeetAsync(caller, agent, faults.Count == 0 ? batch.Host : null, interval, ct);
            if (batch.Sequence == 0 && numbered) return new(batch.AgentId, 0, new(caller.Tenant, agent, 0, [], 0, 0), [], batch.ClockMs, Greeting: true);
            if (faults.Count == 0 && await EncodeAsync(caller.Tenant, agent, host, batch, columns, ct) is var encoded)
            {
                if (encoded is null) faults = [new() { Field = "gpu_data", Detail = $"must not name more than {options.Value.MostNewSeries} GPUs and instances in a day that the agent never named before." }];
                else parts = encoded;
            }
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException)
        {
            reachable.Failed(e);
            return new(batch.AgentId, batch.Sequence, null, [], batch.ClockMs);
        }
        return new(batch.AgentId, batch.Sequence, new(caller.Tenant, agent, numbered ? (long)batch.Sequence : 0, parts, Count(batch.Dropped?.Summarised), Count(batch.Dropped?.Lost), host.Profile.IntervalSeconds, Refused: faults.Count > 0), faults, batch.ClockMs, Host: host.Profile);

        static long Count(ulong? count) => (long)Math.Min(count ?? 0, uint.MaxValue);
    }

    /// <summary>Completes when the batch's fate is durable. An agent's next batch is stored only after that: it keeps their order.</summary>
    public async Task<BatchReply> StoreAsync(Caller caller, PreparedBatch prepared, CancellationToken ct)
    {
        var reply = new BatchReply { Sequence = prepared.Sequence, ClockShiftMs = HostClock.Off(prepared.ClockMs, clock.GetUtcNow()) };
        if (prepared.Log is null)
        {
            if (prepared.Faults.Count > 0) reply.Refused = new() { Errors = { prepared.Faults } };
            else reply.RetryAfterMs = RetryAfterMs;
            return reply;
        }
        if (prepared.Greeting)
        {
            try { return await GreetAsync(caller, prepared.Log.Agent, reply, ct); }
            catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException)
            {
                reachable.Failed(e);
                return new() { RetryAfterMs = RetryAfterMs };
            }
        }
        var stored = await samples.StoreAsync(prepared.Log);
        if (!stored.Taken)
        {
            reply.RetryAfterMs = RetryAfterMs;
            return reply;
        }
        reply.HighestSequence = (ulong)stored.HighestSequence;
        var faults = prepared.Faults;
        if (stored.RefusedBefore && faults.Count == 0) faults = [new() { Field = "sequence", Detail = "belongs to a batch that was refused; send this one under a number of its own." }];
        if (faults.Count > 0) reply.Refused = new() { Errors = { faults } };
        else reply.Stored = new() { Count = (uint)prepared.Log.Samples, Repeated = stored.Repeated };
        return reply;
    }

    private async Task<BatchReply> GreetAsync(Caller caller, Guid agent, BatchReply reply, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        reply.Stored = new();
        reply.HighestSequence = (ulong)await AgentTable.HighestSequenceAsync(work, agent, ct);
        return reply;
    }

    private async Task<KnownAgent> MeetAsync(Caller caller, Guid agent, HostTags? tags, int interval, CancellationToken ct)
    {
        if (known.TryGetValue((caller.Tenant, agent), out var before) && (tags is null || tags.Equals(before.Tags)) && before.Tier == caller.Tier)
            return before.Series.Count <= MostKnownSeries ? before : known[(caller.Tenant, agent)] = before with { Series = new() };
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        work.NothingToAudit();
        var profile = await AgentTable.MeetAsync(work, agent, tags, interval, ct);
        // Once, not for each agent: a fleet that connects at once would queue for its account's row.
        if (caller.Tier is { } tier && tiers.GetValueOrDefault(caller.Tenant) != tier)
            await AccountTier.ReportedAsync(work, tier, ct);
        await work.CommitAsync(ct);
        if (known.Count >= MostKnown) known.Clear();
        if (tiers.Count >= MostKnown) tiers.Clear();
        if (caller.Tier is { } told) tiers[caller.Tenant] = told;
        return known[(caller.Tenant, agent)] = new(tags ?? before?.Tags, profile, caller.Tier, tags is null ? before?.Series ?? new() : new());
    }

    /// <returns>Null: the batch names too many GPUs that are new.</returns>
    private async Task<IReadOnlyList<(int, byte[])>?> EncodeAsync(TenantId tenant, Guid agent, KnownAgent host, SampleBatch batch, BatchColumns? columns, CancellationToken ct)
    {
        var parts = columns?.Parts ?? BatchBuilder.Build(batch, host.Profile, prices);
        var missing = parts.SelectMany(part => part.Select(block => block.Series)).Where(key => !host.Series.ContainsKey(key)).Distinct().ToArray();
        if (missing.Length > 0)
        {
            await using var work = await db.BeginAsync(tenant, ct);
            work.NothingToAudit();
            if (await AgentTable.SeriesAsync(work, agent, missing, options.Value.MostNewSeries, ct) is not { } made) return null;
            await work.CommitAsync(ct);
            foreach (var (key, id) in made) host.Series[key] = new(id);
        }
        var (frame, encoded) = (columns?.Frame ?? new(), new (int, byte[])[parts.Count]);
        for (var i = 0; i < encoded.Length; i++)
        {
            var count = 0;
            foreach (var (key, block) in parts[i])
            {
                var series = host.Series[key];
                if (columns is not null) series.Price(block, key, host.Profile, prices);
                frame.Add(series.Id, block, 0, block.Count);
                count += block.Count;
            }
            encoded[i] = (count, frame.Take());
        }
        return encoded;
    }

    private sealed record KnownAgent(HostTags? Tags, HostProfile Profile, string? Tier, ConcurrentDictionary<SeriesKey, KnownSeries> Series);
}

/// <summary>A batch that was read, checked, priced and encoded, and is still to be stored.</summary>
/// <param name="Log">What goes into the log; null: nothing does.</param>
/// <param name="Faults">Why it is refused; without any, and with nothing for the log, it is not taken.</param>
/// <param name="ClockMs">What the sender's clock said, in Unix milliseconds; 0: nothing.</param>
/// <param name="Host">Null where nothing is to be stored.</param>
internal sealed record PreparedBatch(string AgentId, ulong Sequence, LoggedBatch? Log, IReadOnlyList<FieldError> Faults, long ClockMs, bool Greeting = false, HostProfile? Host = null);
