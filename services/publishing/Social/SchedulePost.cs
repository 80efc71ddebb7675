using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Effects;
using Empire.Http;
using Empire.Publishing.X;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Publishing.Social;

/// <summary>Schedules a post: the row and its effect, due at the time, commit together.</summary>
public static class SchedulePost
{
    /// <example>{"platform": "twitter", "content": "Forty steps of grind, and the one you need is the ninth."}</example>
    /// <param name="Platform">twitter (or x), linkedin, reddit, tiktok.</param>
    /// <param name="ScheduledTime">Not in the past; null is now.</param>
    public sealed record Request(
        [Required] string Platform, [Required, StringLength(4000, MinimumLength = 1)] string Content, IReadOnlyList<string>? MediaUrls = null, DateTimeOffset? ScheduledTime = null);

    public static async Task<Results<Created<SocialPost>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, Database db, [FromKeyedServices(XSetup.Provider)] XOptions x, XAccess access, TimeProvider clock, CancellationToken ct,
        [FromHeader(Name = "Idempotency-Key")] string? requestKey = null)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (requestKey is not null && await SocialPostTable.FindRequestAsync(work, requestKey, ct) is { } known) return Created(known);
        var now = clock.GetUtcNow();
        var platform = SocialPlatform.Find(request.Platform) ?? throw new InvalidFieldException("platform", $"wanted: one of {SocialPlatform.All}.");
        if (request.ScheduledTime < now) throw new InvalidFieldException("scheduled_time", "is in the past.");
        if (SocialPlatform.NotConnected(platform) is { } away) return away.ToProblem(StatusCodes.Status501NotImplemented);
        if (request.MediaUrls is { Count: > 0 })
            return new Refusal("media-not-available", "media_urls: posts with pictures or video cannot be sent to twitter yet.").ToProblem(StatusCodes.Status501NotImplemented);
        if (PostText.WeightedLength(request.Content) is > PostText.MaxLength and var length)
            throw new InvalidFieldException("content", $"counts {length} on twitter, which takes {PostText.MaxLength}.");

        if (await access.CheckAsync(caller.Tenant, ct) is { } closed) return closed.ToProblem(x.Off ? StatusCodes.Status501NotImplemented : StatusCodes.Status403Forbidden);
        var id = Guid.CreateVersion7(now);
        var due = request.ScheduledTime?.ToUniversalTime() ?? now;
        if (await XAccountTable.CheckAsync(work, x.Account, ct) is { } stopped) return stopped.ToProblem();
        var post = await SocialPostTable.InsertAsync(work, id, requestKey, caller.Actor, platform, request.Content, due, x.Sandbox, ct);
        var effect = new EffectPlan<PostToX>(post.Id, new(null, id, x.Account, request.Content, null, x.Sandbox), due, PostToX.Quotas(x, due));
        if (await work.PlanAsync(effect, ct) is { } full) return full.ToProblem(StatusCodes.Status429TooManyRequests);
        await work.CommitAsync(ct);
        return Created(post);
    }

    private static Created<SocialPost> Created(SocialPost post) => TypedResults.Created($"/api/social/calendar?from={Uri.EscapeDataString($"{post.ScheduledTime:O}")}", post);
}
