using Empire.Data;
using Empire.Http;
using Empire.Payments.Charges;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Payments.Ledger;

/// <summary>Which entries a list shows; each given filter narrows it.</summary>
/// <param name="Account">One account, whole: <c>cash:stripe</c>.</param>
/// <param name="Cause">What the cause begins with: <c>conversion:</c>.</param>
/// <param name="PieceId">piece_…; as a row of the profit by pieces has it: also a bare UUID, and <c>unattributed</c> for what belongs to none. What names only a publication belongs to its piece; what names only its piece, to the piece's product, niche, platform and prompt version.</param>
/// <param name="PublicationId">pub_…, or unattributed.</param>
/// <param name="PaymentId">pay_…, or an upgrade's tx_….</param>
/// <param name="CustomerId">cust_….</param>
/// <param name="ProductId">prod_…, or unattributed.</param>
/// <param name="Niche">As a row of the profit by niches has it, or unattributed.</param>
/// <param name="Platform">The same by platforms.</param>
/// <param name="PromptVersion">The same by prompt versions.</param>
/// <param name="Source">A source of revenue: affiliate, ads, sponsored, lead, subscription, sales, platform-fee; or refunds.</param>
/// <param name="From">First UTC day.</param>
/// <param name="To">Last UTC day, included.</param>
/// <param name="At">What had happened by this moment, as in the trial balance of it.</param>
/// <param name="Currency">Of a line; together with an account, of a line of that account.</param>
/// <param name="Test">True: only what was made against the sandbox. False: only the rest.</param>
public sealed record EntryFilter(
    string? Account, string? Cause, [FromQuery(Name = "piece_id")] string? PieceId, [FromQuery(Name = "publication_id")] string? PublicationId, [FromQuery(Name = "payment_id")] string? PaymentId,
    [FromQuery(Name = "customer_id")] string? CustomerId, [FromQuery(Name = "product_id")] string? ProductId, string? Niche, string? Platform, [FromQuery(Name = "prompt_version")] string? PromptVersion,
    string? Source, DateOnly? From, DateOnly? To, DateTimeOffset? At, string? Currency, bool? Test)
{
    internal Period Period => Ledger.Period.Of(From, To);
    internal (Guid? Id, bool None) Piece => IdOrNone("piece_id", "piece", PieceId);
    internal (Guid? Id, bool None) Publication => IdOrNone("publication_id", "pub", PublicationId);
    internal (Guid? Id, bool None) Product => IdOrNone("product_id", "prod", ProductId);
    internal Guid? Payment => IdOf("payment_id", PaymentId, PaymentView.Prefix, "tx");
    internal Guid? Customer => IdOf("customer_id", CustomerId, Customers.Customer.Prefix);

    /// <summary>The accounts one of which an entry must touch; null is any.</summary>
    internal string[]? Accounts => (Account, Source) switch
    {
        (null, null) => null,
        (not null, null) => [Account],
        (null, not null) => [Ledger.Accounts.Revenue(Source)],
        _ => throw new InvalidFieldException("source", "goes without 'account': it names one itself."),
    };

    internal string? CurrencyCode => Currency is null ? null : Empire.Currency.TryParse(Currency, out var currency) ? currency.Code : throw new InvalidFieldException("currency", "wanted: an ISO 4217 code, as in USD.");

    private static (Guid?, bool) IdOrNone(string field, string prefix, string? text) => text == ReportProfit.Unattributed ? (null, true) : (IdOf(field, text, prefix), false);

    private static Guid? IdOf(string field, string? text, params string[] prefixes)
    {
        if (text is null) return null;
        foreach (var prefix in prefixes)
            if (PublicId.TryParse(prefix, text, out var id)) return id;
        throw new InvalidFieldException(field, $"wanted: {string.Join(" or ", prefixes.Select(prefix => prefix + "_…"))}.");
    }
}

