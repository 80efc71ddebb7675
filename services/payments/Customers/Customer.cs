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

    /// <summary>The <see cref="StripeId"/> of which <see cref="Test"/> is known to say in which mode it was made.</summary>
    public string? ModeKnownOf { get; init; }
    public string? PaymentMethod { get; init; }
    public string? CardBrand { get; init; }
    public string? CardLast4 { get; init; }
    public bool Test { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Their person was forgotten: what is left is the row that their payments are of.</summary>
    public bool Erased => Email == CustomerTable.ErasedOf(Id);

    /// <summary>Until then somebody who is forgotten was this customer at Stripe; null: nobody was.</summary>
    public DateTimeOffset? ForgottenUntil { get; init; }

    /// <summary>Cards of somebody who is forgotten may still stand at Stripe: nothing is to be charged there before they are taken away.</summary>
    public bool HasForgottenCards => ForgottenUntil == DateTimeOffset.MaxValue;

    public string PublicId => Empire.PublicId.Format(Prefix, Id);

    public const string Prefix = "cust";
}
