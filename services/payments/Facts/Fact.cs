namespace Empire.Payments.Facts;

/// <summary>One thing that a provider says about money, in our words. Stripe, Flutterwave and NOWPayments are told apart here and nowhere later. A fact is made of the
/// provider's words alone, so that the same words, whenever they come, are the same fact.</summary>
/// <param name="Provider">stripe, flutterwave or nowpayments.</param>
/// <param name="At">By the provider's clock.</param>
/// <param name="Test">Told by the sandbox, or of a provider's test mode. What belongs to a payment is booked as the payment is: see <see cref="Terms.Test"/>.</param>
public abstract record Fact(string Provider, DateTimeOffset At, bool Test);

/// <summary>Where a payment stands.</summary>
/// <param name="Reference">The provider's: payment intent, tx_ref, payment id.</param>
/// <param name="Ours">The payment's id as we gave it along, where we could.</param>
/// <param name="Detail">Why it failed, in the provider's words.</param>
public sealed record PaymentStands(
    string Provider, DateTimeOffset At, bool Test, string Reference, Guid? Ours, PaymentStatus Status, string? Code = null, string? Detail = null, string? ActionUrl = null) : Fact(Provider, At, Test);

/// <summary>Money arrived with the provider, for us.</summary>
/// <param name="Taken">The provider's id of the taking: charge, transaction.</param>
/// <param name="Invoice">The provider's id of the invoice that it pays; null for a single payment.</param>
/// <param name="Customer">The provider's id of who paid; null where it knows none.</param>
/// <param name="Partial">The provider itself says that it is too little, and that the rest may still come.</param>
public sealed record MoneyArrived(
    string Provider, DateTimeOffset At, bool Test, string Reference, Guid? Ours, string Taken, Money Amount, string? Invoice = null, string? Customer = null, CardFace? Card = null, bool Partial = false) : Fact(Provider, At, Test);

/// <summary>All that may be kept of a card.</summary>
/// <param name="LastFour">Four digits.</param>
public sealed record CardFace(string Brand, string LastFour);

/// <summary>What the provider keeps for its service, of money that came, and of money that went back or was taken back.</summary>
/// <param name="Id">The provider's id of the movement.</param>
/// <param name="Taken">The provider's id of the taking.</param>
/// <param name="Gross">What moved, in the currency that the provider settles in; where that is not the payment's, a change of currency is booked. Negative where it went.</param>
/// <param name="Original">The same in the payer's currency, with the same sign.</param>
/// <param name="Reference">The provider's reference of the payment, where it says that too.</param>
/// <param name="Ours">The payment's id, where the provider gives it back.</param>
public sealed record FeeTaken(string Provider, DateTimeOffset At, bool Test, string Id, string Taken, Money Fee, Money Gross, Money Original, Guid? Ours = null, string? Reference = null) : Fact(Provider, At, Test);

/// <summary>Money went back, or is on its way back, to the payer.</summary>
public sealed record RefundStands(
    string Provider, DateTimeOffset At, bool Test, string Id, string? Reference, string? Taken, Guid? Ours, Money Amount, RefundStatus Status, string? Reason, string? Failure = null) : Fact(Provider, At, Test);

/// <summary>All that had arrived at one address of a payment in coins went back to whoever sent it, however much that was.</summary>
/// <param name="Reference">The provider's id of the address: what came there is booked under it.</param>
/// <param name="Booked">What an older rule booked as given back, whatever had arrived; null where none did. That entry stands, with one beside it that takes it back.</param>
public sealed record SentBack(string Provider, DateTimeOffset At, bool Test, string Reference, Guid? Ours, Money? Booked = null) : Fact(Provider, At, Test)
{
    /// <summary>The refund, where what went back had paid for something.</summary>
    public string RefundId => $"{Reference}:refunded";
}

/// <summary>What was left of coins that had arrived, when NOWPayments had taken its fee, changed them where it was to, and sent them on.</summary>
/// <param name="Reference">The provider's id of the address.</param>
/// <param name="Worth">What arrived, as it is booked.</param>
/// <param name="Left">What was left of it, in the same currency.</param>
/// <param name="Coin">As which it was left, as btc.</param>
/// <param name="PaidOut">It went to a wallet; otherwise the provider holds it.</param>
public sealed record CoinsSettled(string Provider, DateTimeOffset At, bool Test, string Reference, Guid? Ours, Money Worth, Money Left, string Coin, bool PaidOut) : Fact(Provider, At, Test);

