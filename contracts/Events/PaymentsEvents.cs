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
    public Guid? PieceId { get; init; }
    public Guid? PublicationId { get; init; }
    public Guid? ProductId { get; init; }
    public required bool Test { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A payment came to nothing. It may still succeed: payers try again.</summary>
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

/// <summary>What an account has paid for changed. Published by payments in the account's own name; its tier and limits follow.</summary>
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
    /// <summary>Until when it is paid for; null: until further notice.</summary>
    public DateTimeOffset? EndsAt { get; init; }
    /// <summary>Of two the later one holds.</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}
