using Empire.Data;
using Empire.Http;
using Empire.Payments.Heard;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Payments.Transactions;

/// <summary>Pending, confirmed, paid: a person moves a transaction forward, one step at a time and never back. Each step is a fact in the raw log, and a fact stands once.</summary>
public static class MoveTransaction
{
    /// <summary><c>POST /api/v1/revenue/transactions/{id}/confirm</c>: the debtor stands by it.</summary>
    public static Task<Results<Ok<Transaction>, NotFound, ProblemHttpResult>> ConfirmAsync(string id, Caller caller, Database db, CancellationToken ct) =>
        MoveAsync(id, caller, db, "transaction.confirmed", TransactionStatus.Pending, (work, row) =>
            HeardEvents.AddAsync(work, row.Id, new TransactionConfirmed(row.Id, work.Now), work.Now, ct), ct);

    /// <summary><c>POST /api/v1/revenue/transactions/{id}/pay</c>: the money is at the bank; an entry of its own moves it there.</summary>
    public static Task<Results<Ok<Transaction>, NotFound, ProblemHttpResult>> PayAsync(string id, Caller caller, Database db, CancellationToken ct) =>
        MoveAsync(id, caller, db, "transaction.paid", TransactionStatus.Confirmed, async (work, row) =>
        {
            var paid = new TransactionPaid(row.Id, row.OwedBy!, row.OwedMicros!.Value, row.Currency, row.PieceId, row.PublicationId, row.ProductId, row.Niche, row.Platform, row.PromptVersion, row.Test, work.Now);
            return await HeardEvents.BookAsync(work, row.Id, paid, work.Now, HeardBookings.Of(paid), ct);
        }, ct);

    private static async Task<Results<Ok<Transaction>, NotFound, ProblemHttpResult>> MoveAsync(
        string id, Caller caller, Database db, string action, TransactionStatus from, Func<Work, TransactionRow, Task<bool>> record, CancellationToken ct)
    {
        if (!PublicId.TryParse(Transaction.Prefix, id, out var transaction)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await TransactionTable.FindAsync(work, transaction, ct) is not { } row) return TypedResults.NotFound();
        if (await ForbidsAsync(work, row, from, ct) is { } refusal) return refusal.ToProblem();
        if (!await record(work, row)) return new Refusal("transaction-moved", "Someone else moved it at the same time; read it again.").ToProblem();
        work.Audit(action, "transaction", PublicId.Format(Transaction.Prefix, transaction));
        await work.CommitAsync(ct);
        return TypedResults.Ok(Transaction.Of(row with { Confirmed = true, Paid = from == TransactionStatus.Confirmed }));
    }

    private static async Task<Refusal?> ForbidsAsync(Work work, TransactionRow row, TransactionStatus from, CancellationToken ct)
    {
        if (row.Status > from) return new("transaction-moved", $"It is {row.Status.ToString().ToLowerInvariant()} already; a status only moves forward.");
        if (row.Status < from) return new("transaction-not-confirmed", "It is pending: confirm it first.");
        if (row.Reversed) return new("transaction-reversed", "It was taken back, so there is nothing to wait for.");
        if (row.OriginalId is { } original && await TransactionTable.FindAsync(work, original, ct) is { Paid: false })
            return new("nothing-to-pay", "What it takes back was never paid, so no money moves.");
        return null;
    }
}
