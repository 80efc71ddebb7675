using System.Text.Json;
using Empire.Payments.Facts;
using Empire.Tiers;

namespace Empire.Payments.Stripe;

/// <summary>What Stripe's objects say of money. Sources: the descriptions of API version 2023-08-16 and https://docs.stripe.com/api/events/types.</summary>
internal static class StripeFacts
{
    public const string Provider = "stripe";

    /// <summary>Our ids on Stripe's objects, as metadata.</summary>
    public const string PaymentKey = "empire_payment", RefundKey = "empire_refund", SubscriptionKey = "empire_subscription", SellerKey = "empire_seller", CustomerKey = "empire_customer", TenantKey = "empire_tenant", TierKey = "tier";

    /// <summary>What moved in the currency of settlement; where it was heard before 0156, the amount that was asked for stands for what was captured, as it was booked.</summary>
    public const string MovementKind = "fetched:balance_transaction", OldMovementKind = "old:balance_transaction";

    public static Translation Of(string kind, JsonElement o, string eventId, DateTimeOffset at, bool test) => kind switch
    {
        _ when kind.StartsWith("payment_intent.", StringComparison.Ordinal) => o.Maybe("invoice") is null ? Translation.Of(Intent(o, at, test)) : Translation.Nothing,
        "fetched:payment_intent" => o.Maybe("invoice") is null ? Translation.Of(Intent(o, at, test)) : Translation.Nothing,
        "charge.succeeded" or "charge.captured" or "charge.updated" or "fetched:charge" => Charge(o, at, test),
        "charge.refunded" => Translation.Nothing.Fetching($"refunds?charge={Uri.EscapeDataString(o.Text("id"))}&limit=100"),
        "refund.created" or "refund.updated" or "refund.failed" or "charge.refund.updated" or "fetched:refund" => Refunded(o, test),
        _ when kind.StartsWith("charge.dispute.", StringComparison.Ordinal) => Disputed(kind, o, eventId, at, test),
        "fetched:dispute" => Disputed(kind, o, eventId, at, test),
        MovementKind => Movement(o, test, "amount_captured"),
        OldMovementKind => Movement(o, test, "amount"),
        _ when kind.StartsWith("customer.subscription.", StringComparison.Ordinal) => Translation.Of(Subscription(o, eventId, at, test)),
        "fetched:subscription" => Translation.Of(Subscription(o, eventId, at, test) with { Asked = true }),
        "checkout.session.expired" => SessionOver(o, at, test),
        "fetched:checkout.session" => o.MaybeText("status") == "expired" ? SessionOver(o, at, test) : Translation.Nothing,
        "invoice.upcoming" => Translation.Nothing,
        "fetched:invoice" => Translation.Of(Invoice(kind, o, eventId, at, test)),
        _ when kind.StartsWith("invoice.", StringComparison.Ordinal) => o.Maybe("lines")?.Flag("has_more") == true // the first of them only: all are asked for
            ? Translation.Of(Invoice(kind, o, eventId, at, test)).Fetching(StripeProvider.AskAgain("invoices", o.Text("id"), at, eventId)) : Translation.Of(Invoice(kind, o, eventId, at, test)),
        "transfer.created" => PassedOn(o, test),
        "application_fee.created" => Kept(o, test),
        "transfer.reversed" => PassedBack(o, test),
        "application_fee.refunded" => Returned(o, test),
        "fetched:transfer" => Both(PassedOn(o, test), PassedBack(o, test)),
        "fetched:application_fee" => Both(Kept(o, test), Returned(o, test)),
        "fetched:payout" => o.MaybeText("status") is "paid" or "failed" ? Of($"payout.{o.Text("status")}", o, eventId, at, test) : Translation.Nothing,
        "payout.paid" => Translation.Of(new PaidOut(Provider, o.Time("created"), test, o.Text("id"), MoneyOf(o, "amount"))),
        "payout.failed" => Translation.Of(new PaidOut(Provider, o.Time("created"), test, o.Text("id"), MoneyOf(o, "amount"), FailedAt: at)),
        "account.updated" => Translation.Of(new SellerStands(Provider, at, test, eventId, o.Text("id"), Ours(o, SellerKey), o.Flag("charges_enabled"), o.Flag("payouts_enabled"), o.Flag("details_submitted"))),
        "fetched:account" => Translation.Of(new SellerStands(Provider, at, test, eventId, o.Text("id"), Ours(o, SellerKey), o.Flag("charges_enabled"), o.Flag("payouts_enabled"), o.Flag("details_submitted"), Asked: true)),
        _ => Translation.Nothing,
    };

