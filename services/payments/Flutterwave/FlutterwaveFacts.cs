using System.Globalization;
using System.Text.Json;
using Empire.Payments.Facts;
using Empire.Payments.Intake;

namespace Empire.Payments.Flutterwave;

/// <summary>What Flutterwave v3's objects say of money; amounts are plain decimals.</summary>
internal static class FlutterwaveFacts
{
    public const string Provider = "flutterwave";

    /// <summary>A payment's reference with them.</summary>
    /// <param name="attempt">Each further page has its own: <c>tx_…-2</c>.</param>
    public static string ReferenceOf(Guid payment, int attempt = 1) => PublicId.Format("tx", payment) + (attempt > 1 ? string.Create(CultureInfo.InvariantCulture, $"-{attempt}") : "");

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
        ? Translation.Of(new PaidOut(Provider, TimeOf(o) ?? throw new JsonException("created_at is missing."), test, o.Text("id"), AmountOf(o, "amount"), Fee: FeeOf(o)))
        : Translation.Nothing;

    /// <param name="o">Their answer as <c>data</c>, and beside it the <c>currency</c> of the transaction, which they do not repeat.</param>
    public static Translation OfRefund(JsonElement o, DateTimeOffset at, bool test)
    {
        var data = o.Part("data");
        return Translation.Of(new RefundStands(
            Provider, at, test, data.Text("id"), null, data.Text("tx_id"), PublicId.TryParse("ref", data.MaybeText("comments") ?? o.MaybeText("comments"), out var ours) ? ours : null,
            Money.Of(data.Number("amount_refunded"), Currency.Parse(o.Text("currency"))), StatusOf(data.MaybeText("status")), null));
    }

    /// <summary>How a refund was paid out stands behind the word, as completed-mpgs.</summary>
    public static RefundStatus StatusOf(string? refund) => refund is "successful" || refund?.StartsWith("completed", StringComparison.Ordinal) == true ? RefundStatus.Succeeded : refund == "failed" ? RefundStatus.Failed : RefundStatus.Pending;

    /// <summary>Their word about a refund, ready for the log.</summary>
    /// <param name="data">Of their answer.</param>
    /// <param name="payment">Their reference of the payment; they repeat neither it nor the currency.</param>
    /// <param name="ours">As it stands in the comments, which not every answer of theirs repeats; null where it was made at their own pages without any.</param>
    /// <param name="at">When they were heard: they do not say when it was done.</param>
    /// <param name="test">It was heard under a test key.</param>
    public static ProviderEvent HeardOfRefund(JsonElement data, string payment, string currency, string? ours, DateTimeOffset at, EventSource source, bool test) => new(
        Provider, $"refund:{data.Text("id")}:{data.MaybeText("status")}", "fetched:refund", payment, at, $$"""{"data":{{data.GetRawText()}},"currency":"{{currency}}","comments":{{JsonSerializer.Serialize(ours)}}}""", source, test);

    public static DateTimeOffset? TimeOf(JsonElement o) =>
        o.MaybeText("created_at") is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;

    /// <summary>Of a transfer, taken from the purse that pays it.</summary>
    private static Money? FeeOf(JsonElement o) => o.MaybeNumber("fee") is { } fee ? Money.Of(fee, Currency.Parse(o.MaybeText("debit_currency") ?? o.MaybeText("currency") ?? "NGN")) : null;

    private static Money AmountOf(JsonElement o, string name) => Money.Of(o.Number(name), Currency.Parse(o.MaybeText("currency") ?? "NGN"));
}
