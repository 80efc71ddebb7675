namespace Empire.Sandbox.Stripe;

/// <summary>What a bank says to a charge.</summary>
enum CardOutcome { Approve, Decline, Authenticate, Dispute }

/// <param name="Token">After "pm_card_" or "tok_".</param>
/// <param name="Code">Of a decline: the error's code.</param>
/// <param name="DeclineCode">Of a decline, the bank's reason; of a dispute, the cardholder's.</param>
/// <param name="Attaches">False: the bank declines already when the card is attached to a customer.</param>
sealed record TestCard(string Token, string Brand, string Last4, string Funding, CardOutcome Outcome, string Code = "card_declined", string? DeclineCode = null, bool Attaches = true);

/// <summary>Stripe's cards for tests by their tokens. Source: docs.stripe.com/testing, read 2026-11.</summary>
static class TestCards
{
    /// <summary>Its charges are available at once rather than in two days.</summary>
    public const string BypassPending = "bypassPending";

    static readonly TestCard[] All =
    [
        new("visa", "visa", "4242", "credit", CardOutcome.Approve),
        new("visa_debit", "visa", "5556", "debit", CardOutcome.Approve),
        new("mastercard", "mastercard", "4444", "credit", CardOutcome.Approve),
        new("mastercard_debit", "mastercard", "3222", "debit", CardOutcome.Approve),
        new("mastercard_prepaid", "mastercard", "5100", "prepaid", CardOutcome.Approve),
        new("amex", "amex", "8431", "credit", CardOutcome.Approve),
        new("discover", "discover", "9424", "credit", CardOutcome.Approve),
        new("jcb", "jcb", "0505", "credit", CardOutcome.Approve),
        Declined("chargeDeclined", "0002", "card_declined", "generic_decline"),
        Declined("chargeDeclinedInsufficientFunds", "9995", "card_declined", "insufficient_funds"),
        Declined("chargeDeclinedLostCard", "9987", "card_declined", "lost_card"),
        Declined("chargeDeclinedStolenCard", "9979", "card_declined", "stolen_card"),
        Declined("chargeDeclinedFraudulent", "0019", "card_declined", "fraudulent"),
        Declined("chargeDeclinedExpiredCard", "0069", "expired_card", null),
        Declined("chargeDeclinedIncorrectCvc", "0127", "incorrect_cvc", null),
        Declined("chargeDeclinedProcessingError", "0119", "processing_error", null),
        Declined("chargeCustomerFail", "0341", "card_declined", "generic_decline") with { Attaches = true },
        new(BypassPending, "visa", "0077", "credit", CardOutcome.Approve),
        new("authenticationRequired", "visa", "3184", "credit", CardOutcome.Authenticate),
        new("threeDSecure2Required", "visa", "3220", "credit", CardOutcome.Authenticate),
        new("createDispute", "visa", "0259", "credit", CardOutcome.Dispute, DeclineCode: "fraudulent"),
        new("createDisputeProductNotReceived", "visa", "2685", "credit", CardOutcome.Dispute, DeclineCode: "product_not_received"),
    ];

    /// <param name="token">"pm_card_visa", "tok_visa"; declining cards also with their brand, as "pm_card_visa_chargeDeclined".</param>
    public static TestCard? Find(string token)
    {
        var name = token.StartsWith("pm_card_", StringComparison.Ordinal) ? token["pm_card_".Length..] : token.StartsWith("tok_", StringComparison.Ordinal) ? token["tok_".Length..] : null;
        return All.FirstOrDefault(c => c.Token == name || (c.Outcome == CardOutcome.Decline && name == "visa_" + c.Token));
    }

    public static string Message(TestCard card) => card switch
    {
        { DeclineCode: "insufficient_funds" } => "Your card has insufficient funds.",
        { Code: "expired_card" } => "Your card has expired.",
        { Code: "incorrect_cvc" } => "Your card's security code is incorrect.",
        { Code: "processing_error" } => "An error occurred while processing your card. Try again in a little bit.",
        _ => "Your card was declined.",
    };

    static TestCard Declined(string token, string last4, string code, string? declineCode) => new(token, "visa", last4, "credit", CardOutcome.Decline, code, declineCode, Attaches: false);
}
