using Empire.Data;
using Empire.Http;

namespace Empire.Payments.Ledger;

/// <summary><c>GET /api/v1/ledger/trial-balance</c>: every account in two columns which, in books in order, sum to the same.</summary>
public static class ReportTrialBalance
{
    /// <param name="Balance">Debit − credit.</param>
    public sealed record Row(string Account, string Type, decimal Debit, decimal Credit, decimal Balance);

    /// <param name="Difference">Debit − credit: 0.</param>
    public sealed record InCurrency(string Currency, decimal Debit, decimal Credit, decimal Difference, IReadOnlyList<Row> Accounts);

    /// <summary>All currencies in one, each line by the rate of its day. The totals are rounded once, from the exact sums, so that the accounts may differ from them in the last decimal.</summary>
    /// <param name="WithoutRate">What is not in the sums, because nobody stored its rate of the day.</param>
    public sealed record InBase(string Currency, decimal Debit, decimal Credit, decimal Difference, IReadOnlyList<Row> Accounts, IReadOnlyList<MissingRate> WithoutRate);

    /// <param name="At">Null: as the books stand now.</param>
    /// <example>{"at": null, "test": null, "currencies": [{"currency": "USD", "debit": 40.43, "credit": 40.43, "difference": 0.00, "accounts": [{"account": "cash:stripe", "type": "asset",
    /// "debit": 39, "credit": 1.43, "balance": 37.57}, {"account": "fee:stripe", "type": "expense", "debit": 1.43, "credit": 0, "balance": 1.43}, {"account": "revenue:sales",
    /// "type": "income", "debit": 0, "credit": 39, "balance": -39}]}], "base": null}</example>
    public sealed record Response(DateTimeOffset? At, bool? Test, IReadOnlyList<InCurrency> Currencies, InBase? Base);

    /// <param name="at">By the time things happened; without it now.</param>
    /// <param name="test">True: only what was made against the sandbox. False: only the rest. Without it both.</param>
    /// <param name="base">A currency to sum all others in.</param>
    public static async Task<Response> HandleAsync(DateTimeOffset? at, bool? test, string? @base, Caller caller, Database db, CancellationToken ct)
    {
        var wanted = BaseCurrency.Of(@base);
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = at is { } moment ? await BalanceTable.AtAsync(work, moment.ToUniversalTime(), ct) : await BalanceTable.AllAsync(work, ct);
        var currencies = rows.Where(row => test is null || row.Test == test).GroupBy(row => row.Currency, StringComparer.Ordinal).Select(own => Columns(own.Key, own));
        return new(at, test, [.. currencies], wanted is null ? null : await InBaseAsync(work, wanted, at?.ToUniversalTime(), test, ct));
    }

    private static InCurrency Columns(string currency, IEnumerable<BalanceRow> rows)
    {
        var accounts = rows.GroupBy(row => row.Account, StringComparer.Ordinal).Select(own => ToRow(own.Key, own.Sum(row => row.DebitMicros), own.Sum(row => row.CreditMicros))).ToList();
        var (debit, credit) = (accounts.Sum(row => row.Debit), accounts.Sum(row => row.Credit));
        return new(currency, debit, credit, debit - credit, accounts);
    }

    private static async Task<InBase> InBaseAsync(Work work, string currency, DateTimeOffset? at, bool? test, CancellationToken ct)
    {
        var rows = await work.QueryAsync<ConvertedRow>(
            """
            with moved as (
              select account, currency, (occurred_at at time zone 'utc')::date as day, sum(greatest(micros, 0)) as debit, sum(greatest(-micros, 0)) as credit
              from ledger_lines
              where tenant_id = current_tenant() and (@at::timestamptz is null or occurred_at <= @at) and (@test::boolean is null or test = @test)
              group by 1, 2, 3
            ), rates as (select currency, day, fx_factor(currency, @currency, day) as factor from (select distinct currency, day from moved) as needed)
            select account, round(sum(debit * factor)) as debit, round(sum(credit * factor)) as credit,
              round(sum(sum(debit * factor)) over ()) as total_debit, round(sum(sum(credit * factor)) over ()) as total_credit
            from moved join rates using (currency, day) where factor is not null
            group by account order by account
            """, new { at, test, currency }, ct);
        var missing = await work.QueryAsync<MissingRate.Row>(
            """
            select currency, day::timestamp as day from (
              select distinct currency, (occurred_at at time zone 'utc')::date as day from ledger_lines
              where tenant_id = current_tenant() and currency <> @currency and (@at::timestamptz is null or occurred_at <= @at) and (@test::boolean is null or test = @test)) as needed
            where fx_factor(currency, @currency, day) is null order by 1, 2
            """, new { at, test, currency }, ct);
        var (debit, credit) = rows.Count == 0 ? (0m, 0m) : (rows[0].TotalDebit / Money.MicrosPerUnit, rows[0].TotalCredit / Money.MicrosPerUnit);
        return new(currency, debit, credit, debit - credit, [.. rows.Select(row => ToRow(row.Account, row.Debit, row.Credit))], MissingRate.Of(missing));
    }

    private static Row ToRow(string account, decimal debit, decimal credit) =>
        new(account, Accounts.TypeOf(account), debit / Money.MicrosPerUnit, credit / Money.MicrosPerUnit, (debit - credit) / Money.MicrosPerUnit);

    private sealed record ConvertedRow
    {
        public string Account { get; init; } = "";
        public decimal Debit { get; init; }
        public decimal Credit { get; init; }
        public decimal TotalDebit { get; init; }
        public decimal TotalCredit { get; init; }
    }
}
