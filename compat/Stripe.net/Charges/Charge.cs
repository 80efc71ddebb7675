using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>One attempt to take money, successful or not.</summary>
public class Charge : StripeEntity<Charge>, IHasId, IHasMetadata, IHasObject, IBalanceTransactionSource
{
    public string Id { get; set; }
    public string Object { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public long AmountCaptured { get; set; }
    public long AmountRefunded { get; set; }
    [JsonIgnore] public string ApplicationId { get => ApplicationField.Id; set => ApplicationField = ApplicationField.WithId(value); }
    [JsonIgnore] public Application Application { get => ApplicationField.Object; set => ApplicationField = Expandable<Application>.Of(value); }
    [JsonInclude, JsonPropertyName("application")] internal Expandable<Application> ApplicationField { get; set; }
    [JsonIgnore] public string ApplicationFeeId { get => ApplicationFeeField.Id; set => ApplicationFeeField = ApplicationFeeField.WithId(value); }
    [JsonIgnore] public ApplicationFee ApplicationFee { get => ApplicationFeeField.Object; set => ApplicationFeeField = Expandable<ApplicationFee>.Of(value); }
    [JsonInclude, JsonPropertyName("application_fee")] internal Expandable<ApplicationFee> ApplicationFeeField { get; set; }
    public long? ApplicationFeeAmount { get; set; }
    [JsonIgnore] public string BalanceTransactionId { get => BalanceTransactionField.Id; set => BalanceTransactionField = BalanceTransactionField.WithId(value); }
    [JsonIgnore] public BalanceTransaction BalanceTransaction { get => BalanceTransactionField.Object; set => BalanceTransactionField = Expandable<BalanceTransaction>.Of(value); }
    [JsonInclude, JsonPropertyName("balance_transaction")] internal Expandable<BalanceTransaction> BalanceTransactionField { get; set; }
    public ChargeBillingDetails BillingDetails { get; set; }
    public string CalculatedStatementDescriptor { get; set; }
    public bool Captured { get; set; }
    public DateTime Created { get; set; }
    public string Currency { get; set; }
    [JsonIgnore] public string CustomerId { get => CustomerField.Id; set => CustomerField = CustomerField.WithId(value); }
    [JsonIgnore] public Customer Customer { get => CustomerField.Object; set => CustomerField = Expandable<Customer>.Of(value); }
    [JsonInclude, JsonPropertyName("customer")] internal Expandable<Customer> CustomerField { get; set; }
    public string Description { get; set; }
    public bool Disputed { get; set; }
    [JsonIgnore] public string FailureBalanceTransactionId { get => FailureBalanceTransactionField.Id; set => FailureBalanceTransactionField = FailureBalanceTransactionField.WithId(value); }
    [JsonIgnore] public BalanceTransaction FailureBalanceTransaction { get => FailureBalanceTransactionField.Object; set => FailureBalanceTransactionField = Expandable<BalanceTransaction>.Of(value); }
    [JsonInclude, JsonPropertyName("failure_balance_transaction")] internal Expandable<BalanceTransaction> FailureBalanceTransactionField { get; set; }
    public string FailureCode { get; set; }
    public string FailureMessage { get; set; }
    public ChargeFraudDetails FraudDetails { get; set; }
    [JsonIgnore] public string InvoiceId { get => InvoiceField.Id; set => InvoiceField = InvoiceField.WithId(value); }
    [JsonIgnore] public Invoice Invoice { get => InvoiceField.Object; set => InvoiceField = Expandable<Invoice>.Of(value); }
    [JsonInclude, JsonPropertyName("invoice")] internal Expandable<Invoice> InvoiceField { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    [JsonIgnore] public string OnBehalfOfId { get => OnBehalfOfField.Id; set => OnBehalfOfField = OnBehalfOfField.WithId(value); }
    [JsonIgnore] public Account OnBehalfOf { get => OnBehalfOfField.Object; set => OnBehalfOfField = Expandable<Account>.Of(value); }
    [JsonInclude, JsonPropertyName("on_behalf_of")] internal Expandable<Account> OnBehalfOfField { get; set; }
    public ChargeOutcome Outcome { get; set; }
    public bool Paid { get; set; }
    [JsonIgnore] public string PaymentIntentId { get => PaymentIntentField.Id; set => PaymentIntentField = PaymentIntentField.WithId(value); }
    [JsonIgnore] public PaymentIntent PaymentIntent { get => PaymentIntentField.Object; set => PaymentIntentField = Expandable<PaymentIntent>.Of(value); }
    [JsonInclude, JsonPropertyName("payment_intent")] internal Expandable<PaymentIntent> PaymentIntentField { get; set; }
    public string PaymentMethod { get; set; }
    public ChargePaymentMethodDetails PaymentMethodDetails { get; set; }
    public ChargeRadarOptions RadarOptions { get; set; }
    public string ReceiptEmail { get; set; }
    public string ReceiptNumber { get; set; }
    public string ReceiptUrl { get; set; }
    public bool Refunded { get; set; }
    public StripeList<Refund> Refunds { get; set; }
    public Shipping Shipping { get; set; }
    [JsonIgnore] public string SourceTransferId { get => SourceTransferField.Id; set => SourceTransferField = SourceTransferField.WithId(value); }
    [JsonIgnore] public Transfer SourceTransfer { get => SourceTransferField.Object; set => SourceTransferField = Expandable<Transfer>.Of(value); }
    [JsonInclude, JsonPropertyName("source_transfer")] internal Expandable<Transfer> SourceTransferField { get; set; }
    public string StatementDescriptor { get; set; }
    public string StatementDescriptorSuffix { get; set; }
    public string Status { get; set; }
    [JsonIgnore] public string TransferId { get => TransferField.Id; set => TransferField = TransferField.WithId(value); }
    [JsonIgnore] public Transfer Transfer { get => TransferField.Object; set => TransferField = Expandable<Transfer>.Of(value); }
    [JsonInclude, JsonPropertyName("transfer")] internal Expandable<Transfer> TransferField { get; set; }
    public ChargeTransferData TransferData { get; set; }
    public string TransferGroup { get; set; }
}

public class ChargeBillingDetails : StripeEntity<ChargeBillingDetails>
{
    public Address Address { get; set; }
    public string Email { get; set; }
    public string Name { get; set; }
    public string Phone { get; set; }
}

public class ChargeFraudDetails : StripeEntity<ChargeFraudDetails>
{
    public string StripeReport { get; set; }
    public string UserReport { get; set; }
}

public class ChargeOutcome : StripeEntity<ChargeOutcome>
{
    public string NetworkStatus { get; set; }
    public string Reason { get; set; }
    public string RiskLevel { get; set; }
    public long RiskScore { get; set; }
    public string SellerMessage { get; set; }
    public string Type { get; set; }
}

public class ChargePaymentMethodDetails : StripeEntity<ChargePaymentMethodDetails>
{
    public ChargePaymentMethodDetailsCard Card { get; set; }
    public ChargePaymentMethodDetailsLink Link { get; set; }
    public ChargePaymentMethodDetailsSepaDebit SepaDebit { get; set; }
    public ChargePaymentMethodDetailsStripeAccount StripeAccount { get; set; }
    public string Type { get; set; }
    public ChargePaymentMethodDetailsUsBankAccount UsBankAccount { get; set; }
}

public class ChargePaymentMethodDetailsCard : StripeEntity<ChargePaymentMethodDetailsCard>
{
    public string Brand { get; set; }
    public ChargePaymentMethodDetailsCardChecks Checks { get; set; }
    public string Country { get; set; }
    public long ExpMonth { get; set; }
    public long ExpYear { get; set; }
    public string Fingerprint { get; set; }
    public string Funding { get; set; }
    public ChargePaymentMethodDetailsCardInstallments Installments { get; set; }
    public string Last4 { get; set; }
    public string Mandate { get; set; }
    public string Network { get; set; }
    public ChargePaymentMethodDetailsCardNetworkToken NetworkToken { get; set; }
    public ChargePaymentMethodDetailsCardThreeDSecure ThreeDSecure { get; set; }
    public ChargePaymentMethodDetailsCardWallet Wallet { get; set; }
}

public class ChargePaymentMethodDetailsCardChecks : StripeEntity<ChargePaymentMethodDetailsCardChecks>
{
    public string AddressLine1Check { get; set; }
    public string AddressPostalCodeCheck { get; set; }
    public string CvcCheck { get; set; }
}

public class ChargePaymentMethodDetailsCardInstallments : StripeEntity<ChargePaymentMethodDetailsCardInstallments>
{
    public PaymentIntentPaymentMethodOptionsCardInstallmentsPlan Plan { get; set; }
}

public class ChargePaymentMethodDetailsCardNetworkToken : StripeEntity<ChargePaymentMethodDetailsCardNetworkToken>
{
    public bool Used { get; set; }
}

public class ChargePaymentMethodDetailsCardThreeDSecure : StripeEntity<ChargePaymentMethodDetailsCardThreeDSecure>
{
    public string AuthenticationFlow { get; set; }
    public string Result { get; set; }
    public string ResultReason { get; set; }
    public string Version { get; set; }
}

public class ChargePaymentMethodDetailsCardWallet : StripeEntity<ChargePaymentMethodDetailsCardWallet>
{
    public ChargePaymentMethodDetailsCardWalletAmexExpressCheckout AmexExpressCheckout { get; set; }
    public ChargePaymentMethodDetailsCardWalletApplePay ApplePay { get; set; }
    public string DynamicLast4 { get; set; }
    public ChargePaymentMethodDetailsCardWalletGooglePay GooglePay { get; set; }
    public ChargePaymentMethodDetailsCardWalletLink Link { get; set; }
    public ChargePaymentMethodDetailsCardWalletMasterpass Masterpass { get; set; }
    public ChargePaymentMethodDetailsCardWalletSamsungPay SamsungPay { get; set; }
    public string Type { get; set; }
    public ChargePaymentMethodDetailsCardWalletVisaCheckout VisaCheckout { get; set; }
}

public class ChargePaymentMethodDetailsCardWalletAmexExpressCheckout : StripeEntity<ChargePaymentMethodDetailsCardWalletAmexExpressCheckout>;

public class ChargePaymentMethodDetailsCardWalletApplePay : StripeEntity<ChargePaymentMethodDetailsCardWalletApplePay>;

public class ChargePaymentMethodDetailsCardWalletGooglePay : StripeEntity<ChargePaymentMethodDetailsCardWalletGooglePay>;

public class ChargePaymentMethodDetailsCardWalletLink : StripeEntity<ChargePaymentMethodDetailsCardWalletLink>;

public class ChargePaymentMethodDetailsCardWalletMasterpass : StripeEntity<ChargePaymentMethodDetailsCardWalletMasterpass>
{
    public Address BillingAddress { get; set; }
    public string Email { get; set; }
    public string Name { get; set; }
    public Address ShippingAddress { get; set; }
}

public class ChargePaymentMethodDetailsCardWalletSamsungPay : StripeEntity<ChargePaymentMethodDetailsCardWalletSamsungPay>;

public class ChargePaymentMethodDetailsCardWalletVisaCheckout : StripeEntity<ChargePaymentMethodDetailsCardWalletVisaCheckout>
{
    public Address BillingAddress { get; set; }
    public string Email { get; set; }
    public string Name { get; set; }
    public Address ShippingAddress { get; set; }
}

public class ChargePaymentMethodDetailsLink : StripeEntity<ChargePaymentMethodDetailsLink>
{
    public string Country { get; set; }
}

public class ChargePaymentMethodDetailsSepaDebit : StripeEntity<ChargePaymentMethodDetailsSepaDebit>
{
    public string BankCode { get; set; }
    public string BranchCode { get; set; }
    public string Country { get; set; }
    public string Fingerprint { get; set; }
    public string Last4 { get; set; }
    public string Mandate { get; set; }
}

public class ChargePaymentMethodDetailsStripeAccount : StripeEntity<ChargePaymentMethodDetailsStripeAccount>;

public class ChargePaymentMethodDetailsUsBankAccount : StripeEntity<ChargePaymentMethodDetailsUsBankAccount>
{
    public string AccountHolderType { get; set; }
    public string AccountType { get; set; }
    public string BankName { get; set; }
    public string Fingerprint { get; set; }
    public string Last4 { get; set; }
    public string RoutingNumber { get; set; }
}

public class ChargeRadarOptions : StripeEntity<ChargeRadarOptions>
{
    public string Session { get; set; }
}

public class ChargeTransferData : StripeEntity<ChargeTransferData>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    [JsonIgnore] public string DestinationId { get => DestinationField.Id; set => DestinationField = DestinationField.WithId(value); }
    [JsonIgnore] public Account Destination { get => DestinationField.Object; set => DestinationField = Expandable<Account>.Of(value); }
    [JsonInclude, JsonPropertyName("destination")] internal Expandable<Account> DestinationField { get; set; }
}