    /// <summary>What an object's events are kept in order by: the payment that all of them hang on, or the subscription.</summary>
    public static string ObjectKeyOf(JsonElement o) => o.MaybeText("object") switch
    {
        "charge" or "refund" or "dispute" => o.MaybeText("payment_intent") ?? o.MaybeText("charge") ?? IdOf(o),
        "invoice" => o.MaybeText("subscription") ?? IdOf(o),
        "checkout.session" => o.MaybeText("payment_intent") ?? o.MaybeText("subscription") ?? IdOf(o),
        "balance_transaction" => o.Maybe("source") is { ValueKind: JsonValueKind.Object } source && source.MaybeText("object") == "refund" ? ObjectKeyOf(source) : o.MaybeText("source") ?? IdOf(o),
        "transfer" => o.MaybeText("source_transaction") ?? IdOf(o),
        "application_fee" => o.MaybeText("originating_transaction") ?? IdOf(o),
        "payment_method" => o.MaybeText("customer") ?? IdOf(o), // whose it is: with them it is forgotten
        _ => IdOf(o),
    };

    /// <summary>A few have none: the balance, an invoice that is only expected.</summary>
    private static string IdOf(JsonElement o) => o.MaybeText("id") ?? o.MaybeText("customer") ?? o.Text("object");

    private static Translation Both(Translation first, Translation second) => new([.. first.Facts, .. second.Facts], []);

    /// <returns>None where it was made by hand: it belongs to no sale.</returns>
    private static Translation PassedOn(JsonElement o, bool test) => o.MaybeText("source_transaction") is not { } sold ? Translation.Nothing
        : Translation.Of(new PassedOn(Provider, o.Time("created"), test, o.Text("id"), sold, MoneyOf(o, "amount")));

    private static Translation PassedBack(JsonElement o, bool test) => o.MaybeText("source_transaction") is not { } sold ? Translation.Nothing
        : new([.. Parts(o, "reversals").Select(part => new PassedBack(Provider, part.Time("created"), test, part.Text("id"), sold, MoneyOf(part, "amount")))], []);

    private static Translation Kept(JsonElement o, bool test) => Translation.Of(new ShareKept(Provider, o.Time("created"), test, o.Text("id"), o.Text("originating_transaction"), MoneyOf(o, "amount")));

    private static Translation Returned(JsonElement o, bool test) =>
        new([.. Parts(o, "refunds").Select(part => new ShareReturned(Provider, part.Time("created"), test, part.Text("id"), o.Text("originating_transaction"), MoneyOf(part, "amount")))], []);

    private static PaymentStands Intent(JsonElement o, DateTimeOffset at, bool test)
    {
        var error = o.Maybe("last_payment_error");
        var status = o.Text("status") switch
        {
            "succeeded" => PaymentStatus.Succeeded,
            "processing" or "requires_capture" => PaymentStatus.Processing,
            "requires_action" => PaymentStatus.RequiresAction,
            "canceled" => PaymentStatus.Canceled,
            "requires_payment_method" when error is not null => PaymentStatus.Failed,
            _ => PaymentStatus.RequiresPaymentMethod,
        };
        return new(Provider, at, test, o.Text("id"), Ours(o, PaymentKey), status, error?.MaybeText("decline_code") ?? error?.MaybeText("code"), error?.MaybeText("message"),
            o.Maybe("next_action")?.Maybe("redirect_to_url")?.MaybeText("url"));
    }

    private static Translation Charge(JsonElement o, DateTimeOffset at, bool test)
    {
        if (!o.Flag("paid") || !o.Flag("captured")) return Translation.Nothing;
        var (id, amount) = (o.Text("id"), o.Maybe("amount_captured") is null ? MoneyOf(o, "amount") : MoneyOf(o, "amount_captured"));
        var card = o.Maybe("payment_method_details")?.Maybe("card");
        var arrived = new MoneyArrived(Provider, o.Time("created"), test, o.MaybeText("payment_intent") ?? id, Ours(o, PaymentKey), id, amount, o.MaybeText("invoice"), o.MaybeText("customer"),
            card?.MaybeText("brand") is { } brand && card?.MaybeText("last4") is { Length: 4 } last ? new(brand, last) : null);
        return o.MaybeText("balance_transaction") is { } movement ? Translation.Of(arrived).Fetching(MovementAt(movement)) : Translation.Of(arrived);
    }

    private static string MovementAt(string movement) => $"balance_transactions/{Uri.EscapeDataString(movement)}?expand[]=source";

