using System.Runtime.CompilerServices;
using Dapper;
using Empire.Data;
using Empire.Payments.Charges;
using Empire.Payments.Facts;
using Empire.Payments.Ledger;
using Empire.Payments.Ledger.Rebuilding;
using Empire.Payments.NowPayments;
using Empire.Payments.Tiers;

namespace Empire.Payments.Intake;

/// <summary>What the providers' words say about an account's money: of each payment the events that speak of it, translated anew. What is still waiting to be taken in is left
/// out, as it is in the books.</summary>
internal sealed class ProviderSource(IEnumerable<PaymentProvider> providers) : IBookingSource
{
    private readonly Dictionary<string, PaymentProvider> byName = providers.ToDictionary(provider => provider.Name);

    public async IAsyncEnumerable<Booking> ReadAsync(Work work, [EnumeratorCancellation] CancellationToken ct)
    {
        var payouts = await KnownOperator.FindAsync(work, ct) == work.Tenant;
        var strays = await StraysAsync(work, ct);
        // A payment's own columns beside each of its events; the references under which providers speak of it are those that its row has, and those of its further checkout pages.
        var told = work.Connection.QueryUnbufferedAsync<Row>(
            """
            select p.id, p.purpose, p.customer_id, p.amount_micros, p.currency, p.seller_id, p.platform_fee_micros, p.piece_id, p.product_id, p.publication_id, p.test,
              e.provider, e.event_id, e.kind, e.object_key, e.occurred_at, e.body, e.source, e.test as told_in_test
            from payments p
            cross join lateral (
              select * from provider_events o where o.provider = p.provider and p.provider <> 'flutterwave' and o.object_key = any (array[p.provider_ref, p.charge_ref])
              union all
              select * from provider_events o where o.provider = 'flutterwave' and p.provider = 'flutterwave'
                and (split_part(o.object_key, '-', 1) = 'tx_' || replace(p.id::text, '-', '') or o.object_key = any (array[p.provider_ref, p.charge_ref]))) e
            where p.tenant_id = current_tenant() and not exists (select from provider_tasks t where t.provider = e.provider and t.task = 'settle' and t.subject = e.event_id)
            order by p.id, e.event_id
            """, transaction: work.Transaction, commandTimeout: 0);
        List<MoneyArrived> arrived = [];
        List<SentBack> sentBack = [];
        List<CoinsSettled> settled = [];
        Row? of = null;
        await foreach (var row in told.WithCancellation(ct))
        {
            if (row.Id != of?.Id)
            {
                foreach (var booking in Together(arrived, sentBack, settled, of)) yield return booking;
                (of, arrived, sentBack, settled) = (row, [], [], []);
                if (row.Provider == NowPaymentsFacts.Provider && strays.TryGetValue(row.Id, out var further))
                    foreach (var fact in further)
                    {
                        foreach (var booking in Of(fact, row.Terms)) yield return booking;
                        if (fact is MoneyArrived money) arrived.Add(money);
                        if (fact is SentBack back) sentBack.Add(back);
                        if (fact is CoinsSettled left) settled.Add(left);
                    }
            }
            foreach (var fact in byName[row.Provider].Translate(row.Event).Facts)
            {
                foreach (var booking in Of(fact, row.Terms)) yield return booking;
                if (fact is MoneyArrived { Provider: not Stripe.StripeFacts.Provider } money) arrived.Add(money);
                if (fact is SentBack back) sentBack.Add(back);
                if (fact is CoinsSettled left) settled.Add(left);
            }
        }
        foreach (var booking in Together(arrived, sentBack, settled, of)) yield return booking;
        var invoices = work.Connection.QueryUnbufferedAsync<Row>(
            """
            select s.customer_id, e.provider, e.event_id, e.kind, e.object_key, e.occurred_at, e.body, e.source, e.test as told_in_test
            from (select customer_id, provider_ref from subscriptions where tenant_id = current_tenant() union select customer_id, provider_ref from invoices where tenant_id = current_tenant() and subscription_id is null) s
            join provider_events e on e.provider = 'stripe' and e.object_key = s.provider_ref and (e.kind like 'invoice.%' or e.kind = 'fetched:invoice')
            where not exists (select from provider_tasks t where t.provider = e.provider and t.task = 'settle' and t.subject = e.event_id) order by e.event_id
            """, transaction: work.Transaction, commandTimeout: 0);
        await foreach (var invoice in invoices.WithCancellation(ct))
            foreach (var fact in byName[invoice.Provider].Translate(invoice.Event).Facts.OfType<InvoiceStands>())
                foreach (var booking in Bookings.Of(fact, invoice.CustomerId!.Value)) yield return booking;
        if (!payouts) yield break;
        foreach (var payout in await work.QueryAsync<Row>(
            """
            select provider, event_id, kind, object_key, occurred_at, body, source, test as told_in_test from provider_events e where kind in ('payout.paid', 'payout.failed', 'fetched:payout', 'fetched:transfer')
              and not exists (select from provider_tasks t where t.provider = e.provider and t.task = 'settle' and t.subject = e.event_id) order by occurred_at, event_id
            """, ct: ct))
            foreach (var fact in byName[payout.Provider].Translate(payout.Event).Facts.OfType<PaidOut>())
                foreach (var booking in Bookings.Of(fact)) yield return booking;
    }

