using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Empire.Contracts.V1;
using Empire.Http;
using Empire.Telemetry.Prices;
using Empire.Telemetry.Savings;
using Empire.Tiers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Telemetry.Ingest;

/// <summary><c>POST /api/track-usage</c>: a batch as JSON. A program that only knows <c>api_key</c> and <c>gpu_data</c> is one unnumbered agent of its account; one that numbers
/// its batches has the same promises as over gRPC.</summary>
public static class TrackUsage
{
    /// <summary>An agent that does not say how often it measures does so every five minutes, as its first version did.</summary>
    private const int UsualInterval = 300;

    /// <example>{"gpu_data": [{"gpu_index": 0, "gpu_name": "Tesla V100", "gpu_util": 62.5, "mem_used": 9200, "mem_total": 16384, "cost_per_hour": 2.48}]}</example>
    /// <param name="ApiKey">Read at the door.</param>
    /// <param name="Host">Needs no more than is known.</param>
    public sealed record Request(IReadOnlyList<GpuSample>? GpuData = null, string? ApiKey = null, string? AgentId = null, ulong? Sequence = null, HostFields? Host = null, DroppedFields? Dropped = null, long? ClockMs = null);

    /// <summary>As the message Sample of telemetry.proto.</summary>
    /// <param name="ObservedAtMs">Null: now.</param>
    /// <param name="CostPerHour">US dollars; null: from the price book.</param>
    public sealed record GpuSample(
        int? GpuIndex = null, string? GpuName = null, double? GpuUtil = null, double? MemUsed = null, double? MemTotal = null, decimal? CostPerHour = null, long? ObservedAtMs = null, string? GpuUuid = null,
        double? MemUtil = null, int? Temperature = null, double? Power = null, ulong? Energy = null, uint? SmClock = null, uint? MemClock = null, ulong? ThrottleReasons = null, ulong? EccCorrected = null,
        ulong? EccUncorrected = null, uint? Xid = null, ulong? PcieRx = null, ulong? PcieTx = null, uint? MigInstance = null, bool? MigEnabled = null, string? JobId = null, string? Provider = null,
        IReadOnlyList<ProcessFields>? Processes = null, uint? SpanMs = null);

    public sealed record ProcessFields(uint Pid, string? Name = null, double? Mem = null, double? Sm = null, string? JobId = null);

    public sealed record HostFields(
        string? Hostname = null, string? Provider = null, string? Region = null, string? InstanceType = null, string? DriverVersion = null, string? AgentVersion = null, uint? IntervalSeconds = null,
        IReadOnlyDictionary<string, string>? Labels = null, bool? Spot = null);

    public sealed record DroppedFields(ulong? Summarised = null, ulong? Lost = null);

    /// <param name="PotentialHourlySavings">US dollars: what the GPUs of this batch waste, by the last sample of each.</param>
    /// <param name="MonthlyProjection">The same over 720 hours.</param>
    /// <param name="ClockShiftMs">What must be added to the sender's clock_ms to be right; left out where it is right to five minutes, or was not said.</param>
    /// <example>{"status": "success", "gpus_monitored": 1, "potential_hourly_savings": 0.0, "monthly_projection": 0.0, "tier": "free", "sequence": null, "highest_sequence": null, "clock_shift_ms": -7200000}</example>
    public sealed record Response(string Status, int GpusMonitored, decimal PotentialHourlySavings, decimal MonthlyProjection, string Tier, ulong? Sequence = null, ulong? HighestSequence = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? ClockShiftMs = null);

