using Empire.Data;
using Microsoft.Extensions.Options;

namespace Empire.Content.Pieces;

/// <summary>Generates what is due, several pieces at once. Each lane takes one piece under a lease, in any number of replicas; a piece whose worker died is taken over.</summary>
public sealed partial class GenerationWorker(
    Database db, PieceWriter writer, DuePieces due, OperatorAccount installation, IOptions<GenerationOptions> options, TimeProvider clock, ILogger<GenerationWorker> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.Parallelism).Select(_ => RunLaneAsync(stoppingToken)));

    private async Task RunLaneAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await installation.FindAsync(stoppingToken); // whose budget a call is on must be known before a piece is taken
                if (await TakeAsync(stoppingToken) is not { } piece) await due.WaitAsync(stoppingToken);
                else if (await writer.WriteAsync(piece, stoppingToken) is { Outcome: WritingOutcome.OverBudget })
                    await writer.PutBackAsync(piece, Budget.DailyBudget.NextDay(clock.GetUtcNow()), stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogLaneFailed(log, e);
                await Task.Delay(options.Value.PollEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return; // the host stops; the writer has put its piece back
            }
        }
    }

    /// <returns>The piece, now held by this worker; null when nothing is due.</returns>
    private async Task<Piece?> TakeAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginSystemAsync(ct);
        if (await PieceTable.LockNextAsync(work, now, ct) is not { } piece) return null;
        await work.ActForAsync(piece.TenantId, ct);
        if (piece.State == Piece.Generating) LogTakenOver(log, piece.Id, piece.Claim);
        piece.Take(now + options.Value.Lease);
        await PieceTable.SaveAsync(work, piece, ct);
        await work.CommitAsync(ct);
        return piece;
    }

    [LoggerMessage(1, LogLevel.Error, "A lane of the generation worker failed; it goes on")]
    private static partial void LogLaneFailed(ILogger log, Exception e);

    [LoggerMessage(2, LogLevel.Warning, "{Piece} is taken over: the worker of try {Claim} is gone")]
    private static partial void LogTakenOver(ILogger log, PieceId piece, int claim);
}