/// <summary><c>GET /api/v1/ledger/entries</c>: the books, newest first, each entry with its lines.</summary>
public static class ListEntries
{
    public static async Task<Page<LedgerEntry>> HandleAsync([AsParameters] EntryFilter filter, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        var period = filter.Period;
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        var parameters = new
        {
            tenant = caller.Tenant, accounts = filter.Accounts, cause = filter.Cause, piece = filter.Piece.Id, noPiece = filter.Piece.None, publication = filter.Publication.Id, noPublication = filter.Publication.None,
            product = filter.Product.Id, noProduct = filter.Product.None, filter.Niche, filter.Platform, filter.PromptVersion, none = ReportProfit.Unattributed, filter.Payment, filter.Customer, start = period.Start,
            end = period.End, at = filter.At?.ToUniversalTime(), currency = filter.CurrencyCode, filter.Test, afterAt = after?.At, afterId = after?.Id, limit = page.Fetch,
        };
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<EntryRow>(filter.Accounts is null ? OfAll : OfAccounts, parameters, ct);
        var shown = page.ToPage(rows, row => (row.OccurredAt, row.Id));
        return new(await EntryTable.WithLinesAsync(work, shown.Data, ct), shown.NextCursor);
    }

    private const string Narrowed =
        $"""
        e.tenant_id = @tenant
          and (@cause::text is null or starts_with(e.cause, @cause))
          and (@piece::uuid is null or e.piece_id = @piece
            or (e.piece_id is null and e.publication_id is not null and e.publication_id = any (array(select id from publications where tenant_id = @tenant and piece_id = @piece))))
          and (not @noPiece or {CompletedLineage.Piece} is null)
          and (@publication::uuid is null or e.publication_id = @publication) and (not @noPublication or e.publication_id is null)
          and (@product::uuid is null or {CompletedLineage.Product} = @product) and (not @noProduct or {CompletedLineage.Product} is null)
          and (@Niche::text is null or coalesce({CompletedLineage.Niche}, @none) = @Niche) and (@Platform::text is null or coalesce({CompletedLineage.Platform}, @none) = @Platform)
          and (@PromptVersion::text is null or coalesce({CompletedLineage.PromptVersion}, @none) = @PromptVersion)
          and (@Payment::uuid is null or e.payment_id = @Payment) and (@Customer::uuid is null or e.customer_id = @Customer)
          and (@Test::boolean is null or e.test = @Test)
          and (@start::timestamptz is null or e.occurred_at >= @start) and (@end::timestamptz is null or e.occurred_at < @end) and (@at::timestamptz is null or e.occurred_at <= @at)
          and (@afterAt::timestamptz is null or (e.occurred_at, e.id) < (@afterAt, @afterId::uuid))
        """;

    private const string OfAll =
        $"""
        select {EntryRow.Columns} from (
          select e.* from ledger_entries e {CompletedLineage.Joins}
          where {Narrowed}
            and (@currency::text is null or exists (select from ledger_lines l where l.entry_id = e.id and l.currency = @currency))
          order by e.occurred_at desc, e.id desc limit @limit) as found
        order by occurred_at desc, id desc
        """;

    /// <summary>Along the account's own index: a quiet account in a large book is found at once.</summary>
    private const string OfAccounts =
        $"""
        select {EntryRow.Columns} from unnest(@accounts) as a (name) cross join lateral (
          select e.* from (
            select distinct occurred_at, entry_id from ledger_lines
            where tenant_id = @tenant and account = a.name and (@currency::text is null or currency = @currency)
              and (@start::timestamptz is null or occurred_at >= @start) and (@end::timestamptz is null or occurred_at < @end) and (@at::timestamptz is null or occurred_at <= @at)
              and (@afterAt::timestamptz is null or (occurred_at, entry_id) < (@afterAt, @afterId::uuid))
            order by occurred_at desc, entry_id desc
          ) l join ledger_entries e on e.id = l.entry_id {CompletedLineage.Joins}
          where {Narrowed}
          order by l.occurred_at desc, l.entry_id desc limit @limit) as found
        order by occurred_at desc, id desc limit @limit
        """;
}
