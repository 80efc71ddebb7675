using Empire.Payments.Facts;
using Empire.Security;

namespace Empire.Payments.Charges;

/// <summary>Money asked of a payer.</summary>
public sealed class Payment
{
    public Guid Id { get; init; }
    public TenantId TenantId { get; init; }
    public string Provider { get; init; } = "";

    /// <summary>sale, upgrade or subscription.</summary>
    public string Purpose { get; init; } = "";
    public Guid? CustomerId { get; init; }

    /// <summary>Of an upgrade: what is bought.</summary>
    public string? Tier { get; init; }
    public long AmountMicros { get; init; }
    public Currency Currency { get; init; }
    public string Description { get; init; } = "";
    public string Status { get; private set; } = "pending";
    public string? FailureCode { get; private set; }
    public string? FailureDetail { get; private set; }

    /// <summary>The provider's: payment intent, tx_ref, payment id.</summary>
    public string? ProviderRef { get; private set; }

    /// <summary>What took the money: charge, transaction.</summary>
    public string? ChargeRef { get; private set; }
    public string? PaymentMethod { get; init; }

    /// <summary>Sealed for <see cref="ClientSecretPurpose"/>.</summary>
    public string? ClientSecret { get; init; }
    public string? ActionUrl { get; private set; }
    public string? PayAddress { get; init; }
    public decimal? PayAmount { get; init; }
    public string? PayCurrency { get; init; }
    public long ReceivedMicros { get; private set; }
    public Guid? SellerId { get; init; }
    public long PlatformFeeMicros { get; init; }
    public Guid? PieceId { get; init; }
    public Guid? ProductId { get; init; }
    public Guid? PublicationId { get; init; }
    public Guid? CouponId { get; init; }

    /// <summary>What a coupon took off, so that <see cref="AmountMicros"/> is left.</summary>
    public long DiscountMicros { get; init; }

    /// <summary>What of the customer's credit is taken, so that <see cref="AmountMicros"/> is left.</summary>
    public long CreditMicros { get; init; }
    public bool Test { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? CapturedAt { get; private set; }

    /// <summary>When it was last tried again here; null: it was tried once.</summary>
    public DateTimeOffset? TriedAt { get; private set; }

    public const string ClientSecretPurpose = "payments:client-secret";

    /// <summary>The <see cref="FailureCode"/> of a payment that the provider would not even ask the payer for.</summary>
    public const string RefusedByProvider = "provider_refused";

    public Money Amount => new(AmountMicros, Currency);

    public bool Succeeded => Status == NameOf(PaymentStatus.Succeeded);

    public Terms Terms => new(Id, Purpose, Amount, new(PlatformFeeMicros, Currency), SellerId is not null,
        new() { PaymentId = Id, CustomerId = CustomerId, PieceId = PieceId, ProductId = ProductId, PublicationId = PublicationId }, Test);

    /// <summary>Takes in a report. One of a lower rank than what is known already of the same try is old news.</summary>
    public void Report(PaymentStatus status, string? code, string? detail, string? actionUrl)
    {
        if (status < Parse(Status)) return;
        Status = NameOf(status);
        (FailureCode, FailureDetail) = status == PaymentStatus.Succeeded ? (null, null) : (code ?? FailureCode, detail ?? FailureDetail);
        ActionUrl = status == PaymentStatus.RequiresAction ? actionUrl ?? ActionUrl : null;
    }

    /// <summary>It is tried again: that it failed is no longer where it stands, and what is told of the tries before is <see cref="IsOver">over</see>.</summary>
    public void TryAgain(DateTimeOffset now)
    {
        TriedAt = now;
        if (Status != NameOf(PaymentStatus.Failed)) return;
        Status = NameOf(PaymentStatus.RequiresPaymentMethod);
        (FailureCode, FailureDetail) = (null, null);
    }

    /// <summary>Whether a report speaks of a try before the last one. What ends a payment is never over.</summary>
    /// <remarks>By whole seconds, as providers count. The answers to our own calls are not asked this: they are of the try that they answer.</remarks>
    public bool IsOver(PaymentStands fact) => fact.Status < PaymentStatus.Expired && fact.At.ToUnixTimeSeconds() < TriedAt?.ToUnixTimeSeconds();

    /// <summary>Takes in money. Enough of it makes the payment; less leaves it failed, with what came as the payer's credit.</summary>
    /// <remarks>Of two that came whole the earlier one is the payment's, whichever is told first.</remarks>
    public void Receive(MoneyArrived fact)
    {
        var (whole, earlier) = (!fact.Partial && Bookings.Covers(fact.Amount, Amount), CapturedAt is null || (fact.At, string.CompareOrdinal(fact.Taken, ChargeRef)).CompareTo((CapturedAt.Value, 0)) < 0);
        if (!fact.Partial && (whole ? earlier : CapturedAt is null)) ChargeRef = fact.Taken;
        if (fact.Amount.Currency == Currency) ReceivedMicros = Math.Max(ReceivedMicros, fact.Amount.Micros);
        if (!whole)
        {
            Report(fact.Partial ? PaymentStatus.PartiallyPaid : PaymentStatus.Failed, "underpaid", $"{fact.Amount} arrived where {Amount} was asked for.", null);
            return;
        }
        if (earlier) CapturedAt = fact.At;
        Report(PaymentStatus.Succeeded, null, null, null);
    }

    /// <summary>Nothing is left to pay: it is paid as soon as it is decided.</summary>
    public void Settle(DateTimeOffset now)
    {
        if (AmountMicros != 0) throw new InvalidOperationException($"{Amount} is left to pay.");
        CapturedAt = now;
        Report(PaymentStatus.Succeeded, null, null, null);
    }

    public void KnownAs(string reference) => ProviderRef ??= reference;

    /// <summary>A secret that no listed key opens takes nothing else away: what is to be paid is shown, and can still be confirmed another way.</summary>
    internal static string? ClientSecretOf(string? secret, Sealer sealer)
    {
        if (secret is null) return null;
        try { return sealer.Open(secret, ClientSecretPurpose); }
        catch (UnreadableSecretException) { return null; } // said by Resealing, once for all of them
    }

    public static string NameOf(PaymentStatus status) => status switch
    {
        PaymentStatus.RequiresPaymentMethod => "requires_payment_method",
        PaymentStatus.RequiresAction => "requires_action",
        PaymentStatus.PartiallyPaid => "partially_paid",
        _ => status.ToString().ToLowerInvariant(),
    };

    public static PaymentStatus Parse(string name) => Enum.Parse<PaymentStatus>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}
