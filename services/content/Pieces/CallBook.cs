using Empire.Content.Budget;
using Empire.Content.Llm;
using Empire.Content.Review;
using Empire.Contracts;
using Empire.Data;
using Microsoft.Extensions.Options;

namespace Empire.Content.Pieces;

/// <summary>Keeps the books of the calls for a piece: each method is one transaction over the piece, its call, the day's budget and the one that accounts share, locked in this order.</summary>
/// <remarks>A worker that has lost its piece changes nothing here: the one that took it over has booked its open call as lost.</remarks>
public sealed partial class CallBook(
    Database db, OperatorAccount installation, IOptions<BudgetOptions> budget, IOptions<GenerationOptions> generation, TimeProvider clock, ILogger<CallBook> log)
{
    /// <param name="Call">Null: no call may go out.</param>
    /// <param name="StartsAt">The call's place in the provider's window.</param>
    /// <param name="Refusal">Why the budget says no; null with a null call means that the piece is lost.</param>
    public sealed record Reservation(Guid? Call, DateTimeOffset StartsAt = default, Refusal? Refusal = null);

    /// <summary>Sets the call's ceiling aside, takes its place in the provider's window and extends the lease until it is over.</summary>
    public async Task<Reservation> ReserveAsync(Piece held, Model model, Money ceiling, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var runsInstallation = await installation.FindAsync(ct);
        await using var work = await db.BeginAsync(held.TenantId, ct);
        var piece = await PieceTable.LockAsync(work, held.Id, ct);
        if (!piece.IsHeldBy(held.Claim)) return new(null);
        var day = await BudgetTable.LockAsync(work, DailyBudget.DayOf(now), ct);
        if (day.Reserve(ceiling, budget.Value.Limit) is { } refusal)
        {
            await TellAsync(work, HighCosts.OwnBudget, day, budget.Value.Limit, refusal, now, ct);
            return new(null, default, refusal);
        }
        var others = runsInstallation == held.TenantId ? null : await OthersBudgetTable.LockAsync(work, day.Day, ct);
        if (others?.ReserveOthers(ceiling, budget.Value.OthersLimit) is { } closed)
        {
            if (runsInstallation is { } tenant)
            {
                await work.ActForAsync(tenant, ct);
                await TellAsync(work, HighCosts.OthersBudget, others, budget.Value.OthersLimit, others.Refuses(ceiling, budget.Value.OthersLimit)!, now, ct);
            }
            return new(null, default, closed);
        }
        var startsAt = await ProviderWindow.TakeAsync(work, model.Provider, now, ct);
        var call = LlmCall.Reserve(piece.Id.Value, model, ceiling, day.Day, others is not null, now);
        piece.ExtendLease(startsAt + generation.Value.Lease);
        await BudgetTable.SaveAsync(work, day, ct);
        if (others is not null) await OthersBudgetTable.SaveAsync(work, others, ct);
        await LlmCallTable.AddAsync(work, call, ct);
        await PieceTable.SaveAsync(work, piece, ct);
        await work.CommitAsync(ct);
        return new(call.Id, startsAt);
    }

    /// <summary>Records what became of a call: its cost, and the piece if the reply was good. From here on nothing is cancelled, for the call was made.</summary>
    /// <returns>False when the piece is another worker's now; then nothing changed.</returns>
    public async Task<bool> SettleAsync(Piece held, Guid callId, Model model, LlmAnswer answer, Draft? draft, PieceKind kind)
    {
        var ct = CancellationToken.None;
        var now = clock.GetUtcNow();
        await using var work = await db.BeginAsync(held.TenantId, ct);
        var piece = await PieceTable.LockAsync(work, held.Id, ct);
        if (!piece.IsHeldBy(held.Claim)) return false;
        var call = await LlmCallTable.LockAsync(work, callId, ct);
        switch (answer)
        {
            case LlmAnswer.Reply reply:
                call.Settle(model.Cost(reply.InputTokens, reply.OutputTokens), reply.InputTokens, reply.OutputTokens, draft is null ? LlmCall.Rejected : LlmCall.Accepted, now);
                if (call.CostMicros > call.ReservedMicros) LogAboveCeiling(log, held.Id, call.Id, model.Id);
                break;
            case LlmAnswer.Refused:
                call.Refuse(now);
                break;
            default:
                call.Lose(now);
                break;
        }
        await CloseAsync(work, piece, call, now, ct);
        if (draft is not null)
        {
            work.Publish(piece.Complete(draft, model, now));
            await kind.KeepAsync(work, piece, ct);
        }
        await PieceTable.SaveAsync(work, piece, ct);
        await work.CommitAsync(ct);
        return true;
    }

    /// <summary>Calls that a dead worker left open: whether they were charged nobody knows, so they are booked at their ceiling.</summary>
    public async Task BookLostCallsAsync(Piece held, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginAsync(held.TenantId, ct);
        var piece = await PieceTable.LockAsync(work, held.Id, ct);
        var open = await LlmCallTable.LockOpenAsync(work, held.Id.Value, ct);
        if (open.Count == 0 || !piece.IsHeldBy(held.Claim)) return;
        foreach (var call in open)
        {
            call.Lose(now);
            await CloseAsync(work, piece, call, now, ct);
            LogLostCall(log, held.Id, call.Id, new Money(call.ReservedMicros, Currency.Usd));
        }
        await PieceTable.SaveAsync(work, piece, ct);
        await work.CommitAsync(ct);
    }

    /// <summary>A call that never went out: what was set aside for it is free again.</summary>
    public async Task ReleaseAsync(Piece held, Guid callId)
    {
        var ct = CancellationToken.None;
        var now = clock.GetUtcNow();
        await using var work = await db.BeginAsync(held.TenantId, ct);
        var piece = await PieceTable.LockAsync(work, held.Id, ct);
        if (!piece.IsHeldBy(held.Claim)) return;
        var call = await LlmCallTable.LockAsync(work, callId, ct);
        call.Release(now);
        await CloseAsync(work, piece, call, now, ct);
        await work.CommitAsync(ct);
    }

    /// <summary>Lets go of a piece that was not finished. A call under way is booked as lost by whoever takes the piece next.</summary>
    public async Task PutBackAsync(Piece held, DateTimeOffset dueAt, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(held.TenantId, ct);
        var piece = await PieceTable.LockAsync(work, held.Id, ct);
        if (!piece.IsHeldBy(held.Claim)) return;
        piece.PutBack(dueAt);
        await PieceTable.SaveAsync(work, piece, ct);
        await work.CommitAsync(ct);
    }

    /// <returns>False when the piece is another worker's now.</returns>
    public async Task<bool> FailAsync(Piece held, string reason)
    {
        var ct = CancellationToken.None;
        await using var work = await db.BeginAsync(held.TenantId, ct);
        var piece = await PieceTable.LockAsync(work, held.Id, ct);
        if (!piece.IsHeldBy(held.Claim)) return false;
        work.Publish(piece.Fail(reason, clock.GetUtcNow()));
        await PieceTable.SaveAsync(work, piece, ct);
        await work.CommitAsync(ct);
        return true;
    }

    /// <summary>Commits the work, in which nothing but the alert has changed.</summary>
    private async Task TellAsync(Work work, string subject, DailyBudget day, Money limit, Refusal refusal, DateTimeOffset now, CancellationToken ct)
    {
        if (!await HighCosts.TellAsync(work, subject, day, limit, refusal, now, ct)) return;
        await work.CommitAsync(ct);
        LogHighCosts(log, work.Tenant, refusal.Detail);
    }

    /// <summary>Moves a closed call's money from reserved to spent, onto the piece, and to whoever keeps the books of the business.</summary>
    private static async Task CloseAsync(Work work, Piece piece, LlmCall call, DateTimeOffset now, CancellationToken ct)
    {
        var day = await BudgetTable.LockAsync(work, call.BudgetDay, ct);
        day.Settle(call.ReservedMicros, call.CostMicros ?? 0);
        await BudgetTable.SaveAsync(work, day, ct);
        if (call.Others)
        {
            var others = await OthersBudgetTable.LockAsync(work, call.BudgetDay, ct);
            others.Settle(call.ReservedMicros, call.CostMicros ?? 0);
            await OthersBudgetTable.SaveAsync(work, others, ct);
        }
        await LlmCallTable.SaveAsync(work, call, ct);
        if (call.CostMicros is not (> 0 and var micros)) return;
        piece.AddCost(micros);
        work.Publish(new CostIncurred
        {
            TenantId = piece.TenantId.Value,
            CostId = call.Id,
            Category = "llm",
            Micros = micros,
            Currency = Currency.Usd.Code,
            PieceId = piece.Id.Value,
            ProductId = piece.ProductId,
            Niche = piece.Niche,
            Platform = piece.Platform,
            PromptVersion = piece.PromptName,
            Description = call.Statement,
            Test = call.Test,
            OccurredAt = now,
        });
    }

    [LoggerMessage(1, LogLevel.Warning, "High costs for {Tenant}: {Detail}")]
    private static partial void LogHighCosts(ILogger log, TenantId tenant, string detail);

    [LoggerMessage(3, LogLevel.Error, "{Piece}: call {Call} cost more than {Model} may cost; its price or its token limit is wrong in Llm:Models")]
    private static partial void LogAboveCeiling(ILogger log, PieceId piece, Guid call, string model);

    [LoggerMessage(2, LogLevel.Warning, "{Piece}: call {Call} was left open by a dead worker and is booked at {Ceiling}")]
    private static partial void LogLostCall(ILogger log, PieceId piece, Guid call, Money ceiling);
}
