namespace Stripe;

/// <summary>Parameters of <c>POST /v1/payment_methods/{id}/attach</c>.</summary>
public class PaymentMethodAttachOptions : BaseOptions
{
    public string Customer { get; set; }
}

/// <summary>Parameters of <c>POST /v1/payment_methods</c>.</summary>
public class PaymentMethodCreateOptions : BaseOptions, IHasMetadata
{
    public PaymentMethodBillingDetailsOptions BillingDetails { get; set; }
    public PaymentMethodCardOptions Card { get; set; }
    public string Customer { get; set; }
    public PaymentMethodLinkOptions Link { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string PaymentMethod { get; set; }
    public PaymentMethodSepaDebitOptions SepaDebit { get; set; }
    public string Type { get; set; }
    public PaymentMethodUsBankAccountOptions UsBankAccount { get; set; }
}

/// <summary>Parameters of <c>POST /v1/payment_methods/{id}/detach</c>.</summary>
public class PaymentMethodDetachOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/payment_methods/{id}</c>.</summary>
public class PaymentMethodGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/payment_methods</c>.</summary>
public class PaymentMethodListOptions : ListOptions
{
    public string Customer { get; set; }
    public string Type { get; set; }
}

/// <summary>Parameters of <c>POST /v1/payment_methods/{id}</c>.</summary>
public class PaymentMethodUpdateOptions : BaseOptions, IHasMetadata
{
    public PaymentMethodBillingDetailsOptions BillingDetails { get; set; }
    public PaymentMethodCardOptions Card { get; set; }
    public PaymentMethodLinkOptions Link { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public PaymentMethodUsBankAccountOptions UsBankAccount { get; set; }
}
