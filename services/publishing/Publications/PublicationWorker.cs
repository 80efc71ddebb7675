using Empire.Data;
using Empire.Publishing.Pieces;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Empire.Publishing.Publications;

/// <summary>Brings planned publications to their channels. Each step may be done again after a crash: the link is the one made first, the page and its event commit
/// together, and a post to a platform is an effect with the publication's own key.</summary>
public sealed partial class PublicationWorker(
    Database db, PieceSource pieces, TrackedLinks links, PublishToBlog blog, PublishToX x, PublicationSignal signal, IOptions<PublicationOptions> options,
    TimeProvider clock, ILogger<PublicationWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await TurnAsync(stoppingToken)) await signal.WaitAsync(options.Value.PollEvery, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception e)
            {
                LogTurnFailed(log, e);
                await signal.WaitAsync(options.Value.PollEvery, CancellationToken.None);
            }
        }
    }

    /// <returns>True when there may be more to claim at once.</returns>
    private async Task<bool> TurnAsync(CancellationToken ct)
    {
        IReadOnlyList<Publication> claimed;
        await using (var work = await db.BeginSystemAsync(ct))
        {
            claimed = await PublicationTable.ClaimAsync(work, options.Value.Concurrency, options.Value.Lease, clock.GetUtcNow(), ct);
            await work.CommitAsync(ct);
        }
        await Task.WhenAll(claimed.Select(publication => PublishAsync(publication, ct)));
        return claimed.Count == options.Value.Concurrency;
    }

    private async Task PublishAsync(Publication publication, CancellationToken ct)
    {
        try
        {
            var outcome = await StepsAsync(publication, ct);
            if (outcome.Refusal is { } refusal) await FailAsync(publication, $"{refusal.Code}: {refusal.Detail}", ct);
            else if (outcome.WaitUntil is { } until) await PostponeAsync(publication, until, failed: false, ct);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument) // a neighbour refuses what the piece holds, and would again
        {
            await FailAsync(publication, $"refused: {e.Status.Detail}", ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogAttemptFailed(log, PublicId.Format(Publication.Prefix, publication.Id), publication.Channel, e);
            await RetryOrFailAsync(publication, e.Message);
        }
    }

    private async Task<PublishOutcome> StepsAsync(Publication publication, CancellationToken ct)
    {
        var (piece, missing) = await pieces.GetAsync(publication.Tenant, publication.PieceId, ct);
        if (piece is null) return PublishOutcome.Refused(missing!);
        if (ContentRules.Check(piece) is { } refusal) return PublishOutcome.Refused(refusal);
        var code = piece.Product is null ? null : await links.CreateAsync(publication, piece.Product, ct);
        FaultPoint.Pass("publishing.linked");
        return publication.Channel == Channel.X ? await x.PlanAsync(publication, piece, code, ct) : await blog.PublishAsync(publication, piece, code, ct);
    }

    private async Task FailAsync(Publication publication, string reason, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(publication.Tenant, ct);
        if (!await PublicationTable.FailedAsync(work, publication, reason, clock.GetUtcNow(), ct)) return;
        await work.CommitAsync(ct);
        LogFailed(log, PublicId.Format(Publication.Prefix, publication.Id), publication.Channel, reason);
    }

    private async Task PostponeAsync(Publication publication, DateTimeOffset until, bool failed, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(publication.Tenant, ct);
        await PublicationTable.PostponeAsync(work, publication.Id, until, failed, ct);
        await work.CommitAsync(ct);
    }

    /// <summary>If even this fails, the lease runs out and the publication is claimed again.</summary>
    private async Task RetryOrFailAsync(Publication publication, string error)
    {
        try
        {
            if (publication.Failures + 1 >= options.Value.MaxFailures) await FailAsync(publication, $"gave-up: {error}", CancellationToken.None);
            else await PostponeAsync(publication, clock.GetUtcNow() + options.Value.RetryDelay * (1 << Math.Min(publication.Failures, 6)), failed: true, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogTurnFailed(log, e);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Looking for due publications failed")] private static partial void LogTurnFailed(ILogger log, Exception e);
    [LoggerMessage(2, LogLevel.Warning, "{Publication} to {Channel} failed and will be tried again")] private static partial void LogAttemptFailed(ILogger log, string publication, string channel, Exception e);
    [LoggerMessage(3, LogLevel.Warning, "{Publication} to {Channel} is given up: {Reason}")] private static partial void LogFailed(ILogger log, string publication, string channel, string reason);
}

/// <summary>What a channel says of a publication: it is on its way or public (both null), it will never be, or it must wait.</summary>
public readonly record struct PublishOutcome(Refusal? Refusal, DateTimeOffset? WaitUntil)
{
    public static PublishOutcome Done => default;
    public static PublishOutcome Refused(Refusal refusal) => new(refusal, null);
    public static PublishOutcome Wait(DateTimeOffset until) => new(null, until);
}