    private static IEnumerable<Booking> Together(List<MoneyArrived> arrived, List<SentBack> sentBack, List<CoinsSettled> settled, Row? of) =>
        of is null || (arrived.Count < 2 && sentBack.Count == 0) ? [] : Bookings.Together(arrived, sentBack, settled, of.Terms);

    /// <summary>Of coins that were sent to a further address of a payment, only our id on the words about them tells whose they are. They are few: the first address stands on the payment.</summary>
    private async Task<Dictionary<Guid, List<Fact>>> StraysAsync(Work work, CancellationToken ct)
    {
        var strays = new Dictionary<Guid, List<Fact>>();
        foreach (var told in await work.QueryAsync<Row>(
            """
            select provider, event_id, kind, object_key, occurred_at, body, source, test as told_in_test from provider_events e
            where e.provider = @Provider and not exists (select from payments p where p.provider = e.provider and p.provider_ref = e.object_key)
              and not exists (select from provider_tasks t where t.provider = e.provider and t.task = 'settle' and t.subject = e.event_id) order by event_id
            """, new { NowPaymentsFacts.Provider }, ct))
            foreach (var fact in byName[told.Provider].Translate(told.Event).Facts)
                if (fact switch { MoneyArrived arrived => arrived.Ours, SentBack back => back.Ours, CoinsSettled left => left.Ours, _ => null } is { } payment) (strays.TryGetValue(payment, out var known) ? known : strays[payment] = []).Add(fact);
        return strays;
    }

    private static IEnumerable<Booking> Of(Fact fact, Terms terms) => fact switch
    {
        MoneyArrived arrived => [Bookings.Of(arrived, terms)],
        FeeTaken fee => Bookings.Of(fee, terms),
        SentBack back => Bookings.Of(back, terms),
        CoinsSettled settled => Bookings.Of(settled, terms),
        RefundStands refund => Bookings.Of(refund, terms),
        DisputeStands dispute => Bookings.Of(dispute, terms),
        PassedOn passed => [Bookings.Of(passed, terms)],
        ShareKept share => [Bookings.Of(share, terms)],
        PassedBack back => [Bookings.Of(back, terms)],
        ShareReturned returned => [Bookings.Of(returned, terms)],
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

        /// <summary>The payment's.</summary>
        public bool Test { get; init; }

        /// <summary>The event's.</summary>
        public bool? ToldInTest { get; init; }

        public ProviderEvent Event => new(Provider, EventId, Kind, ObjectKey, OccurredAt, Body, Enum.Parse<EventSource>(Source, ignoreCase: true), ToldInTest);

        public Terms Terms => new Payment
        {
            Id = Id, Purpose = Purpose, CustomerId = CustomerId, AmountMicros = AmountMicros, Currency = Currency, SellerId = SellerId, PlatformFeeMicros = PlatformFeeMicros, PieceId = PieceId, ProductId = ProductId, PublicationId = PublicationId, Test = Test,
        }.Terms;
    }
}
