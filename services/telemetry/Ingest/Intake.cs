using System.Collections.Concurrent;
using Empire.Contracts.V1;
using Empire.Data;
using Empire.Http;
using Empire.Telemetry.Agents;
using Empire.Telemetry.Prices;
using Empire.Telemetry.Storage;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Ingest;

/// <summary>Takes batches, whichever way they come: checks, prices, encodes and logs them.</summary>
internal sealed class Intake(Database db, SampleLog samples, PriceBook prices, IOptions<IngestOptions> options, TimeProvider clock)
{
    private const int MostKnown = 100_000; // agents in memory; beyond it the memory starts anew

    private readonly ConcurrentDictionary<(TenantId, Guid), KnownAgent> known = new();
    private readonly ConcurrentDictionary<TenantId, string> tiers = new();

    public uint RetryAfterMs => (uint)options.Value.RetryAfter.TotalMilliseconds;

    /// <summary>Takes one batch; the next of the same agent follows only when this is answered.</summary>
    /// <param name="numbered">False: the sender does not number its batches, so a repeat would be stored again.</param>
    /// <param name="interval">Seconds between samples, for an agent that has never said.</param>
    public async Task<BatchReply> TakeAsync(Caller caller, SampleBatch batch, bool numbered, int interval, CancellationToken ct)
    {
        var reply = new BatchReply { Sequence = batch.Sequence };
        IReadOnlyList<FieldError> faults = SampleRules.Check(batch, numbered, clock.GetUtcNow());
        if (faults.Any(fault => fault.Field is "agent_id" or "sequence")) // nobody to count it for
        {
            reply.Refused = new() { Errors = { faults } };
            return reply;
        }
        var agent = Guid.Parse(batch.AgentId);
        KnownAgent host;
        IReadOnlyList<(int, byte[])> parts = [];
        try
        {
            host = await MeetAsync(caller, agent, faults.Count == 0 ? batch.Host : null, interval, ct);
            if (batch.Sequence == 0 && numbered) return await GreetAsync(caller, agent, reply, ct);
            if (faults.Count == 0) parts = await EncodeAsync(caller.Tenant, agent, host, batch, ct);
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException)
        {
            reply.RetryAfterMs = RetryAfterMs;
            return reply;
        }
        var stored = await samples.StoreAsync(new(caller.Tenant, agent, numbered ? (long)batch.Sequence : 0, parts, Count(batch.Dropped?.Summarised), Count(batch.Dropped?.Lost), Refused: faults.Count > 0));
        if (!stored.Taken)
        {
            reply.RetryAfterMs = RetryAfterMs;
            return reply;
        }
        reply.HighestSequence = (ulong)stored.HighestSequence;
        if (stored.RefusedBefore && faults.Count == 0) faults = [new() { Field = "sequence", Detail = "belongs to a batch that was refused; send this one under a number of its own." }];
        if (faults.Count > 0) reply.Refused = new() { Errors = { faults } };
        else reply.Stored = new() { Count = (uint)batch.Samples.Count, Repeated = stored.Repeated };
        return reply;

        static long Count(ulong? count) => (long)Math.Min(count ?? 0, uint.MaxValue);
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
        if (known.TryGetValue((caller.Tenant, agent), out var before) && (tags is null || tags.Equals(before.Tags)) && before.Tier == caller.Tier) return before;
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        work.NothingToAudit();
        var profile = await AgentTable.MeetAsync(work, agent, tags, interval, ct);
        // Once, not for each agent: a fleet that connects at once would queue for its account's row.
        if (caller.Tier is { } tier && tiers.GetValueOrDefault(caller.Tenant) != tier)
            await work.ExecuteAsync(
                "insert into accounts as a (tenant_id, tier) values (@tenant, @tier) on conflict (tenant_id) do update set tier = excluded.tier where a.tier <> excluded.tier",
                new { tenant = caller.Tenant.Value, tier }, ct);
        await work.CommitAsync(ct);
        if (known.Count >= MostKnown) known.Clear();
        if (tiers.Count >= MostKnown) tiers.Clear();
        if (caller.Tier is { } told) tiers[caller.Tenant] = told;
        return known[(caller.Tenant, agent)] = new(tags ?? before?.Tags, profile, caller.Tier, tags is null ? before?.Series ?? new() : new());
    }

    private async Task<IReadOnlyList<(int, byte[])>> EncodeAsync(TenantId tenant, Guid agent, KnownAgent host, SampleBatch batch, CancellationToken ct)
    {
        var parts = BatchBuilder.Build(batch, host.Profile, prices);
        var missing = parts.SelectMany(part => part.Select(block => block.Series)).Where(key => !host.Series.ContainsKey(key)).Distinct().ToArray();
        if (missing.Length > 0)
        {
            await using var work = await db.BeginAsync(tenant, ct);
            work.NothingToAudit();
            var made = await AgentTable.SeriesAsync(work, agent, missing, ct);
            await work.CommitAsync(ct);
            foreach (var (key, id) in made) host.Series[key] = id;
        }
        return [.. parts.Select(part => (part.Sum(block => block.Block.Count), BatchFrame.Write([.. part.Select(block => (host.Series[block.Series], block.Block))])))];
    }

    private sealed record KnownAgent(HostTags? Tags, HostProfile Profile, string? Tier, ConcurrentDictionary<SeriesKey, long> Series);
}
