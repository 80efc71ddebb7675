using Empire.Data;
using Empire.Payments.Ledger;

namespace Empire.Payments.Transactions;

/// <summary>Transactions are no table: entries of the books with a line of revenue, and what the raw log says became of them.</summary>
internal static class TransactionTable
{
    /// <summary>Sales through the shop are no source here: a row of the daily summary has these five parts.</summary>
    public static readonly string[] Sources = ["affiliate", "ads", "sponsored", "lead", "subscription"];

    public static Task<IReadOnlyList<TransactionRow>> ListAsync(Work work, string? source, Period period, (DateTimeOffset At, Guid Id)? after, int limit, CancellationToken ct) =>
        work.QueryAsync<TransactionRow>(
            $"""
            {Transactions}
            from unnest(@accounts) as a (name) cross join lateral (
              select distinct occurred_at, entry_id from ledger_lines
              where tenant_id = @tenant and account = a.name
                and (@start::timestamptz is null or occurred_at >= @start) and (@end::timestamptz is null or occurred_at < @end)
                and (@afterAt::timestamptz is null or (occurred_at, entry_id) < (@afterAt, @afterId::uuid))
              order by occurred_at desc, entry_id desc limit @limit
            ) as found join ledger_entries e on e.id = found.entry_id
            {Amount}
            order by e.occurred_at desc, e.id desc limit @limit
            """,
            new { tenant = work.Tenant, accounts = AccountsOf(source is null ? Sources : [source]), start = period.Start, end = period.End, afterAt = after?.At, afterId = after?.Id, limit }, ct);

    public static Task<TransactionRow?> FindAsync(Work work, Guid id, CancellationToken ct) => work.QuerySingleOrDefaultAsync<TransactionRow>(
        $"{Transactions} from ledger_entries e {Amount} where e.tenant_id = @tenant and e.id = @id", new { tenant = work.Tenant, accounts = AccountsOf(Sources), id }, ct);

    private static string[] AccountsOf(string[] sources) => Array.ConvertAll(sources, Accounts.Revenue);

    /// <summary>Money that went straight to a provider's cash is paid; what is owed waits. A network's taking back needs nobody's word.</summary>
    private const string Transactions =
        """
        select e.id, substr(income.account, 9) as source, income.micros, income.currency, e.occurred_at, e.description, e.booked_at, e.test, e.piece_id, e.publication_id, e.product_id,
          e.payment_id, e.niche, e.platform, e.prompt_version, owed.account as owed_by, owed.micros as owed_micros,
          exists (select from ledger_entries r where r.tenant_id = e.tenant_id and r.cause = e.cause || ':reversed') as reversed,
          e.cause like '%:reversed' as takes_back,
          (select o.id from ledger_entries o where o.tenant_id = e.tenant_id and e.cause like '%:reversed'
            and o.cause = left(e.cause, -9)) as original_id,
          exists (select from heard_events h where h.tenant_id = e.tenant_id and h.kind = 'TransactionConfirmed' and h.id = e.id) as confirmed,
          exists (select from heard_events h where h.tenant_id = e.tenant_id and h.kind = 'TransactionPaid' and h.id = e.id) as paid
        """;

    private const string Amount =
        """
        cross join lateral (
          select account, currency, -sum(l.micros)::bigint as micros from ledger_lines l where l.entry_id = e.id and l.account = any(@accounts)
          group by account, currency order by account limit 1
        ) as income
        left join lateral (
          select account, sum(l.micros)::bigint as micros from ledger_lines l where l.entry_id = e.id and l.account like 'receivable:%' and l.currency = income.currency
          group by account order by account limit 1
        ) as owed on true
        """;
}

internal sealed record TransactionRow
{
    public Guid Id { get; init; }
    public string Source { get; init; } = "";
    public long Micros { get; init; }
    public string Currency { get; init; } = "";
    public DateTimeOffset OccurredAt { get; init; }
    public string Description { get; init; } = "";
    public DateTimeOffset BookedAt { get; init; }
    public bool Test { get; init; }
    public Guid? PieceId { get; init; }
    public Guid? PublicationId { get; init; }
    public Guid? ProductId { get; init; }
    public Guid? PaymentId { get; init; }
    public string? Niche { get; init; }
    public string? Platform { get; init; }
    public string? PromptVersion { get; init; }

    /// <summary>Null where nobody owes it: the money came with the sale.</summary>
    public string? OwedBy { get; init; }

    public long? OwedMicros { get; init; }

    /// <summary>Another transaction took it back.</summary>
    public bool Reversed { get; init; }

    /// <summary>It is itself the taking back of <see cref="OriginalId"/>.</summary>
    public bool TakesBack { get; init; }

    public Guid? OriginalId { get; init; }
    public bool Confirmed { get; init; }
    public bool Paid { get; init; }

    public TransactionStatus Status => Paid || OwedBy is null ? TransactionStatus.Paid : Confirmed || TakesBack ? TransactionStatus.Confirmed : TransactionStatus.Pending;
}
