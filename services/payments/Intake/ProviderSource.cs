using System.Runtime.CompilerServices;
using Dapper;
using Empire.Data;
using Empire.Payments.Charges;
using Empire.Payments.Facts;
using Empire.Payments.Ledger;
using Empire.Payments.Ledger.Rebuilding;
using Empire.Payments.Tiers;

namespace Empire.Payments.Intake;

/// <summary>What the providers' words say about an account's money: of each payment the events that speak of it, translated anew. What is still waiting to be taken in is left
/// out, as it is in the books.</summary>
internal sealed class ProviderSource(IEnumerable<PaymentProvider> providers) : IBookingSource
{
    private readonly Dictionary<string, PaymentProvider> byName = providers.ToDictionary(provider => provider.Name);

    public async IAsyncEnumerable<Booking> ReadAsync(Work work, [EnumeratorCancellation] CancellationToken ct)
    {
        var payouts = await OperatorAccount.FindAsync(work, ct) == work.Tenant;
        // A payment's own columns beside each of its events; the references under which providers speak of it are those that its row has, and those of its further checkout pages.
        var told = work.Connection.QueryUnbufferedAsync<Row>(
            """
            select p.id, p.purpose, p.customer_id, p.amount_micros, p.currency, p.seller_id, p.platform_fee_micros, p.piece_id, p.product_id, p.publication_id,
              e.provider, e.event_id, e.kind, e.object_key, e.occurred_at, e.body, e.source
            from payments p
            join provider_events e on e.provider = p.provider and e.object_key = any (array[p.provider_ref, p.charge_ref]
              || case when p.provider = 'flutterwave' then (select array_agg('tx_' || replace(p.id::text, '-', '') || suffix) from unnest(array['', '-2', '-3', '-4', '-5', '-6', '-7', '-8']) as suffix) else '{}' end)
            where p.tenant_id = current_tenant() and not exists (select from provider_tasks t where t.provider = e.provider and t.task = 'settle' and t.subject = e.event_id)
            order by p.id, e.event_id
            """, transaction: work.Transaction, commandTimeout: 0);
        MoneyArrived? part = null, whole = null;
        Guid? of = null;
        await foreach (var row in told.WithCancellation(ct))
        {
            if (row.Id != of) (of, part, whole) = (row.Id, null, null);
            foreach (var fact in byName[row.Provider].Translate(row.Event).Facts)
            {
                foreach (var booking in Of(fact, row.Terms)) yield return booking;
                if (fact is not MoneyArrived { Provider: NowPayments.NowPaymentsFacts.Provider } arrived) continue;
                (part, whole) = arrived.Partial ? (arrived, whole) : (part, arrived);
                if (part is not null && whole is not null) yield return Bookings.Superseded(Bookings.Of(part, row.Terms));
            }
        }
        var invoices = work.Connection.QueryUnbufferedAsync<Row>(
            """
            select s.customer_id, e.provider, e.event_id, e.kind, e.object_key, e.occurred_at, e.body, e.source
            from (select customer_id, provider_ref from subscriptions where tenant_id = current_tenant() union select customer_id, provider_ref from invoices where tenant_id = current_tenant() and subscription_id is null) s
            join provider_events e on e.provider = 'stripe' and e.object_key = s.provider_ref and e.kind like 'invoice.%'
            where not exists (select from provider_tasks t where t.provider = e.provider and t.task = 'settle' and t.subject = e.event_id) order by e.event_id
            """, transaction: work.Transaction, commandTimeout: 0);
        await foreach (var invoice in invoices.WithCancellation(ct))
            foreach (var fact in byName[invoice.Provider].Translate(invoice.Event).Facts.OfType<InvoiceStands>())
                foreach (var booking in Bookings.Of(fact, invoice.CustomerId!.Value)) yield return booking;
        if (!payouts) yield break;
        foreach (var payout in await work.QueryAsync<Row>(
            """
            select provider, event_id, kind, object_key, occurred_at, body, source from provider_events e where kind in ('payout.paid', 'fetched:transfer')
              and not exists (select from provider_tasks t where t.provider = e.provider and t.task = 'settle' and t.subject = e.event_id) order by event_id
            """, ct: ct))
            foreach (var fact in byName[payout.Provider].Translate(payout.Event).Facts.OfType<PaidOut>()) yield return Bookings.Of(fact);
    }

    private static IEnumerable<Booking> Of(Fact fact, Terms terms) => fact switch
    {
        MoneyArrived arrived => [Bookings.Of(arrived, terms)],
        FeeTaken fee => Bookings.Of(fee, terms),
        RefundStands refund => Bookings.Of(refund, terms),
        DisputeStands dispute => Bookings.Of(dispute, terms),
        PassedOn passed => [Bookings.Of(passed, terms.Lineage)],
        ShareKept share => [Bookings.Of(share, terms.Lineage)],
        _ => [],
    };

    private sealed record Row
    {
        public Guid Id { get; init; }
        public string Purpose { get; init; } = "";
        public Guid? CustomerId { get; init; }
        public long AmountMicros { get; init; }
        public Currency Currency { get; init; }
        public Guid? SellerId { get; init; }
        public long PlatformFeeMicros { get; init; }
        public Guid? PieceId { get; init; }
        public Guid? ProductId { get; init; }
        public Guid? PublicationId { get; init; }
        public string Provider { get; init; } = "";
        public string EventId { get; init; } = "";
        public string Kind { get; init; } = "";
        public string ObjectKey { get; init; } = "";
        public DateTimeOffset OccurredAt { get; init; }
        public string Body { get; init; } = "";
        public string Source { get; init; } = "";

        public ProviderEvent Event => new(Provider, EventId, Kind, ObjectKey, OccurredAt, Body, Enum.Parse<EventSource>(Source, ignoreCase: true));

        public Terms Terms => new Payment
        {
            Id = Id, Purpose = Purpose, CustomerId = CustomerId, AmountMicros = AmountMicros, Currency = Currency, SellerId = SellerId, PlatformFeeMicros = PlatformFeeMicros, PieceId = PieceId, ProductId = ProductId, PublicationId = PublicationId,
        }.Terms;
    }
}
