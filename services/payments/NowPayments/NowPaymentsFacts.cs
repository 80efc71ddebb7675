using System.Globalization;
using System.Text.Json;
using Empire.Payments.Facts;

namespace Empire.Payments.NowPayments;

/// <summary>What NOWPayments says of a payment in coins. In the books it stands at the price that was agreed; coins too many or too few are valued at the same rate.</summary>
internal static class NowPaymentsFacts
{
    public const string Provider = "nowpayments";

    /// <summary>Told before 0153 under this kind, the whole price was booked as given back.</summary>
    private const string OldRefunded = "payment.refunded";

    /// <summary>What was left of a payment, as <see cref="NowPaymentsProvider"/> asked for it.</summary>
    public const string OutcomeKind = "fetched:outcome";

    private const string PartlyPaid = "partially_paid";

    /// <summary>The kind of an event that tells of a status.</summary>
    public static string KindOf(string status) => status == "refunded" ? "payment.sent_back" : $"payment.{status}";

    /// <summary>The id of an event that tells where a payment stands. The same state is the same event, and of a part each sum is a state.</summary>
    public static string EventIdOf(string id, string status, JsonElement o) => status == PartlyPaid && o.MaybeNumber("actually_paid") is { } coins ? $"{id}:{status}:{Plain(coins)}" : $"{id}:{status}";

    /// <param name="eventId">As <see cref="EventIdOf"/> gave it when it was heard.</param>
    /// <param name="kind">As <see cref="KindOf"/> gave it.</param>
    public static Translation Of(string eventId, string kind, JsonElement o, DateTimeOffset at, bool test)
    {
        if (kind == OutcomeKind) return Translation.Of(Settled(o.Part("payment"), o.Maybe("estimate"), at, test));
        var (id, ours) = (o.Text("payment_id"), OursOf(o));
        PaymentStands Stands(PaymentStatus status, string? code = null, string? detail = null) => new(Provider, at, test, id, ours, status, code, detail);
        return o.Text("payment_status") switch
        {
            "waiting" => Translation.Of(Stands(PaymentStatus.RequiresAction)),
            "confirming" or "confirmed" or "sending" => Translation.Of(Stands(PaymentStatus.Processing)),
            PartlyPaid => Translation.Of(Stands(PaymentStatus.PartiallyPaid, "underpaid", $"{o.MaybeText("actually_paid")} {o.MaybeText("pay_currency")} arrived where {o.MaybeText("pay_amount")} was asked for."), Arrived(eventId, o, id, ours, at, test)),
            "finished" => Translation.Of(Arrived(eventId, o, id, ours, at, test)).Fetching(NowPaymentsProvider.OutcomePath + Uri.EscapeDataString(id)),
            "failed" => Translation.Of(Stands(PaymentStatus.Failed, "failed", "The transfer of coins failed.")),
            "expired" => Translation.Of(Stands(PaymentStatus.Expired, "expired", "No coins arrived in time.")),
            "refunded" => Translation.Of(Stands(PaymentStatus.Failed, "sent_back", "The coins that had arrived were sent back."), new SentBack(Provider, at, test, id, ours, kind == OldRefunded ? PriceOf(o) : null)),
            _ => Translation.Nothing,
        };
    }

    public static DateTimeOffset? TimeOf(JsonElement o) => o.Maybe("updated_at") switch
    {
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var millis) => DateTimeOffset.FromUnixTimeMilliseconds(millis),
        { ValueKind: JsonValueKind.String } value when DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) => at,
        _ => null,
    };

    private static MoneyArrived Arrived(string eventId, JsonElement o, string id, Guid? ours, DateTimeOffset at, bool test)
    {
        var (price, asked, paid, whole) = (PriceOf(o), o.MaybeNumber("pay_amount"), o.MaybeNumber("actually_paid"), o.Text("payment_status") == "finished");
        // "finished" means that they took it as enough, also where a rounding of the chain is missing.
        var worth = asked is > 0 && paid is { } coins && (!whole || coins > asked) ? price.Times(coins / asked.Value) : price;
        // Before 0153 only the first part was heard of, and booked without its sum.
        var part = eventId == $"{id}:{PartlyPaid}" || paid is not { } sum ? id : $"{id}:{Plain(sum)}";
        return new(Provider, at, test, id, ours, whole ? id : part + Bookings.PartSuffix, worth, Partial: !whole);
    }

    /// <summary>Of what is left in the coin that came, the same part is left of the price. What was changed into another is worth as much of the price as NOWPayments asks of that one for it.</summary>
    /// <param name="estimate">What the whole price is in the coin that is left; null where that is the coin that came.</param>
    private static CoinsSettled Settled(JsonElement o, JsonElement? estimate, DateTimeOffset at, bool test)
    {
        var (id, ours, left, coin) = (o.Text("payment_id"), OursOf(o), o.Number("outcome_amount"), o.Text("outcome_currency").ToLowerInvariant());
        var arrived = Arrived($"{id}:finished", o, id, ours, at, test);
        var whole = estimate is { } asked ? asked.Number("estimated_amount") : o.MaybeNumber("actually_paid") is { } paid and > 0 ? paid : o.Number("pay_amount");
        if (left < 0 || whole <= 0) throw new JsonException(left < 0 ? "outcome_amount is below zero." : "estimated_amount is no amount.");
        return new(Provider, at, test, id, ours, arrived.Amount, (estimate is null ? arrived.Amount : PriceOf(o)).Times(left / whole), coin, o.MaybeText("payout_hash") is not null);
    }

    public static Guid? OursOf(JsonElement o) => PublicId.TryParse("tx", o.MaybeText("order_id"), out var ordered) ? ordered : null;

    /// <summary>The same number in the same digits, however it was written.</summary>
    private static string Plain(decimal coins) => coins.ToString("0.############################", CultureInfo.InvariantCulture);

    private static Money PriceOf(JsonElement o) => Money.Of(o.Number("price_amount"), Currency.Parse(o.Text("price_currency")));
}