    internal static async Task<Results<Ok<Response>, ValidationProblem, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, Intake intake, PriceBook prices, TimeProvider clock, HttpContext context, CancellationToken ct)
    {
        if (request.GpuData is null) return TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["gpu_data"] = ["is required."] });
        if (Faults(request) is { Count: > 0 } faults) return TypedResults.ValidationProblem(faults);
        var numbered = request.Sequence is not null;
        var batch = BatchOf(request, caller, clock.GetUtcNow());
        var (reply, host) = await intake.TakeAsync(caller, batch, numbered, UsualInterval, ct);
        if (reply.OutcomeCase == BatchReply.OutcomeOneofCase.Refused)
            return TypedResults.ValidationProblem(reply.Refused.Errors.GroupBy(error => error.Field).ToDictionary(field => field.Key, field => field.Select(error => error.Detail).ToArray()));
        if (reply.OutcomeCase != BatchReply.OutcomeOneofCase.Stored)
        {
            context.Response.Headers.RetryAfter = $"{Math.Max(1, reply.RetryAfterMs / 1000)}";
            return new Refusal("unavailable", "The samples could not be stored just now; send them again shortly.").ToProblem(StatusCodes.Status503ServiceUnavailable);
        }
        var split = MigRates.Of(batch, whole => RateOf(whole, host, prices));
        var last = batch.Samples.Index().GroupBy(sample => (sample.Item.GpuIndex, sample.Item.HasMigInstance ? (int)sample.Item.MigInstance : -1)).Select(gpu => gpu.Last()).ToArray();
        var savings = last.Sum(sample => SavingsRule.Waste(split is not null && split.TryGetValue(sample.Index, out var share) ? share : RateOf(sample.Item, host, prices),
            sample.Item.HasGpuUtil && !sample.Item.MigEnabled ? (long)Math.Round(sample.Item.GpuUtil * 100.0) : null, sample.Item.HasMigInstance));
        return TypedResults.Ok(new Response(
            "success", last.Length, Dollars(savings), Dollars(savings * SavingsRule.HoursOfMonth), caller.Tier ?? TierTable.Free, numbered ? reply.Sequence : null, numbered ? reply.HighestSequence : null, reply.ClockShiftMs == 0 ? null : reply.ClockShiftMs));
    }

    /// <summary>The one unnumbered reporter of an account.</summary>
    internal static Guid ReporterOf(TenantId tenant) => new(SHA256.HashData([.. "reporter:"u8, .. tenant.Value.ToByteArray()]).AsSpan(0, 16));

    /// <summary>To the cent, with at least one decimal, as the first version printed it.</summary>
    private static decimal Dollars(long micros) => decimal.Round((decimal)micros / Money.MicrosPerUnit, 2, MidpointRounding.ToEven) + 0.0m;

    private static long RateOf(Sample sample, HostProfile? host, PriceBook prices) => sample.CostPerHour is { } cost ? cost.Micros
        : prices.Of(host?.Provider ?? "", host?.Region ?? "", host?.InstanceType ?? "", sample.GpuName, sample.MemTotal, host?.Spot ?? false, sample.HasMigInstance).Micros;

    /// <summary>What the batch's own message has no room for.</summary>
    private static Dictionary<string, string[]> Faults(Request request)
    {
        var faults = new Dictionary<string, string[]>();
        for (var i = 0; i < request.GpuData!.Count && faults.Count < 20; i++)
        {
            if (request.GpuData[i] is not { } sample)
            {
                faults[$"gpu_data[{i}]"] = ["must not be null."];
                continue;
            }
            if (sample.CostPerHour is < 0 or > 10_000) faults[$"gpu_data[{i}].cost_per_hour"] = ["must be 0 to 10000 US dollars."];
            else if (sample.CostPerHour is { } cost && decimal.Round(cost, 6) != cost) faults[$"gpu_data[{i}].cost_per_hour"] = ["must have at most six decimals."];
            if (sample.MemUsed is < 0 or > 1e12 or double.NaN) faults[$"gpu_data[{i}].mem_used"] = ["must be 0 or more, in MiB."];
            if (sample.MemTotal is < 0 or > 1e12 or double.NaN) faults[$"gpu_data[{i}].mem_total"] = ["must be 0 or more, in MiB."];
            if (sample.Processes is { } processes && processes.Any(process => process is null || process.Mem is < 0 or > 1e12)) faults[$"gpu_data[{i}].processes"] = ["mem must be 0 or more, in MiB."];
        }
        return faults;
    }

    private static SampleBatch BatchOf(Request request, Caller caller, DateTimeOffset now)
    {
        var batch = new SampleBatch
        {
            AgentId = request.AgentId ?? ReporterOf(caller.Tenant).ToString(), Sequence = request.Sequence ?? 0, Host = HostOf(request),
            Dropped = request.Dropped is { } dropped ? new() { Summarised = dropped.Summarised ?? 0, Lost = dropped.Lost ?? 0 } : null, ClockMs = request.ClockMs ?? 0,
        };
        var thereNow = HostClock.IsUseless(HostClock.Off(batch.ClockMs, now)) ? DateTimeOffset.FromUnixTimeMilliseconds(batch.ClockMs) : now; // all times are the sender's until they are moved
        foreach (var given in request.GpuData!) batch.Samples.Add(SampleOf(given, thereNow));
        return batch;
    }

    private static HostTags? HostOf(Request request)
    {
        // The first version's agents name a provider with each GPU, and nothing else of their host.
        if (request.Host is not { } host)
            return request.GpuData!.FirstOrDefault(sample => sample.Provider is { Length: > 0 })?.Provider is { } provider ? new() { Provider = provider, IntervalSeconds = UsualInterval } : null;
        var tags = new HostTags
        {
            Hostname = host.Hostname ?? "", Provider = host.Provider ?? "", Region = host.Region ?? "", InstanceType = host.InstanceType ?? "", DriverVersion = host.DriverVersion ?? "",
            AgentVersion = host.AgentVersion ?? "", IntervalSeconds = host.IntervalSeconds ?? UsualInterval, Spot = host.Spot ?? false,
        };
        foreach (var (name, value) in host.Labels ?? new Dictionary<string, string>()) tags.Labels[name] = value ?? "";
        return tags;
    }

    private static Sample SampleOf(GpuSample given, DateTimeOffset now)
    {
        var sample = new Sample { ObservedAtMs = given.ObservedAtMs ?? now.ToUnixTimeMilliseconds(), GpuUuid = given.GpuUuid ?? "", GpuName = given.GpuName ?? "", JobId = given.JobId ?? "" };
        if (given.GpuIndex is { } index) sample.GpuIndex = index;
        if (given.GpuUtil is { } util) sample.GpuUtil = (float)util;
        if (given.MemUtil is { } memUtil) sample.MemUtil = (float)memUtil;
        if (given.MemUsed is { } used) sample.MemUsed = (long)Math.Round(used);
        if (given.MemTotal is { } total) sample.MemTotal = (long)Math.Round(total);
        if (given.Temperature is { } temperature) sample.Temperature = temperature;
        if (given.Power is { } power) sample.Power = (float)power;
        if (given.Energy is { } energy) sample.Energy = energy;
        if (given.SmClock is { } smClock) sample.SmClock = smClock;
        if (given.MemClock is { } memClock) sample.MemClock = memClock;
        if (given.ThrottleReasons is { } reasons) sample.ThrottleReasons = reasons;
        if (given.EccCorrected is { } corrected) sample.EccCorrected = corrected;
        if (given.EccUncorrected is { } uncorrected) sample.EccUncorrected = uncorrected;
        if (given.Xid is { } xid) sample.Xid = xid;
        if (given.PcieRx is { } rx) sample.PcieRx = rx;
        if (given.PcieTx is { } tx) sample.PcieTx = tx;
        if (given.MigInstance is { } instance) sample.MigInstance = instance;
        sample.MigEnabled = given.MigEnabled ?? false;
        if (given.SpanMs is { } span) sample.SpanMs = span;
        if (given.CostPerHour is { } cost) sample.CostPerHour = new() { Micros = Money.Of(cost, Currency.Usd).Micros, Currency = "USD" };
        foreach (var process in given.Processes ?? [])
        {
            var told = new ProcessSample { Pid = process.Pid, Name = process.Name ?? "", JobId = process.JobId ?? "" };
            if (process.Mem is { } memory) told.Mem = (long)Math.Round(memory);
            if (process.Sm is { } sm) told.Sm = (float)sm;
            sample.Processes.Add(told);
        }
        return sample;
    }
}
