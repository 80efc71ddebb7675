namespace Empire.Payments.Heard;

/// <summary>Somebody whom a customer had sent has paid for the first time.</summary>
/// <param name="ReferralId">Who came; where they had paid in test mode before, a name made of that.</param>
/// <param name="AtStripe">The next invoice there takes it; otherwise the next payment here.</param>
internal sealed record ReferralRewarded(Guid ReferralId, Guid ReferrerId, long Micros, string Currency, bool AtStripe, bool Test, DateTimeOffset OccurredAt);

/// <summary>The first payment was given back, and the credit had not been spent.</summary>
internal sealed record ReferralTakenBack(Guid ReferralId, Guid ReferrerId, long Micros, string Currency, bool AtStripe, bool Test, DateTimeOffset OccurredAt);

/// <summary>Stripe would not take a credit, or no invoice there will any more: it, or what is left of it, is kept here instead.</summary>
internal sealed record ReferralKeptHere(Guid ReferralId, Guid ReferrerId, long Micros, string Currency, bool Test, DateTimeOffset OccurredAt);

/// <summary>A payment took a part of its customer's credit.</summary>
internal sealed record CreditSpent(Guid PaymentId, Guid CustomerId, long Micros, string Currency, bool Test, DateTimeOffset OccurredAt);