    /// <summary>What moved for it in the currency of settlement stands in movements of their own: when it was made, and when it came back.</summary>
    private static Translation Refunded(JsonElement o, bool test)
    {
        var stands = Refund(o, test);
        return stands.Status == RefundStatus.Pending ? Translation.Of(stands)
            : new([stands], [.. new[] { o.MaybeText("balance_transaction"), o.MaybeText("failure_balance_transaction") }.OfType<string>().Select(MovementAt)]);
    }

    private static RefundStands Refund(JsonElement o, bool test) => new(Provider, o.Time("created"), test, o.Text("id"), o.MaybeText("payment_intent"), o.MaybeText("charge"), Ours(o, RefundKey), MoneyOf(o, "amount"),
        o.MaybeText("status") switch { "succeeded" => RefundStatus.Succeeded, "failed" or "canceled" => RefundStatus.Failed, _ => RefundStatus.Pending }, o.MaybeText("reason"), o.MaybeText("failure_reason"));

    /// <summary>With the changes of currency, where the account settles in another: what the bank took, and gave back, each at its own rate. One that names no movement yet although money has moved is asked for.</summary>
    private static Translation Disputed(string kind, JsonElement o, string eventId, DateTimeOffset at, bool test)
    {
        var stands = Dispute(kind, o, at, test);
        JsonElement[] moves = o.Maybe("balance_transactions") is { ValueKind: JsonValueKind.Array } told ? [.. told.EnumerateArray().Where(move => move.Maybe("amount") is not null && move.Maybe("currency") is not null)] : [];
        var changed = moves.Select(move => (Move: move, Gross: MoneyOf(move, "amount"))).Where(one => one.Gross.Currency != stands.Amount.Currency).Select(one => new FeeTaken(
            Provider, one.Move.MaybeTime("created") ?? stands.OpenedAt, test, one.Move.Text("id"), stands.Taken, Money.Zero(one.Gross.Currency), one.Gross, one.Gross.Micros < 0 ? -stands.Amount : stands.Amount, Reference: stands.Reference)); // its fee is the dispute's
        var meaning = new Translation([stands, .. changed], []);
        var complete = stands.Status.StartsWith("warning", StringComparison.Ordinal) || (moves.Any(move => move.Whole("amount") < 0) && (stands.Status != "won" || moves.Any(move => move.Whole("amount") > 0)));
        return complete || kind == "fetched:dispute" ? meaning : meaning.Fetching(StripeProvider.AskAgain("disputes", stands.Id, at, eventId));
    }

    private static DisputeStands Dispute(string kind, JsonElement o, DateTimeOffset at, bool test)
    {
        var status = o.Text("status");
        Money[] fees = o.Maybe("balance_transactions") is { ValueKind: JsonValueKind.Array } moves ? [.. moves.EnumerateArray().Where(move => move.Maybe("fee") is not null).Select(move => MoneyOf(move, "fee"))] : [];
        return new(Provider, at, test, o.Text("id"), o.MaybeText("payment_intent"), o.Text("charge"), MoneyOf(o, "amount"), o.MaybeText("reason") ?? "general", status,
            o.Maybe("evidence_details")?.MaybeTime("due_by"), o.Time("created"), kind == "charge.dispute.closed" || status is "won" or "lost" or "warning_closed" ? at : null,
            First(fees, fee => fee.Micros > 0), First(fees, fee => fee.Micros < 0) is { } back ? -back : null);
    }

    private static Translation Movement(JsonElement o, bool test, string captured)
    {
        if (o.Maybe("source") is not { ValueKind: JsonValueKind.Object } source || source.MaybeText("object") is not ("charge" or "refund")) return Translation.Nothing;
        var (gross, original) = (MoneyOf(o, "amount"), MoneyOf(source, source.Maybe(captured) is null ? "amount" : captured));
        if (source.MaybeText("object") == "charge") return Translation.Of(new FeeTaken(Provider, o.Time("created"), test, o.Text("id"), source.Text("id"), MoneyOf(o, "fee"), gross, original));
        return source.MaybeText("charge") is not { } taken ? Translation.Nothing
            : Translation.Of(new FeeTaken(Provider, o.Time("created"), test, o.Text("id"), taken, MoneyOf(o, "fee"), gross, gross.Micros < 0 ? -original : original, Reference: source.MaybeText("payment_intent")));
    }

