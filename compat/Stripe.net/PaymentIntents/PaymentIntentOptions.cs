namespace Stripe;

/// <summary>Parameters of <c>POST /v1/payment_intents/{id}/apply_customer_balance</c>.</summary>
public class PaymentIntentApplyCustomerBalanceOptions : BaseOptions
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string Currency { get; set; }
}

/// <summary>Parameters of <c>POST /v1/payment_intents/{id}/cancel</c>.</summary>
public class PaymentIntentCancelOptions : BaseOptions
{
    public string CancellationReason { get; set; }
}

/// <summary>Parameters of <c>POST /v1/payment_intents/{id}/capture</c>.</summary>
public class PaymentIntentCaptureOptions : BaseOptions, IHasMetadata
{
    public long? AmountToCapture { get; set; }
    public long? ApplicationFeeAmount { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string StatementDescriptor { get; set; }
    public string StatementDescriptorSuffix { get; set; }
    public PaymentIntentTransferDataOptions TransferData { get; set; }
}

/// <summary>Parameters of <c>POST /v1/payment_intents/{id}/confirm</c>.</summary>
public class PaymentIntentConfirmOptions : BaseOptions
{
    public string CaptureMethod { get; set; }
    public string ClientSecret { get; set; }
    public bool? ErrorOnRequiresAction { get; set; }
    public string Mandate { get; set; }
    public PaymentIntentMandateDataOptions MandateData { get; set; }
    public bool? OffSession { get; set; }
    public string PaymentMethod { get; set; }
    public PaymentIntentPaymentMethodDataOptions PaymentMethodData { get; set; }
    public PaymentIntentPaymentMethodOptionsOptions PaymentMethodOptions { get; set; }
    public List<string> PaymentMethodTypes { get; set; }
    public string ReceiptEmail { get; set; }
    public string ReturnUrl { get; set; }
    public string SetupFutureUsage { get; set; }
    public ChargeShippingOptions Shipping { get; set; }
    public bool? UseStripeSdk { get; set; }
}

/// <summary>Parameters of <c>POST /v1/payment_intents</c>.</summary>
public class PaymentIntentCreateOptions : BaseOptions, IHasMetadata
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    /// <summary>What the platform keeps, in the smallest unit of the currency; needs <see cref="TransferData"/>, or a call for a connected account.</summary>
    public long? ApplicationFeeAmount { get; set; }
    public PaymentIntentAutomaticPaymentMethodsOptions AutomaticPaymentMethods { get; set; }
    public string CaptureMethod { get; set; }
    public bool? Confirm { get; set; }
    public string ConfirmationMethod { get; set; }
    public string Currency { get; set; }
    public string Customer { get; set; }
    public string Description { get; set; }
    public bool? ErrorOnRequiresAction { get; set; }
    public string Mandate { get; set; }
    public PaymentIntentMandateDataOptions MandateData { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    /// <summary>True where the payer is not there to answer the bank's questions; needs <see cref="Confirm"/>.</summary>
    public bool? OffSession { get; set; }
    public string OnBehalfOf { get; set; }
    public string PaymentMethod { get; set; }
    public PaymentIntentPaymentMethodDataOptions PaymentMethodData { get; set; }
    public PaymentIntentPaymentMethodOptionsOptions PaymentMethodOptions { get; set; }
    public List<string> PaymentMethodTypes { get; set; }
    public string ReceiptEmail { get; set; }
    public string ReturnUrl { get; set; }
    public string SetupFutureUsage { get; set; }
    public ChargeShippingOptions Shipping { get; set; }
    public string StatementDescriptor { get; set; }
    public string StatementDescriptorSuffix { get; set; }
    public PaymentIntentTransferDataOptions TransferData { get; set; }
    public string TransferGroup { get; set; }
    public bool? UseStripeSdk { get; set; }
}

/// <summary>Parameters of <c>GET /v1/payment_intents/{id}</c>.</summary>
public class PaymentIntentGetOptions : BaseOptions
{
    public string ClientSecret { get; set; }
}

/// <summary>Parameters of <c>POST /v1/payment_intents/{id}/increment_authorization</c>.</summary>
public class PaymentIntentIncrementAuthorizationOptions : BaseOptions, IHasMetadata
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public long? ApplicationFeeAmount { get; set; }
    public string Description { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string StatementDescriptor { get; set; }
    public PaymentIntentTransferDataOptions TransferData { get; set; }
}

/// <summary>Parameters of <c>GET /v1/payment_intents</c>.</summary>
public class PaymentIntentListOptions : ListOptionsWithCreated
{
    public string Customer { get; set; }
}

/// <summary>Parameters of <c>GET /v1/payment_intents/search</c>.</summary>
public class PaymentIntentSearchOptions : SearchOptions;

/// <summary>Parameters of <c>POST /v1/payment_intents/{id}</c>.</summary>
public class PaymentIntentUpdateOptions : BaseOptions, IHasMetadata
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public long? ApplicationFeeAmount { get; set; }
    public string CaptureMethod { get; set; }
    public string Currency { get; set; }
    public string Customer { get; set; }
    public string Description { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string PaymentMethod { get; set; }
    public PaymentIntentPaymentMethodDataOptions PaymentMethodData { get; set; }
    public PaymentIntentPaymentMethodOptionsOptions PaymentMethodOptions { get; set; }
    public List<string> PaymentMethodTypes { get; set; }
    public string ReceiptEmail { get; set; }
    public string SetupFutureUsage { get; set; }
    public ChargeShippingOptions Shipping { get; set; }
    public string StatementDescriptor { get; set; }
    public string StatementDescriptorSuffix { get; set; }
    public PaymentIntentTransferDataOptions TransferData { get; set; }
    public string TransferGroup { get; set; }
}

/// <summary>Parameters of <c>POST /v1/payment_intents/{id}/verify_microdeposits</c>.</summary>
public class PaymentIntentVerifyMicrodepositsOptions : BaseOptions
{
    public List<long?> Amounts { get; set; }
    public string DescriptorCode { get; set; }
}
