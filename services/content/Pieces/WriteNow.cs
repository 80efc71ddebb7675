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
    OperatorAccount installation, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    public const string FailedCode = "generation-failed";

    /// <summary>Put off, so that the idempotency key stays free (RFC 8470).</summary>
    private const int TooEarly = 425;

    /// <param name="Piece">Generated; null with a refusal.</param>
    /// <param name="Status">For the refusal: 429 over the day's budget, 425 while another worker writes it, 502 when no model gave an acceptable reply.</param>
    public sealed record Written(Piece? Piece, Refusal? Refusal = null, int Status = StatusCodes.Status200OK);

    /// <inheritdoc cref="TryWriteAsync"/>
    /// <returns>The piece's id when it was generated, otherwise the answer for the caller.</returns>
    public async Task<(PieceId? Piece, ProblemHttpResult? Problem)> WriteAsync(Caller caller, string kind, Brief brief, string? idempotencyKey, CancellationToken ct)
    {
        var written = await TryWriteAsync(caller.Tenant, kind, brief, idempotencyKey, ct);
        return (written.Piece?.Id, written.Refusal?.ToProblem(written.Status));
    }

    /// <param name="idempotencyKey">Of the caller; null for none. A repeat after a crash finds the piece that the first request asked for.</param>
    public async Task<Written> TryWriteAsync(TenantId tenant, string kind, Brief brief, string? idempotencyKey, CancellationToken ct)
    {
        var requestKey = $"direct:{kind}:{idempotencyKey ?? $"{Guid.CreateVersion7(clock.GetUtcNow())}"}";
        if (await FindAsync(tenant, requestKey, ct) is { } earlier)
        {
            if (earlier.State != Piece.FailedState) return Of(earlier);
            requestKey = $"direct:{kind}:{Guid.CreateVersion7(clock.GetUtcNow())}"; // what failed may be tried anew under the same idempotency key
        }
        var (piece, refusal) = await TakeAsync(tenant, kinds.Get(kind), brief, requestKey, ct);
        if (refusal is not null) return new(null, refusal, StatusCodes.Status429TooManyRequests);
        if (piece is null) return Of((await FindAsync(tenant, requestKey, ct))!); // a twin was faster
        // A caller who hangs up does not stop it: the call may be paid for already.
        var writing = await writer.WriteAsync(piece, lifetime.ApplicationStopping);
        if (writing.Refusal is { } overBudget)
        {
            await writer.FailAsync(piece, overBudget.Detail);
            return new(null, overBudget, StatusCodes.Status429TooManyRequests);
        }
        return Of((await FindAsync(tenant, piece.RequestKey, CancellationToken.None))!);
    }

    private static Written Of(Piece piece) => piece.State switch
    {
        Piece.GeneratedState => new(piece),
        Piece.FailedState => new(null, new(FailedCode, piece.Failure!), StatusCodes.Status502BadGateway),
        _ => new(null, new("being-written", $"{piece.Id} is being written; it will be at /api/content/{piece.Id}."), TooEarly),
    };

    private async Task<Piece?> FindAsync(TenantId tenant, string requestKey, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(tenant, ct);
        return (await PieceTable.FindByKeysAsync(work, [requestKey], ct)).SingleOrDefault();
    }

    /// <summary>Asks for the piece and takes it at once, unless the day's budget would refuse its first call, or there is one of this key: then there is no piece.</summary>
    private async Task<(Piece?, Refusal?)> TakeAsync(TenantId tenant, PieceKind kind, Brief brief, string requestKey, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var other = !await installation.IsAsync(tenant, ct);
        await using var work = await db.BeginAsync(tenant, ct);
        var version = await PromptChoices.ActiveAsync(work, kind.Name, ct);
        var piece = Piece.Request(tenant, requestKey, batchId: null, kind, product: null, brief, version, now);
        var prompt = prompts.Get(kind.Name, version);
        var model = router.Route(prompt.Route, piece.Niche)[0];
        var today = await BudgetTable.ReadAsync(work, DailyBudget.DayOf(now), ct);
        var ceiling = prompt.For(brief.Json, [], model).CeilingAt(model);
        if (today.Refuses(ceiling, budget.Value.Limit) is { } refusal)
        {
            if (await HighCosts.TellAsync(work, HighCosts.OwnBudget, today, budget.Value.Limit, refusal, now, ct)) await work.CommitAsync(ct);
            return (null, refusal);
        }
        if (other && (await OthersBudgetTable.ReadAsync(work, today.Day, ct)).RefusesOthers(ceiling, budget.Value.OthersLimit) is { } closed) return (null, closed);
        piece.Take(now + generation.Value.Lease);
        if (!await PieceTable.AddAsync(work, piece, ct)) return (null, null);
        await work.CommitAsync(ct);
        return (piece, null);
    }
}
