using Empire.Content.Budget;
using Empire.Content.Llm;
using Empire.Content.Prompts;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Content.Pieces;

/// <summary>Writes a piece while its caller waits. Should this process die meanwhile, a worker takes the piece over and it is found in the catalogue.</summary>
public sealed class WriteNow(
    Database db, PieceWriter writer, PieceKinds kinds, PromptLibrary prompts, ModelRouter router, IOptions<BudgetOptions> budget, IOptions<GenerationOptions> generation,
    IHostApplicationLifetime lifetime, TimeProvider clock)
{
    public const string FailedCode = "generation-failed";

    /// <summary>Put off, so that the idempotency key stays free (RFC 8470).</summary>
    private const int TooEarly = 425;

    /// <param name="idempotencyKey">Of the caller; null for none. A repeat after a crash finds the piece that the first request asked for.</param>
    /// <returns>The piece's id when it was generated, otherwise the answer for the caller: 429 over the day's budget, 425 while
    /// another worker writes it, 502 when no model gave an acceptable reply.</returns>
    public async Task<(PieceId? Piece, ProblemHttpResult? Problem)> WriteAsync(Caller caller, string kind, Brief brief, string? idempotencyKey, CancellationToken ct)
    {
        var requestKey = $"direct:{kind}:{idempotencyKey ?? $"{Guid.CreateVersion7(clock.GetUtcNow())}"}";
        if (await FindAsync(caller, requestKey, ct) is { } earlier)
        {
            if (earlier.State != Piece.FailedState) return Of(earlier);
            requestKey = $"direct:{kind}:{Guid.CreateVersion7(clock.GetUtcNow())}"; // what failed may be tried anew under the same idempotency key
        }
        var (piece, refusal) = await TakeAsync(caller, kinds.Get(kind), brief, requestKey, ct);
        if (piece is null) return (null, refusal!.ToProblem(StatusCodes.Status429TooManyRequests));
        // A caller who hangs up does not stop it: the call may be paid for already.
        var writing = await writer.WriteAsync(piece, lifetime.ApplicationStopping);
        if (writing.Refusal is { } overBudget)
        {
            await writer.FailAsync(piece, overBudget.Detail);
            return (null, overBudget.ToProblem(StatusCodes.Status429TooManyRequests));
        }
        return writing.Outcome == WritingOutcome.Generated ? (piece.Id, null) : Of((await FindAsync(caller, piece.RequestKey, ct))!);
    }

    private static (PieceId?, ProblemHttpResult?) Of(Piece piece) => piece.State switch
    {
        Piece.GeneratedState => (piece.Id, null),
        Piece.FailedState => (null, new Refusal(FailedCode, piece.Failure!).ToProblem(StatusCodes.Status502BadGateway)),
        _ => (null, new Refusal("being-written", $"{piece.Id} is being written; it will be at /api/content/{piece.Id}.").ToProblem(TooEarly)),
    };

    private async Task<Piece?> FindAsync(Caller caller, string requestKey, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return (await PieceTable.FindByKeysAsync(work, [requestKey], ct)).SingleOrDefault();
    }

    /// <summary>Asks for the piece and takes it at once, unless the day's budget would refuse its first call: then there is no piece.</summary>
    private async Task<(Piece?, Refusal?)> TakeAsync(Caller caller, PieceKind kind, Brief brief, string requestKey, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var version = await PromptChoices.ActiveAsync(work, kind.Name, ct);
        var piece = Piece.Request(caller.Tenant, requestKey, batchId: null, kind, product: null, brief, version, now);
        var prompt = prompts.Get(kind.Name, version);
        var model = router.Route(prompt.Route, piece.Niche)[0];
        var today = await BudgetTable.ReadAsync(work, DailyBudget.DayOf(now), ct);
        if (today.Refuses(prompt.For(brief.Json, [], model).CeilingAt(model), budget.Value.Limit) is { } refusal) return (null, refusal);
        piece.Take(now + generation.Value.Lease);
        await PieceTable.AddAsync(work, piece, ct);
        await work.CommitAsync(ct);
        return (piece, null);
    }
}
