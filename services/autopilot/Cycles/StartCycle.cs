using Empire.Autopilot.Schedule;
using Empire.Data;
using Empire.Http;
using Grpc.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Autopilot.Cycles;

/// <summary>Starts a cycle now: on the affiliate networks' products, or on one of the owner's feeds.</summary>
public static class StartCycle
{
    /// <example>{"feed_id": "feed_0199f3a17c5b7d3e8a4b5c6d7e8f9012"}</example>
    /// <param name="FeedId">A feed uploaded before; null for the networks.</param>
    public sealed record Request(string? FeedId = null);

    /// <example>{"cycle_id": "cyc_0199f3a17c5b7d3e8a4b5c6d7e8f9019", "state": "queued", "day": "2026-03-02", "source": "networks"}</example>
    public sealed record Response(string CycleId, string State, DateOnly Day, string Source);

    public static async Task<Results<Accepted<Response>, ProblemHttpResult>> HandleAsync(
        Request? request, Caller caller, Database db, IEnumerable<ICycleStep> steps, IOptionsSnapshot<CyclePlan> plan, TenantCalendar calendar,
        CycleSignal signal, TimeProvider clock, CancellationToken ct)
    {
        if (caller.Role is "viewer") return new Refusal("forbidden", "A viewer may not start cycles.").ToProblem(StatusCodes.Status403Forbidden);
        DateOnly day;
        try
        {
            day = await calendar.TodayAsync(caller.Tenant, ct);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            return new Refusal("service-unavailable", "The account's calendar cannot be read right now. Try again shortly.").ToProblem(StatusCodes.Status503ServiceUnavailable);
        }
        var now = clock.GetUtcNow();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await SourceAsync(work, request?.FeedId, ct) is not { } source)
            return new Refusal("not-found", $"feed_id: there is no feed '{request?.FeedId}'.").ToProblem(StatusCodes.Status404NotFound);
        var id = await CycleTable.AddAsync(work, day, source, "manual", plan.Value, caller.Actor, steps.Select(step => step.Name), now, ct);
        await work.CommitAsync(ct);
        signal.Set();
        var publicId = PublicId.Format("cyc", id!.Value);
        return TypedResults.Accepted($"/api/v1/autopilot/cycles/{publicId}", new Response(publicId, "queued", day, source.Source));
    }

    private static async Task<(string Source, Guid? FeedId)?> SourceAsync(Work work, string? feed, CancellationToken ct)
    {
        if (feed is null) return ("networks", null);
        if (!PublicId.TryParse("feed", feed, out var id)) return null;
        var hash = await work.QuerySingleOrDefaultAsync<string?>("select content_hash from feeds where id = @id and tenant_id = @Tenant", new { id, work.Tenant }, ct);
        return hash is null ? null : ($"feed:{hash[..16]}", id);
    }
}
