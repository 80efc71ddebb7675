using Empire.Data;
using Empire.Http;
using Empire.Telemetry.Fleet;
using Empire.Telemetry.Prices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Savings;

/// <summary><c>/api/v1/telemetry/measures</c>: what was done to spend less, and what it really brought.</summary>
public static class MeasureEndpoints
{
    private const int OldestDays = 365, MostReplacements = 100, LongestNote = 500, MostGpus = 1024;
    private static readonly string[] Kinds = ["shut_down", "schedule_shutdown", "smaller_gpu", "consolidate", "mig_split", "spot"];

    /// <example>{"kind": "schedule_shutdown", "agent_id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9012", "taken_on": "2026-03-02", "note": "Nights off by cron"}</example>
    /// <param name="Kind">As in a recommendation: shut_down, schedule_shutdown, smaller_gpu, consolidate, mig_split or spot.</param>
    /// <param name="AgentId">The host it was done to.</param>
    /// <param name="GpuIndex">Only this GPU of it; left out: the whole host.</param>
    /// <param name="TakenOn">UTC day on which it was done; left out: today.</param>
    /// <param name="ReplacedBy">Agents that do the work now: what they cost counts.</param>
    public sealed record Request(string Kind, Guid AgentId, int? GpuIndex = null, DateOnly? TakenOn = null, IReadOnlyList<Guid>? ReplacedBy = null, string? Note = null);

    /// <param name="Saved">US dollars, over the days compared: what they would have cost less what they did; negative where it cost more. Null where too little is known, and then <paramref name="Reason"/> says what.</param>
    /// <param name="Low">With <paramref name="High"/>: between which it lies in 95 of 100 cases.</param>
    /// <param name="MonthlySaved">The same over 30 days.</param>
    /// <param name="Promised">What the advice of that day said for a month; null where there was none.</param>
    /// <param name="Days">Compared.</param>
    /// <example>{"id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f902f", "kind": "schedule_shutdown", "agent_id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9012", "hostname": "trainer-1", "gpu_index": null,
    /// "replaced_by": [], "taken_on": "2026-03-02", "note": "Nights off by cron", "days": 28, "spent": 1111.04, "would_have_spent": 1666.56, "saved": 555.52, "low": 531.2, "high": 578.9,
    /// "monthly_saved": 595.2, "promised": 595.2, "reason": null}</example>
    public sealed record View(
        Guid Id, string Kind, Guid AgentId, string Hostname, int? GpuIndex, IReadOnlyList<Guid> ReplacedBy, DateOnly TakenOn, string Note, int Days, decimal? Spent, decimal? WouldHaveSpent, decimal? Saved,
        decimal? Low, decimal? High, decimal? MonthlySaved, decimal? Promised, string? Reason);

    /// <param name="Saved">Of all that can be measured.</param>
    /// <example>{"saved": 555.52, "measured": 1, "measures": [{"id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f902f", "kind": "schedule_shutdown", "agent_id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9012",
    /// "hostname": "trainer-1", "gpu_index": null, "replaced_by": [], "taken_on": "2026-03-02", "note": "Nights off by cron", "days": 28, "spent": 1111.04, "would_have_spent": 1666.56,
    /// "saved": 555.52, "low": 531.2, "high": 578.9, "monthly_saved": 595.2, "promised": 595.2, "reason": null}]}</example>
    public sealed record List(decimal Saved, int Measured, IReadOnlyList<View> Measures);

    public static void MapMeasures(this IEndpointRouteBuilder telemetry)
    {
        telemetry.MapGet("/measures", ListAsync).WithName("ListMeasures");
        telemetry.MapGet("/measures/{id:guid}", ShowAsync).WithName("GetMeasure");
        telemetry.MapPost("/measures", RecordAsync).WithName("RecordMeasure").WithIdempotencyKey();
        telemetry.MapDelete("/measures/{id:guid}", WithdrawAsync).WithName("WithdrawMeasure");
    }

    internal static async Task<List> ListAsync(Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var views = new List<View>();
        foreach (var measure in await MeasureTable.AllAsync(work, ct)) views.Add(await ViewAsync(work, measure, ct));
        return new(views.Sum(view => view.Saved ?? 0), views.Count(view => view.Saved is not null), views);
    }

    internal static async Task<Results<Ok<View>, NotFound>> ShowAsync(Guid id, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return await MeasureTable.FindAsync(work, id, ct) is { } measure ? TypedResults.Ok(await ViewAsync(work, measure, ct)) : TypedResults.NotFound();
    }