    private static SubscriptionStands Subscription(JsonElement o, string eventId, DateTimeOffset at, bool test)
    {
        var item = o.Part("items").Part("data").EnumerateArray().First();
        var price = item.Part("price");
        return new(Provider, at, test, eventId, o.Text("id"), Ours(o, SubscriptionKey), o.Text("customer"), o.Text("status"), price.Text("id"), TierTable.Parse(price.Maybe("metadata")?.MaybeText(TierKey) ?? o.Maybe("metadata")?.MaybeText(TierKey)),
            price.Maybe("unit_amount") is null ? null : StripeMoney.From(checked(price.Whole("unit_amount") * (item.Maybe("quantity") is null ? 1 : item.Whole("quantity"))), price.Text("currency")),
            price.Maybe("recurring")?.MaybeText("interval"), o.Time("created"), o.Time("current_period_start"), o.Time("current_period_end"), o.Flag("cancel_at_period_end"), o.MaybeTime("canceled_at"), o.MaybeTime("ended_at"),
            PendingPrice: o.Maybe("pending_update")?.Maybe("subscription_items") is { ValueKind: JsonValueKind.Array } waits && waits.GetArrayLength() > 0 ? waits[0].MaybeText("price") : null);
    }

    private static InvoiceStands Invoice(string kind, JsonElement o, string eventId, DateTimeOffset at, bool test)
    {
        var currency = o.Text("currency");
        var lines = o.Maybe("lines")?.Maybe("data") is { ValueKind: JsonValueKind.Array } data
            ? data.EnumerateArray().Select(line => new Line(
                line.MaybeText("description"), StripeMoney.From(line.Whole("amount"), currency).Amount, line.Flag("proration"), line.Maybe("period")?.MaybeTime("start"), line.Maybe("period")?.MaybeTime("end"))).ToList()
            : [];
        var off = o.Maybe("total_discount_amounts") is { ValueKind: JsonValueKind.Array } given ? given.EnumerateArray().Sum(part => part.Whole("amount")) : 0;
        var tax = o.Maybe("total_tax_amounts") is { ValueKind: JsonValueKind.Array } taken ? taken.EnumerateArray().Where(part => !part.Flag("inclusive")).Sum(part => part.Whole("amount")) : 0; // what is included stands in the lines
        foreach (var (description, units) in ((string, long)[])[("Discount", -off), ("Tax", tax), ("Carried over from before", UnitsOf(o, "starting_balance")), ("Carried to the next invoice", -UnitsOf(o, "ending_balance"))])
            if (units != 0) lines.Add(new(description, StripeMoney.From(units, currency).Amount, false, null, null));
        return new(Provider, at, test, eventId, o.Text("id"), o.MaybeText("number"), o.MaybeText("customer"), o.MaybeText("subscription"), o.MaybeText("payment_intent"), MoneyOf(o, "amount_due"), MoneyOf(o, "amount_paid"),
            o.MaybeText("status") ?? "draft", (int)o.Whole("attempt_count"), o.MaybeTime("next_payment_attempt"), o.MaybeTime("period_start"), o.MaybeTime("period_end"),
            JsonSerializer.Serialize(lines, Empire.Http.SnakeCaseJson.Options), o.Time("created"),
            o.Maybe("ending_balance") is null ? null : StripeMoney.From(UnitsOf(o, "ending_balance") - UnitsOf(o, "starting_balance"), currency),
            o.MaybeText("hosted_invoice_url"), kind == "invoice.payment_action_required" || o.Maybe("payment_intent")?.MaybeText("status") == "requires_action", // where it was asked for, the intent stands in it
            o.Flag("paid_out_of_band"), o.Maybe("status_transitions")?.MaybeTime("paid_at"));
    }

    /// <summary>A page on which nobody paid in time.</summary>
    private static Translation SessionOver(JsonElement o, DateTimeOffset at, bool test) =>
        o.MaybeText("client_reference_id") is { } ours && PublicId.TryParse("tx", ours, out var payment)
            ? Translation.Of(new PaymentStands(Provider, at, test, o.MaybeText("payment_intent") ?? o.Text("id"), payment, PaymentStatus.Expired, "expired", "The checkout was not paid in time."))
            : Translation.Nothing;

    private sealed record Line(string? Description, decimal Amount, bool Proration, DateTimeOffset? From, DateTimeOffset? To);

    /// <summary>A list that stands in an object: its newest parts.</summary>
    private static IEnumerable<JsonElement> Parts(JsonElement o, string name) => o.Part(name).Part("data").EnumerateArray();

    /// <summary>Zero where it is not said.</summary>
    private static long UnitsOf(JsonElement o, string name) => o.Maybe(name) is null ? 0 : o.Whole(name);

    private static Money? First(Money[] amounts, Predicate<Money> which) => Array.FindIndex(amounts, which) is >= 0 and var at ? amounts[at] : null;

    private static Guid? Ours(JsonElement o, string key) => o.Maybe("metadata")?.MaybeText(key) is { } text && Guid.TryParse(text, out var id) ? id : null;

    private static Money MoneyOf(JsonElement o, string name) => StripeMoney.From(o.Whole(name), o.Text("currency"));
}
