using Empire.Data;
using Empire.Http;

namespace Empire.Payments.Ledger;

/// <summary><c>GET /api/v1/ledger/accounts</c>: every account that was ever moved, and what it stands at.</summary>
public static class ListAccounts
{
    /// <param name="Type">asset, liability, income, expense or exchange.</param>
    /// <param name="Test">Its lines were made against the sandbox; the same account's other lines are a row of their own.</param>
    /// <param name="Balance">Debit − credit.</param>
    /// <param name="Lines">How many lines moved it.</param>
    /// <param name="Entries">Where its entries are listed.</param>
    public sealed record Account(string Name, string Type, string Currency, bool Test, decimal Debit, decimal Credit, decimal Balance, long Lines, string Entries);

    /// <example>{"data": [{"name": "receivable:sponsors", "type": "asset", "currency": "USD", "test": false, "debit": 250, "credit": 0, "balance": 250, "lines": 1,
    /// "entries": "/api/v1/ledger/entries?account=receivable%3Asponsors&amp;currency=USD&amp;test=false"}, {"name": "revenue:sponsored", "type": "income", "currency": "USD", "test": false,
    /// "debit": 0, "credit": 250, "balance": -250, "lines": 1, "entries": "/api/v1/ledger/entries?account=revenue%3Asponsored&amp;currency=USD&amp;test=false"}]}</example>
    public sealed record Response(IReadOnlyList<Account> Data);

    public static async Task<Response> HandleAsync(Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return new([.. (await BalanceTable.AllAsync(work, ct)).Select(row => new Account(
            row.Account, Accounts.TypeOf(row.Account), row.Currency, row.Test, Plain(row.DebitMicros), Plain(row.CreditMicros), Plain(row.DebitMicros - row.CreditMicros), row.Lines,
            $"/api/v1/ledger/entries?account={Uri.EscapeDataString(row.Account)}&currency={row.Currency}&test={(row.Test ? "true" : "false")}"))]);
    }

    private static decimal Plain(decimal micros) => micros / Money.MicrosPerUnit;
}