/// <summary>A payer's bank took money back until it is decided who is right.</summary>
/// <param name="Status">In Stripe's words: needs_response, under_review, won, lost and the warnings.</param>
/// <param name="ClosedAt">Null while it is open.</param>
/// <param name="Fee">What the provider charges for it; null where it has not said.</param>
/// <param name="FeeReturned">What of it came back with the money; null where nothing did.</param>
public sealed record DisputeStands(
    string Provider, DateTimeOffset At, bool Test, string Id, string? Reference, string Taken, Money Amount, string Reason, string Status, DateTimeOffset? DueBy, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, Money? Fee,
    Money? FeeReturned = null) : Fact(Provider, At, Test);

/// <summary>Where a subscription stands.</summary>
/// <param name="TellsIt">The id of the report.</param>
/// <param name="Tier">What it gives; null where neither its price nor it says so.</param>
/// <param name="Asked">The provider's answer to a question, as of then: it knows all that happened before.</param>
/// <param name="PendingPrice">To which it changes when an invoice is paid; null: nothing waits.</param>
public sealed record SubscriptionStands(
    string Provider, DateTimeOffset At, bool Test, string TellsIt, string Id, Guid? Ours, string Customer, string Status, string Price, string? Tier, Money? Amount, string? Period,
    DateTimeOffset CreatedAt, DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd, bool CancelAtPeriodEnd, DateTimeOffset? CanceledAt, DateTimeOffset? EndedAt, bool Asked = false,
    string? PendingPrice = null) : Fact(Provider, At, Test);

/// <summary>Where an invoice stands.</summary>
/// <param name="Subscription">The provider's id; null where it is for none.</param>
/// <param name="Lines">JSON: description, amount, period, proration; discounts, taxes on top and what is carried over are lines too, so that they sum to <paramref name="Due"/>.</param>
/// <param name="HostedUrl">The provider's page on which it is paid; null while it is a draft.</param>
/// <param name="AwaitsPayer">The payer's bank wants to hear from them first.</param>
/// <param name="PaidOutOfBand">Paid another way, as whoever sells says at the provider; no payment tells of it.</param>
/// <param name="CreditUsed">What it took of the credit that the customer had; negative: what it left them as credit. Null while it is a draft.</param>
public sealed record InvoiceStands(
    string Provider, DateTimeOffset At, bool Test, string TellsIt, string Id, string? Number, string? Customer, string? Subscription, string? Reference, Money Due, Money Paid, string Status, int Attempts,
    DateTimeOffset? NextAttemptAt, DateTimeOffset? PeriodStart, DateTimeOffset? PeriodEnd, string Lines, DateTimeOffset CreatedAt, Money? CreditUsed = null, string? HostedUrl = null, bool AwaitsPayer = false,
    bool PaidOutOfBand = false, DateTimeOffset? PaidAt = null) : Fact(Provider, At, Test);

/// <summary>What the provider held for us went to the bank.</summary>
/// <param name="FailedAt">When the bank sent it back; null where it did not.</param>
/// <param name="Fee">What the provider takes for it, beside the amount; null where it says none.</param>
public sealed record PaidOut(string Provider, DateTimeOffset At, bool Test, string Id, Money Amount, DateTimeOffset? FailedAt = null, Money? Fee = null) : Fact(Provider, At, Test);

/// <summary>A part of a sale went to the account of its seller.</summary>
/// <param name="Taken">The charge that it is a part of.</param>
public sealed record PassedOn(string Provider, DateTimeOffset At, bool Test, string Id, string? Taken, Money Amount) : Fact(Provider, At, Test);

/// <summary>The platform's share of a sale came back from the seller's account.</summary>
public sealed record ShareKept(string Provider, DateTimeOffset At, bool Test, string Id, string Taken, Money Amount) : Fact(Provider, At, Test);

/// <summary>The seller gave back their part of what was refunded.</summary>
/// <param name="Taken">The charge.</param>
public sealed record PassedBack(string Provider, DateTimeOffset At, bool Test, string Id, string Taken, Money Amount) : Fact(Provider, At, Test);

/// <summary>The platform gave back its share of what was refunded, to the seller.</summary>
/// <param name="Taken">The charge.</param>
public sealed record ShareReturned(string Provider, DateTimeOffset At, bool Test, string Id, string Taken, Money Amount) : Fact(Provider, At, Test);

/// <summary>What a seller may do at the provider.</summary>
/// <param name="Asked">The provider's answer to a question, as of then: it knows all that happened before.</param>
public sealed record SellerStands(string Provider, DateTimeOffset At, bool Test, string TellsIt, string Id, Guid? Ours, bool ChargesEnabled, bool PayoutsEnabled, bool DetailsSubmitted, bool Asked = false) : Fact(Provider, At, Test);
