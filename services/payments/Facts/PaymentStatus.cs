namespace Empire.Payments.Facts;

/// <summary>Where a payment stands. The number is its rank: of two reports the higher one holds, whichever came first. What the payer has really paid outranks what was
/// said before it: a payment that had failed or expired and is paid after all has succeeded.</summary>
public enum PaymentStatus
{
    /// <summary>Decided here; the provider has not answered.</summary>
    Pending = 0,

    /// <summary>The payer has not said by what they pay.</summary>
    RequiresPaymentMethod = 1,

    /// <summary>The payer must do something: 3-D Secure, a checkout page, a transfer of coins.</summary>
    RequiresAction = 2,

    Processing = 3,

    /// <summary>Less arrived than was asked for.</summary>
    PartiallyPaid = 4,

    Failed = 5,
    Expired = 6,
    Canceled = 7,
    Succeeded = 8,
}

public enum RefundStatus
{
    Pending = 0,
    Succeeded = 1,

    /// <summary>The payer's bank sent it back.</summary>
    Failed = 2,
}
