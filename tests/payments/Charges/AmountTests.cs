using System.Text.Json;
using Empire.Payments.Connect;
using Empire.Payments.Coupons;
using Empire.Payments.Facts;
using Empire.Payments.Stripe;

namespace Empire.Payments.Tests.Charges;

/// <summary>Amounts as Stripe counts them: most in hundredths, a few in whole units, a few in thousandths whose last digit is zero.</summary>
public sealed class AmountTests
{
    /// <summary>What is reckoned here is what Stripe can move, else the row would say one thing and the card another.</summary>
    [Theory]
    [InlineData("USD", 101.01)]
    [InlineData("JPY", 101)]
    [InlineData("ISK", 101)]
    [InlineData("KWD", 101.05)]
    [InlineData("MGA", 101)]
    public void A_discount_and_a_share_in_percent_are_amounts_that_stripe_takes(string code, double amount)
    {
        var whole = Money.Of((decimal)amount, Currency.Parse(code));
        foreach (var part in (Money[])[new Coupon { PercentOff = 33 }.Off(whole), new Coupon { PercentOff = 0.5m }.Off(whole), new Coupon { PercentOff = 100 }.Off(whole), new Seller { FeePercent = 7.35m }.FeeOf(whole)])
            Assert.True(StripeMoney.TryTo(part, out _) && StripeMoney.TryTo(whole - part, out _), $"{part} of {whole}");
        Assert.Equal(whole, new Coupon { PercentOff = 100 }.Off(whole));
    }

    [Theory]
    [InlineData("USD", 12.34, 1234)]
    [InlineData("JPY", 1234, 1234)]
    [InlineData("MGA", 1234, 1234)]
    [InlineData("UGX", 5, 500)]
    [InlineData("ISK", 5, 500)]
    [InlineData("KWD", 1.23, 1230)]
    public void Units_come_back_as_they_went(string code, double amount, long units)
    {
        Assert.True(StripeMoney.TryTo(Money.Of((decimal)amount, Currency.Parse(code)), out var given));
        Assert.Equal((units, Money.Of((decimal)amount, Currency.Parse(code))), (given, StripeMoney.From(units, code)));
    }

    [Theory]
    [InlineData("KWD", 1.235)]
    [InlineData("MGA", 1.5)]
    public void What_stripe_cannot_take_is_said(string code, double amount) => Assert.False(StripeMoney.TryTo(Money.Of((decimal)amount, Currency.Parse(code)), out _));

    [Fact]
    public void Of_a_charge_that_was_captured_in_part_the_part_is_changed()
    {
        var fee = Assert.IsType<FeeTaken>(Assert.Single(Of("fetched:balance_transaction", new
        {
            id = "txn_1", @object = "balance_transaction", amount = 6600, fee = 220, currency = "usd", created = 1_763_625_600, source = new { id = "ch_1", @object = "charge", amount = 10_000, amount_captured = 6_000, currency = "eur" },
        }).Facts));
        Assert.Equal((Money.Of(66m, Currency.Usd), Money.Of(60m, Currency.Parse("EUR"))), (fee.Gross, fee.Original));
    }

    /// <summary>Of some charges Stripe settles a moment later: the first report names no movement yet, the next one does.</summary>
    [Fact]
    public void The_movement_of_a_charge_that_is_settled_later_is_asked_for_then()
    {
        object Charge(string? movement) => new { id = "ch_1", @object = "charge", payment_intent = "pi_1", amount = 10_000, amount_captured = 10_000, currency = "eur", paid = true, captured = true, created = 1_763_625_600, balance_transaction = movement };
        Assert.Empty(Of("charge.succeeded", Charge(null)).ToFetch);
        Assert.Equal("balance_transactions/txn_1?expand[]=source", Assert.Single(Of("charge.updated", Charge("txn_1")).ToFetch));
    }

    /// <summary>Until money has moved there is nothing to ask for, and after it was asked for it is not asked for again by the answer.</summary>
    [Theory]
    [InlineData("charge.dispute.created", "needs_response", 0, true)]
    [InlineData("charge.dispute.funds_withdrawn", "needs_response", 1, false)]
    [InlineData("charge.dispute.created", "warning_needs_response", 0, false)]
    [InlineData("charge.dispute.closed", "lost", 1, false)]
    [InlineData("charge.dispute.closed", "won", 1, true)]
    [InlineData("charge.dispute.funds_reinstated", "won", 2, false)]
    [InlineData("fetched:dispute", "needs_response", 0, false)]
    public void A_dispute_that_names_no_movement_is_asked_for(string kind, string status, int moves, bool asked)
    {
        var dispute = new
        {
            id = "dp_1", @object = "dispute", charge = "ch_1", payment_intent = "pi_1", amount = 6_000, currency = "eur", status, reason = "fraudulent", created = 1_763_625_600,
            balance_transactions = new object[] { new { id = "txn_1", amount = -6600, fee = 1500, currency = "usd", created = 1_763_625_601 }, new { id = "txn_2", amount = 6300, fee = -1500, currency = "usd", created = 1_763_625_999 } }[..moves],
        };
        var meaning = Of(kind, dispute);
        Assert.Equal(asked, meaning.ToFetch is ["disputes/dp_1#1763625600:evt_1"]);
        Assert.Equal(new[] { (-66m, -60m), (63m, 60m) }[..moves], meaning.Facts.OfType<FeeTaken>().Select(move => (move.Gross.Amount, move.Original.Amount)));
    }

    private static Translation Of(string kind, object o) => StripeFacts.Of(kind, JsonSerializer.SerializeToElement(o), "evt_1", DateTimeOffset.FromUnixTimeSeconds(1_763_625_600), test: true);
}