    internal static async Task<Results<Created<View>, ProblemHttpResult>> RecordAsync(Request request, Caller caller, Database db, PriceBook prices, IOptions<PriceOptions> options, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var today = DateOnly.FromDateTime(work.Now.UtcDateTime);
        var (takenOn, replacements) = (request.TakenOn ?? today, request.ReplacedBy?.Distinct().ToArray() ?? []);
        if (!Kinds.Contains(request.Kind)) throw new InvalidFieldException("kind", $"wanted: {string.Join(", ", Kinds)}.");
        if (request.GpuIndex is < 0 or >= MostGpus) throw new InvalidFieldException("gpu_index", $"wanted: 0 to {MostGpus - 1}.");
        if (request.Note is { Length: > LongestNote } || request.Note?.Any(char.IsControl) is true) throw new InvalidFieldException("note", $"wanted: one line of at most {LongestNote} characters.");
        if (takenOn > today || takenOn < today.AddDays(-OldestDays)) throw new InvalidFieldException("taken_on", $"wanted: a day that has begun, at most {OldestDays} days ago.");
        if (replacements.Length > MostReplacements || replacements.Contains(request.AgentId)) throw new InvalidFieldException("replaced_by", $"wanted: at most {MostReplacements} other agents.");
        // The host's row is the lock: two measures of one host at a time would both count what one of them saved.
        if (await work.QuerySingleOrDefaultAsync<Guid?>("select id from agents where tenant_id = current_tenant() and id = @AgentId for update", new { request.AgentId }, ct) is null)
            throw new InvalidFieldException("agent_id", "there is no such agent.");
        if (await work.QuerySingleAsync<int>("select count(*)::int from agents where tenant_id = current_tenant() and id = any(@replacements)", new { replacements }, ct) < replacements.Length)
            throw new InvalidFieldException("replaced_by", "there is no such agent.");
        Guid[] hosts = [request.AgentId, .. replacements];
        if (await work.QuerySingleOrDefaultAsync<Guid?>(
            """
            select id from measures where tenant_id = current_tenant() and (agent_id = any(@hosts) or replaced_by && @hosts) and (agent_id <> @AgentId or gpu_index is null or @GpuIndex::int is null or gpu_index = @GpuIndex)
              and taken_on between @takenOn::date - @after and @takenOn::date + @after limit 1
            """, new { hosts, request.AgentId, request.GpuIndex, takenOn, after = Counterfactual.DaysAfter }, ct) is { } other)
            return new Refusal("measure-overlaps", $"Measure {other} compares the same host within {Counterfactual.DaysAfter} days: what either saved could not be told apart. Withdraw it first.").ToProblem();
        var advice = (await AdviceReader.ReadAsync(work, prices, options.Value, ct)).FirstOrDefault(one => one.Kind == request.Kind && one.AgentId == request.AgentId && one.GpuIndex == request.GpuIndex);
        var id = Guid.CreateVersion7(work.Now);
        await work.ExecuteAsync(
            """
            insert into measures (id, tenant_id, kind, agent_id, gpu_index, replaced_by, taken_on, promised_micros, note, created_at)
            values (@id, @Tenant, @Kind, @AgentId, @GpuIndex, @replacements, @takenOn, @promised, @note, @Now)
            """,
            new
            {
                id, work.Tenant, request.Kind, request.AgentId, request.GpuIndex, replacements, takenOn, promised = advice is null ? (long?)null : Money.Of(advice.MonthlySavings, Currency.Usd).Micros,
                note = request.Note ?? "", Now = work.Now.UtcDateTime,
            }, ct);
        work.Audit("measure.recorded", "measure", $"{id}", new { request.Kind, request.AgentId, request.GpuIndex, takenOn });
        var view = await ViewAsync(work, (await MeasureTable.FindAsync(work, id, ct))!, ct);
        await work.CommitAsync(ct);
        return TypedResults.Created($"/api/v1/telemetry/measures/{id}", view);
    }

    internal static async Task<Results<NoContent, NotFound>> WithdrawAsync(Guid id, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await work.ExecuteAsync("delete from measures where tenant_id = current_tenant() and id = @id", new { id }, ct) == 0) return TypedResults.NotFound();
        work.Audit("measure.withdrawn", "measure", $"{id}");
        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task<View> ViewAsync(Work work, Measure measure, CancellationToken ct)
    {
        var (measured, days, reason) = await MeasureTable.CompareAsync(work, measure, ct);
        return new(
            measure.Id, measure.Kind, measure.AgentId, measure.Hostname, measure.GpuIndex, measure.ReplacedBy, measure.TakenOn, measure.Note, days, Shown(measured?.SpentMicros), Shown(measured?.ExpectedMicros),
            Shown(measured?.SavedMicros), Shown(measured?.LowMicros), Shown(measured?.HighMicros), measured is null ? null : Shown(measured.SavedMicros * 30 / days), Shown(measure.PromisedMicros), reason);
    }

    private static decimal? Shown(long? micros) => micros is { } known ? Dollars.Of(known) : null;
}
