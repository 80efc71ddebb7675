namespace Empire.Contracts;

/// <summary>A payer's money arrived, all that was asked for. Published by payments, once per payment.</summary>
public sealed record PaymentSucceeded
{
    public required Guid TenantId { get; init; }
    public required Guid PaymentId { get; init; }
    public Guid? CustomerId { get; init; }
    /// <summary>stripe, flutterwave or nowpayments.</summary>
    public required string Provider { get; init; }
    /// <summary>sale, upgrade or subscription.</summary>
    public required string Purpose { get; init; }
    /// <summary>Of the payer; null where they are not known by one.</summary>
    public string? Email { get; init; }
    /// <summary>What was bought, as the payer was told.</summary>
    public string? Description { get; init; }
    /// <summary>Millionths of <see cref="Currency"/>.</summary>
    public required long Micros { get; init; }
    public required string Currency { get; init; }
    /// <summary>Where the payer's receipt is, after the address of the installation; whoever has it may read.</summary>
    public string? ReceiptPath { get; init; }
    public Guid? PieceId { get; init; }
    public Guid? PublicationId { get; init; }
    public Guid? ProductId { get; init; }
    public required bool Test { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>An invoice is final and tells its payer what is due. Published by payments, once per invoice of which something is due.</summary>
public sealed record InvoiceFinalized
{
    public required Guid TenantId { get; init; }
    public required Guid InvoiceId { get; init; }
    public Guid? CustomerId { get; init; }
    public Guid? SubscriptionId { get; init; }
    /// <summary>Of the payer; null where they are not known by one.</summary>
    public string? Email { get; init; }
    /// <summary>By which both sides know it.</summary>
    public string? Number { get; init; }
    /// <summary>Due, in millionths of <see cref="Currency"/>; positive.</summary>
    public required long Micros { get; init; }
    public required string Currency { get; init; }
    /// <summary>Where the payer's invoice is, after the address of the installation; whoever has it may read.</summary>
    public required string Path { get; init; }
    public required bool Test { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A payment came to nothing. It may still succeed: payers try again. Published by payments, once for each try that was asked for through it; of the tries on a provider's page, once for all of them.</summary>
public sealed record PaymentFailed
{
    public required Guid TenantId { get; init; }
    public required Guid PaymentId { get; init; }
    public Guid? CustomerId { get; init; }
    /// <summary>In the provider's words.</summary>
    public required string Reason { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>Part or all of a payment went back to its payer. Published by payments, once per refund.</summary>
public sealed record PaymentRefunded
{
    public required Guid TenantId { get; init; }
    public required Guid RefundId { get; init; }
    public required Guid PaymentId { get; init; }
    public Guid? CustomerId { get; init; }
    /// <summary>Of whom it went back to; null where they are not known by an address.</summary>
    public string? Email { get; init; }
    /// <summary>This refund alone, in millionths of <see cref="Currency"/>; positive.</summary>
    public required long Micros { get; init; }
    public required string Currency { get; init; }
    public Guid? PieceId { get; init; }
    public Guid? PublicationId { get; init; }
    public Guid? ProductId { get; init; }
    public required bool Test { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A payer's bank took money back until it is decided who is right. Published by payments, once per dispute.</summary>
public sealed record DisputeOpened
{
    public required Guid TenantId { get; init; }
    public required Guid DisputeId { get; init; }
    public required Guid PaymentId { get; init; }
    public required long Micros { get; init; }
    public required string Currency { get; init; }
    public required string Reason { get; init; }
    /// <summary>Until when evidence is taken; null where none is.</summary>
    public DateTimeOffset? DueBy { get; init; }
    public required bool Test { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>It is decided: the payer keeps the money. Published by payments, once per dispute.</summary>
public sealed record DisputeLost
{
    public required Guid TenantId { get; init; }
    public required Guid DisputeId { get; init; }
    public required Guid PaymentId { get; init; }
    public Guid? CustomerId { get; init; }
    public required long Micros { get; init; }
    public required string Currency { get; init; }
    public required bool Test { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>What a customer pays period by period changed: its state, what it gives, its price, until when it is paid for, or whether it ends then. Published by payments for every subscription, in the
/// name of the account that is paid.</summary>
/// <remarks>Unordered; of two of one subscription the later holds.</remarks>
public sealed record CustomerSubscriptionChanged
{
    /// <summary>The account that is paid.</summary>
    public required Guid TenantId { get; init; }
    public required Guid SubscriptionId { get; init; }
    public required Guid CustomerId { get; init; }
    /// <summary>The customer is itself an account of this installation, which <see cref="SubscriptionChanged"/> tells of too.</summary>
    public required bool IsAccount { get; init; }
    public string? Email { get; init; }
    /// <summary>As the provider names it: trialing, active, past_due, unpaid, paused, canceled, incomplete or incomplete_expired.</summary>
    public required string Status { get; init; }
    /// <summary>Null when it has just begun.</summary>
    public string? Before { get; init; }
    /// <summary>What it gives, where its price says so.</summary>
    public string? Tier { get; init; }
    /// <summary>The provider's.</summary>
    public required string PriceId { get; init; }
    /// <summary>Each period, in millionths of <see cref="Currency"/>.</summary>
    public long? Micros { get; init; }
    public string? Currency { get; init; }
    public DateTimeOffset? CurrentPeriodEnd { get; init; }
    public required bool CancelAtPeriodEnd { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    /// <summary>Who the customer knows the account as, and where they turn to; null where it has not said.</summary>
    public string? SellerName { get; init; }
    public string? SellerEmail { get; init; }
    /// <summary>The account lets its customers be mailed about payments that failed.</summary>
    public required bool MayRemind { get; init; }
    /// <summary>Where whoever has it confirms the payment or gives another card, after the address of the installation; only where a payment has just failed and the customer may be mailed.</summary>
    public string? BillingPath { get; init; }
    public required bool Test { get; init; }
    /// <summary>By the provider's clock.</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>What an account has paid for changed: its tier, its state, or until when. Published by payments in the account's own name; its tier and limits follow.</summary>
public sealed record SubscriptionChanged
{
    /// <summary>The account that pays, not the one that is paid.</summary>
    public required Guid TenantId { get; init; }
    public required Guid CustomerId { get; init; }
    /// <summary>Of whoever pays.</summary>
    public required string Email { get; init; }
    /// <summary>free, professional or enterprise.</summary>
    public required string Tier { get; init; }
    public required string Before { get; init; }
    /// <summary>trial, active, past_due or cancelled.</summary>
    public required string Status { get; init; }
    /// <summary>As it was told last; null in what was published before this was said.</summary>
    public string? StatusBefore { get; init; }
    /// <summary>Where whoever has it gives another card, after the address of the installation; only where the last payment failed.</summary>
    public string? BillingPath { get; init; }
    /// <summary>Until when it is paid for; null: until further notice.</summary>
    public DateTimeOffset? EndsAt { get; init; }
    /// <summary>Of two the later one holds.</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}
