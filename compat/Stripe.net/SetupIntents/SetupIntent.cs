using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>A means of payment that is to be made ready for later payments.</summary>
public class SetupIntent : StripeEntity<SetupIntent>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    [JsonIgnore] public string ApplicationId { get => ApplicationField.Id; set => ApplicationField = ApplicationField.WithId(value); }
    [JsonIgnore] public Application Application { get => ApplicationField.Object; set => ApplicationField = Expandable<Application>.Of(value); }
    [JsonInclude, JsonPropertyName("application")] internal Expandable<Application> ApplicationField { get; set; }
    public bool AttachToSelf { get; set; }
    public SetupIntentAutomaticPaymentMethods AutomaticPaymentMethods { get; set; }
    public string CancellationReason { get; set; }
    /// <summary>For the payer's browser only; never to be kept or logged.</summary>
    public string ClientSecret { get; set; }
    public DateTime Created { get; set; }
    [JsonIgnore] public string CustomerId { get => CustomerField.Id; set => CustomerField = CustomerField.WithId(value); }
    [JsonIgnore] public Customer Customer { get => CustomerField.Object; set => CustomerField = Expandable<Customer>.Of(value); }
    [JsonInclude, JsonPropertyName("customer")] internal Expandable<Customer> CustomerField { get; set; }
    public string Description { get; set; }
    public List<string> FlowDirections { get; set; }
    public StripeError LastSetupError { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public SetupIntentNextAction NextAction { get; set; }
    [JsonIgnore] public string OnBehalfOfId { get => OnBehalfOfField.Id; set => OnBehalfOfField = OnBehalfOfField.WithId(value); }
    [JsonIgnore] public Account OnBehalfOf { get => OnBehalfOfField.Object; set => OnBehalfOfField = Expandable<Account>.Of(value); }
    [JsonInclude, JsonPropertyName("on_behalf_of")] internal Expandable<Account> OnBehalfOfField { get; set; }
    [JsonIgnore] public string PaymentMethodId { get => PaymentMethodField.Id; set => PaymentMethodField = PaymentMethodField.WithId(value); }
    [JsonIgnore] public PaymentMethod PaymentMethod { get => PaymentMethodField.Object; set => PaymentMethodField = Expandable<PaymentMethod>.Of(value); }
    [JsonInclude, JsonPropertyName("payment_method")] internal Expandable<PaymentMethod> PaymentMethodField { get; set; }
    public SetupIntentPaymentMethodOptions PaymentMethodOptions { get; set; }
    public List<string> PaymentMethodTypes { get; set; }
    /// <summary><c>requires_payment_method</c>, <c>requires_confirmation</c>, <c>requires_action</c>, <c>processing</c>, <c>succeeded</c> or <c>canceled</c>.</summary>
    public string Status { get; set; }
    public string Usage { get; set; }
}

public class SetupIntentAutomaticPaymentMethods : StripeEntity<SetupIntentAutomaticPaymentMethods>
{
    public string AllowRedirects { get; set; }
    public bool? Enabled { get; set; }
}

public class SetupIntentNextAction : StripeEntity<SetupIntentNextAction>
{
    public SetupIntentNextActionCashappHandleRedirectOrDisplayQrCode CashappHandleRedirectOrDisplayQrCode { get; set; }
    public SetupIntentNextActionRedirectToUrl RedirectToUrl { get; set; }
    public string Type { get; set; }
    public SetupIntentNextActionUseStripeSdk UseStripeSdk { get; set; }
    public SetupIntentNextActionVerifyWithMicrodeposits VerifyWithMicrodeposits { get; set; }
}

public class SetupIntentNextActionCashappHandleRedirectOrDisplayQrCode : StripeEntity<SetupIntentNextActionCashappHandleRedirectOrDisplayQrCode>
{
    public string HostedInstructionsUrl { get; set; }
    public string MobileAuthUrl { get; set; }
    public SetupIntentNextActionCashappHandleRedirectOrDisplayQrCodeQrCode QrCode { get; set; }
}

public class SetupIntentNextActionCashappHandleRedirectOrDisplayQrCodeQrCode : StripeEntity<SetupIntentNextActionCashappHandleRedirectOrDisplayQrCodeQrCode>
{
    public DateTime ExpiresAt { get; set; }
    public string ImageUrlPng { get; set; }
    public string ImageUrlSvg { get; set; }
}

public class SetupIntentNextActionRedirectToUrl : StripeEntity<SetupIntentNextActionRedirectToUrl>
{
    public string ReturnUrl { get; set; }
    public string Url { get; set; }
}

public class SetupIntentNextActionUseStripeSdk : StripeEntity<SetupIntentNextActionUseStripeSdk>;

public class SetupIntentNextActionVerifyWithMicrodeposits : StripeEntity<SetupIntentNextActionVerifyWithMicrodeposits>
{
    public DateTime ArrivalDate { get; set; }
    public string HostedVerificationUrl { get; set; }
    public string MicrodepositType { get; set; }
}

public class SetupIntentPaymentMethodOptions : StripeEntity<SetupIntentPaymentMethodOptions>
{
    public SetupIntentPaymentMethodOptionsCard Card { get; set; }
    public SetupIntentPaymentMethodOptionsLink Link { get; set; }
    public SetupIntentPaymentMethodOptionsSepaDebit SepaDebit { get; set; }
    public SetupIntentPaymentMethodOptionsUsBankAccount UsBankAccount { get; set; }
}

public class SetupIntentPaymentMethodOptionsCard : StripeEntity<SetupIntentPaymentMethodOptionsCard>
{
    public SetupIntentPaymentMethodOptionsCardMandateOptions MandateOptions { get; set; }
    public string Network { get; set; }
    public string RequestThreeDSecure { get; set; }
}

public class SetupIntentPaymentMethodOptionsCardMandateOptions : StripeEntity<SetupIntentPaymentMethodOptionsCardMandateOptions>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public string AmountType { get; set; }
    public string Currency { get; set; }
    public string Description { get; set; }
    public DateTime? EndDate { get; set; }
    public string Interval { get; set; }
    public long? IntervalCount { get; set; }
    public string Reference { get; set; }
    public DateTime StartDate { get; set; }
    public List<string> SupportedTypes { get; set; }
}

public class SetupIntentPaymentMethodOptionsLink : StripeEntity<SetupIntentPaymentMethodOptionsLink>;

public class SetupIntentPaymentMethodOptionsSepaDebit : StripeEntity<SetupIntentPaymentMethodOptionsSepaDebit>
{
    public SetupIntentPaymentMethodOptionsSepaDebitMandateOptions MandateOptions { get; set; }
}

public class SetupIntentPaymentMethodOptionsSepaDebitMandateOptions : StripeEntity<SetupIntentPaymentMethodOptionsSepaDebitMandateOptions>;

public class SetupIntentPaymentMethodOptionsUsBankAccount : StripeEntity<SetupIntentPaymentMethodOptionsUsBankAccount>
{
    public SetupIntentPaymentMethodOptionsUsBankAccountFinancialConnections FinancialConnections { get; set; }
    public string VerificationMethod { get; set; }
}

public class SetupIntentPaymentMethodOptionsUsBankAccountFinancialConnections : StripeEntity<SetupIntentPaymentMethodOptionsUsBankAccountFinancialConnections>
{
    public List<string> Permissions { get; set; }
    public List<string> Prefetch { get; set; }
    public string ReturnUrl { get; set; }
}
