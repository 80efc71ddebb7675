namespace Stripe;

/// <summary>Parameters of <c>POST /v1/setup_intents/{id}/cancel</c>.</summary>
public class SetupIntentCancelOptions : BaseOptions
{
    public string CancellationReason { get; set; }
}

/// <summary>Parameters of <c>POST /v1/setup_intents/{id}/confirm</c>.</summary>
public class SetupIntentConfirmOptions : BaseOptions
{
    public string ClientSecret { get; set; }
    public SetupIntentMandateDataOptions MandateData { get; set; }
    public string PaymentMethod { get; set; }
    public SetupIntentPaymentMethodDataOptions PaymentMethodData { get; set; }
    public SetupIntentPaymentMethodOptionsOptions PaymentMethodOptions { get; set; }
    public string ReturnUrl { get; set; }
    public bool? UseStripeSdk { get; set; }
}

/// <summary>Parameters of <c>POST /v1/setup_intents</c>.</summary>
public class SetupIntentCreateOptions : BaseOptions, IHasMetadata
{
    public bool? AttachToSelf { get; set; }
    public SetupIntentAutomaticPaymentMethodsOptions AutomaticPaymentMethods { get; set; }
    public bool? Confirm { get; set; }
    public string Customer { get; set; }
    public string Description { get; set; }
    public List<string> FlowDirections { get; set; }
    public SetupIntentMandateDataOptions MandateData { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string OnBehalfOf { get; set; }
    public string PaymentMethod { get; set; }
    public SetupIntentPaymentMethodDataOptions PaymentMethodData { get; set; }
    public SetupIntentPaymentMethodOptionsOptions PaymentMethodOptions { get; set; }
    public List<string> PaymentMethodTypes { get; set; }
    public string ReturnUrl { get; set; }
    public SetupIntentSingleUseOptions SingleUse { get; set; }
    public string Usage { get; set; }
    public bool? UseStripeSdk { get; set; }
}

/// <summary>Parameters of <c>GET /v1/setup_intents/{id}</c>.</summary>
public class SetupIntentGetOptions : BaseOptions
{
    public string ClientSecret { get; set; }
}

/// <summary>Parameters of <c>GET /v1/setup_intents</c>.</summary>
public class SetupIntentListOptions : ListOptionsWithCreated
{
    public bool? AttachToSelf { get; set; }
    public string Customer { get; set; }
    public string PaymentMethod { get; set; }
}

/// <summary>Parameters of <c>POST /v1/setup_intents/{id}</c>.</summary>
public class SetupIntentUpdateOptions : BaseOptions, IHasMetadata
{
    public bool? AttachToSelf { get; set; }
    public string Customer { get; set; }
    public string Description { get; set; }
    public List<string> FlowDirections { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string PaymentMethod { get; set; }
    public SetupIntentPaymentMethodDataOptions PaymentMethodData { get; set; }
    public SetupIntentPaymentMethodOptionsOptions PaymentMethodOptions { get; set; }
    public List<string> PaymentMethodTypes { get; set; }
}

/// <summary>Parameters of <c>POST /v1/setup_intents/{id}/verify_microdeposits</c>.</summary>
public class SetupIntentVerifyMicrodepositsOptions : BaseOptions
{
    public List<long?> Amounts { get; set; }
    public string DescriptorCode { get; set; }
}
