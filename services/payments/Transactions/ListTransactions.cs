using Empire.Data;
using Empire.Http;
using Empire.Payments.Ledger;

namespace Empire.Payments.Transactions;

/// <summary>Only moves down this list.</summary>
public enum TransactionStatus { Pending, Confirmed, Paid }

/// <summary>Income, as a line of the books seen from its source.</summary>
/// <param name="Source">affiliate, ads, sponsored, lead or subscription.</param>
/// <param name="Amount">Negative where it takes back.</param>
/// <param name="RelatedItemId">The piece it came of; where that is unknown the publication, product or payment.</param>
/// <param name="Status">pending: we know of it. confirmed: its debtor stands by it. paid: the money is there.</param>
/// <param name="Reversed">Another transaction, of the opposite amount, took it back.</param>
/// <param name="Test">Made against the sandbox.</param>
/// <example>{"id": "txn_0199f3a17c5b7d3e8a4b5c6d7e8f9028", "source": "sponsored", "amount": 250, "currency": "USD", "date_transaction": "2026-03-02T08:00:00+00:00",
/// "description": "A page about cold brew", "related_item_id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9017", "status": "confirmed", "reversed": false, "test": false,
/// "created_at": "2026-03-02T08:00:00+00:00"}</example>
public sealed record Transaction(
    string Id, string Source, decimal Amount, string Currency, DateTimeOffset DateTransaction, string Description, Guid? RelatedItemId, TransactionStatus Status, bool Reversed, bool Test,
    DateTimeOffset CreatedAt)
{
    public const string Prefix = "txn";

    internal static Transaction Of(TransactionRow row) => new(PublicId.Format(Prefix, row.Id), row.Source, (decimal)row.Micros / Money.MicrosPerUnit, row.Currency, row.OccurredAt, row.Description,
        row.PieceId ?? row.PublicationId ?? row.ProductId ?? row.PaymentId, row.Status, row.Reversed, row.Test, row.BookedAt);
}

/// <summary><c>GET /api/v1/revenue/transactions</c>: income by source and what became of it, newest first.</summary>
public static class ListTransactions
{
    /// <param name="source">affiliate, ads, sponsored, lead or subscription; without it all.</param>
    /// <param name="from">First UTC day.</param>
    /// <param name="to">Last UTC day, included.</param>
    public static async Task<Page<Transaction>> HandleAsync(string? source, DateOnly? from, DateOnly? to, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        if (source is not null && !TransactionTable.Sources.Contains(source)) throw new InvalidFieldException("source", $"wanted: {string.Join(", ", TransactionTable.Sources)}.");
        var period = Period.Of(from, to);
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return page.ToPage(await TransactionTable.ListAsync(work, source, period, after, page.Fetch, ct), row => (row.OccurredAt, row.Id)).Select(Transaction.Of);
    }
}
