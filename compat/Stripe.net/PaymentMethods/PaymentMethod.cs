using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>A means of payment: a card, a debit mandate.</summary>
public class PaymentMethod : StripeEntity<PaymentMethod>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public PaymentMethodBillingDetails BillingDetails { get; set; }
    public PaymentMethodCard Card { get; set; }
    public DateTime Created { get; set; }
    [JsonIgnore] public string CustomerId { get => CustomerField.Id; set => CustomerField = CustomerField.WithId(value); }
    [JsonIgnore] public Customer Customer { get => CustomerField.Object; set => CustomerField = Expandable<Customer>.Of(value); }
    [JsonInclude, JsonPropertyName("customer")] internal Expandable<Customer> CustomerField { get; set; }
    public PaymentMethodLink Link { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public PaymentMethodSepaDebit SepaDebit { get; set; }
    public string Type { get; set; }
    public PaymentMethodUsBankAccount UsBankAccount { get; set; }
}

public class PaymentMethodBillingDetails : StripeEntity<PaymentMethodBillingDetails>
{
    public Address Address { get; set; }
    public string Email { get; set; }
    public string Name { get; set; }
    public string Phone { get; set; }
}

public class PaymentMethodCard : StripeEntity<PaymentMethodCard>
{
    public string Brand { get; set; }
    public PaymentMethodCardChecks Checks { get; set; }
    public string Country { get; set; }
    public long ExpMonth { get; set; }
    public long ExpYear { get; set; }
    public string Fingerprint { get; set; }
    public string Funding { get; set; }
    public string Last4 { get; set; }
    public PaymentMethodCardNetworks Networks { get; set; }
    public PaymentMethodCardThreeDSecureUsage ThreeDSecureUsage { get; set; }
    public PaymentMethodCardWallet Wallet { get; set; }
}

public class PaymentMethodCardChecks : StripeEntity<PaymentMethodCardChecks>
{
    public string AddressLine1Check { get; set; }
    public string AddressPostalCodeCheck { get; set; }
    public string CvcCheck { get; set; }
}

public class PaymentMethodCardNetworks : StripeEntity<PaymentMethodCardNetworks>
{
    public List<string> Available { get; set; }
    public string Preferred { get; set; }
}

public class PaymentMethodCardThreeDSecureUsage : StripeEntity<PaymentMethodCardThreeDSecureUsage>
{
    public bool Supported { get; set; }
}

public class PaymentMethodCardWallet : StripeEntity<PaymentMethodCardWallet>
{
    public PaymentMethodCardWalletAmexExpressCheckout AmexExpressCheckout { get; set; }
    public PaymentMethodCardWalletApplePay ApplePay { get; set; }
    public string DynamicLast4 { get; set; }
    public PaymentMethodCardWalletGooglePay GooglePay { get; set; }
    public PaymentMethodCardWalletLink Link { get; set; }
    public PaymentMethodCardWalletMasterpass Masterpass { get; set; }
    public PaymentMethodCardWalletSamsungPay SamsungPay { get; set; }
    public string Type { get; set; }
    public PaymentMethodCardWalletVisaCheckout VisaCheckout { get; set; }
}

public class PaymentMethodCardWalletAmexExpressCheckout : StripeEntity<PaymentMethodCardWalletAmexExpressCheckout>;

public class PaymentMethodCardWalletApplePay : StripeEntity<PaymentMethodCardWalletApplePay>;

public class PaymentMethodCardWalletGooglePay : StripeEntity<PaymentMethodCardWalletGooglePay>;

public class PaymentMethodCardWalletLink : StripeEntity<PaymentMethodCardWalletLink>;

public class PaymentMethodCardWalletMasterpass : StripeEntity<PaymentMethodCardWalletMasterpass>
{
    public Address BillingAddress { get; set; }
    public string Email { get; set; }
    public string Name { get; set; }
    public Address ShippingAddress { get; set; }
}

public class PaymentMethodCardWalletSamsungPay : StripeEntity<PaymentMethodCardWalletSamsungPay>;

public class PaymentMethodCardWalletVisaCheckout : StripeEntity<PaymentMethodCardWalletVisaCheckout>
{
    public Address BillingAddress { get; set; }
    public string Email { get; set; }
    public string Name { get; set; }
    public Address ShippingAddress { get; set; }
}

public class PaymentMethodLink : StripeEntity<PaymentMethodLink>
{
    public string Email { get; set; }
}

public class PaymentMethodSepaDebit : StripeEntity<PaymentMethodSepaDebit>
{
    public string BankCode { get; set; }
    public string BranchCode { get; set; }
    public string Country { get; set; }
    public string Fingerprint { get; set; }
    public PaymentMethodSepaDebitGeneratedFrom GeneratedFrom { get; set; }
    public string Last4 { get; set; }
}

public class PaymentMethodSepaDebitGeneratedFrom : StripeEntity<PaymentMethodSepaDebitGeneratedFrom>
{
    [JsonIgnore] public string ChargeId { get => ChargeField.Id; set => ChargeField = ChargeField.WithId(value); }
    [JsonIgnore] public Charge Charge { get => ChargeField.Object; set => ChargeField = Expandable<Charge>.Of(value); }
    [JsonInclude, JsonPropertyName("charge")] internal Expandable<Charge> ChargeField { get; set; }
}

public class PaymentMethodUsBankAccount : StripeEntity<PaymentMethodUsBankAccount>
{
    public string AccountHolderType { get; set; }
    public string AccountType { get; set; }
    public string BankName { get; set; }
    public string FinancialConnectionsAccount { get; set; }
    public string Fingerprint { get; set; }
    public string Last4 { get; set; }
    public PaymentMethodUsBankAccountNetworks Networks { get; set; }
    public string RoutingNumber { get; set; }
    public PaymentMethodUsBankAccountStatusDetails StatusDetails { get; set; }
}

public class PaymentMethodUsBankAccountNetworks : StripeEntity<PaymentMethodUsBankAccountNetworks>
{
    public string Preferred { get; set; }
    public List<string> Supported { get; set; }
}

public class PaymentMethodUsBankAccountStatusDetails : StripeEntity<PaymentMethodUsBankAccountStatusDetails>
{
    public PaymentMethodUsBankAccountStatusDetailsBlocked Blocked { get; set; }
}

public class PaymentMethodUsBankAccountStatusDetailsBlocked : StripeEntity<PaymentMethodUsBankAccountStatusDetailsBlocked>
{
    public string NetworkCode { get; set; }
    public string Reason { get; set; }
}
