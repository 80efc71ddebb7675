namespace Empire.Payments.Customers;

/// <summary>Who pays a tenant.</summary>
public sealed class Customer
{
    public Guid Id { get; init; }

    /// <summary>Lower case.</summary>
    public string Email { get; init; } = "";
    public string? Name { get; init; }

    /// <summary>free, professional or enterprise: what they have paid for now.</summary>
    public string Tier { get; init; } = "free";

    /// <summary>The account of this installation that they are, where they pay for a tier.</summary>
    public Guid? AccountId { get; init; }
    public string? ApiKeyReference { get; init; }
    public string? StripeId { get; init; }
    public string? StripeProblem { get; init; }
    public string? PaymentMethod { get; init; }
    public string? CardBrand { get; init; }
    public string? CardLast4 { get; init; }
    public bool Test { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Their person was forgotten: what is left is the row that their payments are of.</summary>
    public bool Erased => Email == CustomerTable.ErasedOf(Id);

    public string PublicId => Empire.PublicId.Format(Prefix, Id);

    public const string Prefix = "cust";
}
