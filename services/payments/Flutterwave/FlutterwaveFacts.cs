using System.Globalization;
using System.Text.Json;
using Empire.Payments.Facts;

namespace Empire.Payments.Flutterwave;

/// <summary>What Flutterwave v3's objects say of money; amounts are plain decimals.</summary>
internal static class FlutterwaveFacts
{
    public const string Provider = "flutterwave";

    /// <summary>A payment's reference with them.</summary>
    public static string ReferenceOf(Guid payment) => PublicId.Format("tx", payment);

    /// <summary>Ours, also of a second page for the same payment: <c>tx_…-2</c>.</summary>
    public static Guid? PaymentOf(string? reference) => PublicId.TryParse("tx", reference?.Split('-')[0], out var id) ? id : null;

    public static Translation OfTransaction(JsonElement o, bool test)
    {
        var (id, reference, at) = (o.Text("id"), o.Text("tx_ref"), TimeOf(o) ?? throw new JsonException("created_at is missing."));
        var ours = PaymentOf(reference);
        if (o.MaybeText("status") is "failed") return Translation.Of(new PaymentStands(Provider, at, test, reference, ours, PaymentStatus.Failed, "declined", o.MaybeText("processor_response")));
        if (o.MaybeText("status") is not "successful") return Translation.Of(new PaymentStands(Provider, at, test, reference, ours, PaymentStatus.Processing));
        var amount = AmountOf(o, "amount");
        var card = o.Maybe("card");
        var arrived = new MoneyArrived(Provider, at, test, reference, ours, id, amount, Card: card?.MaybeText("type") is { } brand && card?.MaybeText("last_4digits") is { Length: 4 } last ? new(brand.ToLowerInvariant(), last) : null);
        return o.MaybeNumber("app_fee") is > 0 ? Translation.Of(arrived, new FeeTaken(Provider, at, test, id, id, AmountOf(o, "app_fee"), amount, amount, ours)) : Translation.Of(arrived);
    }

    public static Translation OfTransfer(JsonElement o, bool test) => o.MaybeText("status")?.ToUpperInvariant() is "SUCCESSFUL"
        ? Translation.Of(new PaidOut(Provider, TimeOf(o) ?? throw new JsonException("created_at is missing."), test, o.Text("id"), AmountOf(o, "amount")))
        : Translation.Nothing;

    /// <param name="o">Their answer as <c>data</c>, and beside it the <c>currency</c> of the transaction, which they do not repeat.</param>
    public static Translation OfRefund(JsonElement o, DateTimeOffset at, bool test)
    {
        var data = o.Part("data");
        return Translation.Of(new RefundStands(
            Provider, at, test, data.Text("id"), null, data.Text("tx_id"), PublicId.TryParse("ref", data.MaybeText("comments") ?? o.MaybeText("comments"), out var ours) ? ours : null,
            Money.Of(data.Number("amount_refunded"), Currency.Parse(o.Text("currency"))), data.MaybeText("status") switch { "completed" or "successful" => RefundStatus.Succeeded, "failed" => RefundStatus.Failed, _ => RefundStatus.Pending }, null));
    }

    public static DateTimeOffset? TimeOf(JsonElement o) =>
        o.MaybeText("created_at") is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;

    private static Money AmountOf(JsonElement o, string name) => Money.Of(o.Number(name), Currency.Parse(o.MaybeText("currency") ?? "NGN"));
}
