using Empire.Data;

namespace Empire.Payments.Ledger;

/// <summary>What one account stands at in one currency. Sums over lines can pass what 64 bits hold, so they are decimals.</summary>
internal sealed record BalanceRow
{
    public string Account { get; init; } = "";
    public string Currency { get; init; } = "";
    public bool Test { get; init; }
    public decimal DebitMicros { get; init; }
    public decimal CreditMicros { get; init; }
    public long Lines { get; init; }
}

internal static class BalanceTable
{
    /// <summary>As the books stand now, summed over the slots.</summary>
    public static Task<IReadOnlyList<BalanceRow>> AllAsync(Work work, CancellationToken ct) => work.QueryAsync<BalanceRow>(
        """
        select account, currency, test, sum(debit_micros) as debit_micros, sum(credit_micros) as credit_micros, sum(lines)::bigint as lines
        from ledger_balances where tenant_id = current_tenant()
        group by account, currency, test order by account, currency, test
        """, ct: ct);

    /// <summary>As they stood at a moment, by the time things happened: summed from the lines.</summary>
    public static Task<IReadOnlyList<BalanceRow>> AtAsync(Work work, DateTimeOffset at, CancellationToken ct) => work.QueryAsync<BalanceRow>(
        """
        select account, currency, test, sum(greatest(micros, 0)) as debit_micros, sum(greatest(-micros, 0)) as credit_micros, count(*) as lines
        from ledger_lines where tenant_id = current_tenant() and occurred_at <= @at
        group by account, currency, test order by account, currency, test
        """, new { at }, ct);
}
