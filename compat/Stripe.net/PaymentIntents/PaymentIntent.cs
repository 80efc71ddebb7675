using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>A payment that is to happen once, over as many attempts as it takes.</summary>
public class PaymentIntent : StripeEntity<PaymentIntent>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public long AmountCapturable { get; set; }
    public PaymentIntentAmountDetails AmountDetails { get; set; }
    public long AmountReceived { get; set; }
    [JsonIgnore] public string ApplicationId { get => ApplicationField.Id; set => ApplicationField = ApplicationField.WithId(value); }
    [JsonIgnore] public Application Application { get => ApplicationField.Object; set => ApplicationField = Expandable<Application>.Of(value); }
    [JsonInclude, JsonPropertyName("application")] internal Expandable<Application> ApplicationField { get; set; }
    public long? ApplicationFeeAmount { get; set; }
    public PaymentIntentAutomaticPaymentMethods AutomaticPaymentMethods { get; set; }
    public DateTime? CanceledAt { get; set; }
    public string CancellationReason { get; set; }
    public string CaptureMethod { get; set; }
    /// <summary>For the payer's browser only; never to be kept or logged.</summary>
    public string ClientSecret { get; set; }
    public string ConfirmationMethod { get; set; }
    public DateTime Created { get; set; }
    public string Currency { get; set; }
    [JsonIgnore] public string CustomerId { get => CustomerField.Id; set => CustomerField = CustomerField.WithId(value); }
    [JsonIgnore] public Customer Customer { get => CustomerField.Object; set => CustomerField = Expandable<Customer>.Of(value); }
    [JsonInclude, JsonPropertyName("customer")] internal Expandable<Customer> CustomerField { get; set; }
    public string Description { get; set; }
    [JsonIgnore] public string InvoiceId { get => InvoiceField.Id; set => InvoiceField = InvoiceField.WithId(value); }
    [JsonIgnore] public Invoice Invoice { get => InvoiceField.Object; set => InvoiceField = Expandable<Invoice>.Of(value); }
    [JsonInclude, JsonPropertyName("invoice")] internal Expandable<Invoice> InvoiceField { get; set; }
    public StripeError LastPaymentError { get; set; }
    [JsonIgnore] public string LatestChargeId { get => LatestChargeField.Id; set => LatestChargeField = LatestChargeField.WithId(value); }
    [JsonIgnore] public Charge LatestCharge { get => LatestChargeField.Object; set => LatestChargeField = Expandable<Charge>.Of(value); }
    [JsonInclude, JsonPropertyName("latest_charge")] internal Expandable<Charge> LatestChargeField { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public PaymentIntentNextAction NextAction { get; set; }
    [JsonIgnore] public string OnBehalfOfId { get => OnBehalfOfField.Id; set => OnBehalfOfField = OnBehalfOfField.WithId(value); }
    [JsonIgnore] public Account OnBehalfOf { get => OnBehalfOfField.Object; set => OnBehalfOfField = Expandable<Account>.Of(value); }
    [JsonInclude, JsonPropertyName("on_behalf_of")] internal Expandable<Account> OnBehalfOfField { get; set; }
    [JsonIgnore] public string PaymentMethodId { get => PaymentMethodField.Id; set => PaymentMethodField = PaymentMethodField.WithId(value); }
    [JsonIgnore] public PaymentMethod PaymentMethod { get => PaymentMethodField.Object; set => PaymentMethodField = Expandable<PaymentMethod>.Of(value); }
    [JsonInclude, JsonPropertyName("payment_method")] internal Expandable<PaymentMethod> PaymentMethodField { get; set; }
    public PaymentIntentPaymentMethodOptions PaymentMethodOptions { get; set; }
    public List<string> PaymentMethodTypes { get; set; }
    public PaymentIntentProcessing Processing { get; set; }
    public string ReceiptEmail { get; set; }
    public string SetupFutureUsage { get; set; }
    public Shipping Shipping { get; set; }
    public string StatementDescriptor { get; set; }
    public string StatementDescriptorSuffix { get; set; }
    /// <summary><c>requires_payment_method</c>, <c>requires_confirmation</c>, <c>requires_action</c>, <c>processing</c>, <c>requires_capture</c>, <c>succeeded</c> or <c>canceled</c>.</summary>
    public string Status { get; set; }
    public PaymentIntentTransferData TransferData { get; set; }
    public string TransferGroup { get; set; }
}

public class PaymentIntentAmountDetails : StripeEntity<PaymentIntentAmountDetails>
{
    public PaymentIntentAmountDetailsTip Tip { get; set; }
}

public class PaymentIntentAmountDetailsTip : StripeEntity<PaymentIntentAmountDetailsTip>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
}

public class PaymentIntentAutomaticPaymentMethods : StripeEntity<PaymentIntentAutomaticPaymentMethods>
{
    public string AllowRedirects { get; set; }
    public bool Enabled { get; set; }
}

public class PaymentIntentNextAction : StripeEntity<PaymentIntentNextAction>
{
    public PaymentIntentNextActionAlipayHandleRedirect AlipayHandleRedirect { get; set; }
    public PaymentIntentNextActionBoletoDisplayDetails BoletoDisplayDetails { get; set; }
    public PaymentIntentNextActionCardAwaitNotification CardAwaitNotification { get; set; }
    public PaymentIntentNextActionCashappHandleRedirectOrDisplayQrCode CashappHandleRedirectOrDisplayQrCode { get; set; }
    public PaymentIntentNextActionDisplayBankTransferInstructions DisplayBankTransferInstructions { get; set; }
    public PaymentIntentNextActionKonbiniDisplayDetails KonbiniDisplayDetails { get; set; }
    public PaymentIntentNextActionOxxoDisplayDetails OxxoDisplayDetails { get; set; }
    public PaymentIntentNextActionPaynowDisplayQrCode PaynowDisplayQrCode { get; set; }
    public PaymentIntentNextActionPixDisplayQrCode PixDisplayQrCode { get; set; }
    public PaymentIntentNextActionPromptpayDisplayQrCode PromptpayDisplayQrCode { get; set; }
    public PaymentIntentNextActionRedirectToUrl RedirectToUrl { get; set; }
    public string Type { get; set; }
    public PaymentIntentNextActionUseStripeSdk UseStripeSdk { get; set; }
    public PaymentIntentNextActionVerifyWithMicrodeposits VerifyWithMicrodeposits { get; set; }
    public PaymentIntentNextActionWechatPayDisplayQrCode WechatPayDisplayQrCode { get; set; }
    public PaymentIntentNextActionWechatPayRedirectToAndroidApp WechatPayRedirectToAndroidApp { get; set; }
    public PaymentIntentNextActionWechatPayRedirectToIosApp WechatPayRedirectToIosApp { get; set; }
}

public class PaymentIntentNextActionAlipayHandleRedirect : StripeEntity<PaymentIntentNextActionAlipayHandleRedirect>
{
    public string NativeData { get; set; }
    public string NativeUrl { get; set; }
    public string ReturnUrl { get; set; }
    public string Url { get; set; }
}

public class PaymentIntentNextActionBoletoDisplayDetails : StripeEntity<PaymentIntentNextActionBoletoDisplayDetails>
{
    public DateTime? ExpiresAt { get; set; }
    public string HostedVoucherUrl { get; set; }
    public string Number { get; set; }
    public string Pdf { get; set; }
}

public class PaymentIntentNextActionCardAwaitNotification : StripeEntity<PaymentIntentNextActionCardAwaitNotification>
{
    public DateTime? ChargeAttemptAt { get; set; }
    public bool? CustomerApprovalRequired { get; set; }
}

public class PaymentIntentNextActionCashappHandleRedirectOrDisplayQrCode : StripeEntity<PaymentIntentNextActionCashappHandleRedirectOrDisplayQrCode>
{
    public string HostedInstructionsUrl { get; set; }
    public string MobileAuthUrl { get; set; }
    public PaymentIntentNextActionCashappHandleRedirectOrDisplayQrCodeQrCode QrCode { get; set; }
}

public class PaymentIntentNextActionCashappHandleRedirectOrDisplayQrCodeQrCode : StripeEntity<PaymentIntentNextActionCashappHandleRedirectOrDisplayQrCodeQrCode>
{
    public DateTime ExpiresAt { get; set; }
    public string ImageUrlPng { get; set; }
    public string ImageUrlSvg { get; set; }
}

public class PaymentIntentNextActionDisplayBankTransferInstructions : StripeEntity<PaymentIntentNextActionDisplayBankTransferInstructions>
{
    public long? AmountRemaining { get; set; }
    public string Currency { get; set; }
    public List<PaymentIntentNextActionDisplayBankTransferInstructionsFinancialAddress> FinancialAddresses { get; set; }
    public string HostedInstructionsUrl { get; set; }
    public string Reference { get; set; }
    public string Type { get; set; }
}

public class PaymentIntentNextActionDisplayBankTransferInstructionsFinancialAddress : StripeEntity<PaymentIntentNextActionDisplayBankTransferInstructionsFinancialAddress>
{
    public PaymentIntentNextActionDisplayBankTransferInstructionsFinancialAddressIban Iban { get; set; }
    public PaymentIntentNextActionDisplayBankTransferInstructionsFinancialAddressSortCode SortCode { get; set; }
    public PaymentIntentNextActionDisplayBankTransferInstructionsFinancialAddressSpei Spei { get; set; }
    public List<string> SupportedNetworks { get; set; }
    public string Type { get; set; }
    public PaymentIntentNextActionDisplayBankTransferInstructionsFinancialAddressZengin Zengin { get; set; }
}

public class PaymentIntentNextActionDisplayBankTransferInstructionsFinancialAddressIban : StripeEntity<PaymentIntentNextActionDisplayBankTransferInstructionsFinancialAddressIban>
{
    public string AccountHolderName { get; set; }
    public string Bic { get; set; }
    public string Country { get; set; }
    public string Iban { get; set; }
}

public class PaymentIntentNextActionDisplayBankTransferInstructionsFinancialAddressSortCode : StripeEntity<PaymentIntentNextActionDisplayBankTransferInstructionsFinancialAddressSortCode>
{
    public string AccountHolderName { get; set; }
    public string AccountNumber { get; set; }
    public string SortCode { get; set; }
}

public class PaymentIntentNextActionDisplayBankTransferInstructionsFinancialAddressSpei : StripeEntity<PaymentIntentNextActionDisplayBankTransferInstructionsFinancialAddressSpei>
{
    public string BankCode { get; set; }
    public string BankName { get; set; }
    public string Clabe { get; set; }
}

public class PaymentIntentNextActionDisplayBankTransferInstructionsFinancialAddressZengin : StripeEntity<PaymentIntentNextActionDisplayBankTransferInstructionsFinancialAddressZengin>
{
    public string AccountHolderName { get; set; }
    public string AccountNumber { get; set; }
    public string AccountType { get; set; }
    public string BankCode { get; set; }
    public string BankName { get; set; }
    public string BranchCode { get; set; }
    public string BranchName { get; set; }
}

public class PaymentIntentNextActionKonbiniDisplayDetails : StripeEntity<PaymentIntentNextActionKonbiniDisplayDetails>
{
    public DateTime ExpiresAt { get; set; }
    public string HostedVoucherUrl { get; set; }
    public PaymentIntentNextActionKonbiniDisplayDetailsStores Stores { get; set; }
}

public class PaymentIntentNextActionKonbiniDisplayDetailsStores : StripeEntity<PaymentIntentNextActionKonbiniDisplayDetailsStores>
{
    public PaymentIntentNextActionKonbiniDisplayDetailsStoresFamilymart Familymart { get; set; }
    public PaymentIntentNextActionKonbiniDisplayDetailsStoresLawson Lawson { get; set; }
    public PaymentIntentNextActionKonbiniDisplayDetailsStoresMinistop Ministop { get; set; }
    public PaymentIntentNextActionKonbiniDisplayDetailsStoresSeicomart Seicomart { get; set; }
}

public class PaymentIntentNextActionKonbiniDisplayDetailsStoresFamilymart : StripeEntity<PaymentIntentNextActionKonbiniDisplayDetailsStoresFamilymart>
{
    public string ConfirmationNumber { get; set; }
    public string PaymentCode { get; set; }
}

public class PaymentIntentNextActionKonbiniDisplayDetailsStoresLawson : StripeEntity<PaymentIntentNextActionKonbiniDisplayDetailsStoresLawson>
{
    public string ConfirmationNumber { get; set; }
    public string PaymentCode { get; set; }
}

public class PaymentIntentNextActionKonbiniDisplayDetailsStoresMinistop : StripeEntity<PaymentIntentNextActionKonbiniDisplayDetailsStoresMinistop>
{
    public string ConfirmationNumber { get; set; }
    public string PaymentCode { get; set; }
}

public class PaymentIntentNextActionKonbiniDisplayDetailsStoresSeicomart : StripeEntity<PaymentIntentNextActionKonbiniDisplayDetailsStoresSeicomart>
{
    public string ConfirmationNumber { get; set; }
    public string PaymentCode { get; set; }
}

public class PaymentIntentNextActionOxxoDisplayDetails : StripeEntity<PaymentIntentNextActionOxxoDisplayDetails>
{
    public DateTime? ExpiresAfter { get; set; }
    public string HostedVoucherUrl { get; set; }
    public string Number { get; set; }
}

public class PaymentIntentNextActionPaynowDisplayQrCode : StripeEntity<PaymentIntentNextActionPaynowDisplayQrCode>
{
    public string Data { get; set; }
    public string HostedInstructionsUrl { get; set; }
    public string ImageUrlPng { get; set; }
    public string ImageUrlSvg { get; set; }
}

public class PaymentIntentNextActionPixDisplayQrCode : StripeEntity<PaymentIntentNextActionPixDisplayQrCode>
{
    public string Data { get; set; }
    public long ExpiresAt { get; set; }
    public string HostedInstructionsUrl { get; set; }
    public string ImageUrlPng { get; set; }
    public string ImageUrlSvg { get; set; }
}

public class PaymentIntentNextActionPromptpayDisplayQrCode : StripeEntity<PaymentIntentNextActionPromptpayDisplayQrCode>
{
    public string Data { get; set; }
    public string HostedInstructionsUrl { get; set; }
    public string ImageUrlPng { get; set; }
    public string ImageUrlSvg { get; set; }
}

public class PaymentIntentNextActionRedirectToUrl : StripeEntity<PaymentIntentNextActionRedirectToUrl>
{
    public string ReturnUrl { get; set; }
    public string Url { get; set; }
}

public class PaymentIntentNextActionUseStripeSdk : StripeEntity<PaymentIntentNextActionUseStripeSdk>;

public class PaymentIntentNextActionVerifyWithMicrodeposits : StripeEntity<PaymentIntentNextActionVerifyWithMicrodeposits>
{
    public DateTime ArrivalDate { get; set; }
    public string HostedVerificationUrl { get; set; }
    public string MicrodepositType { get; set; }
}

public class PaymentIntentNextActionWechatPayDisplayQrCode : StripeEntity<PaymentIntentNextActionWechatPayDisplayQrCode>
{
    public string Data { get; set; }
    public string HostedInstructionsUrl { get; set; }
    public string ImageDataUrl { get; set; }
    public string ImageUrlPng { get; set; }
    public string ImageUrlSvg { get; set; }
}

public class PaymentIntentNextActionWechatPayRedirectToAndroidApp : StripeEntity<PaymentIntentNextActionWechatPayRedirectToAndroidApp>
{
    public string AppId { get; set; }
    public string NonceStr { get; set; }
    public string Package { get; set; }
    public string PartnerId { get; set; }
    public string PrepayId { get; set; }
    public string Sign { get; set; }
    public string Timestamp { get; set; }
}

public class PaymentIntentNextActionWechatPayRedirectToIosApp : StripeEntity<PaymentIntentNextActionWechatPayRedirectToIosApp>
{
    public string NativeUrl { get; set; }
}

public class PaymentIntentPaymentMethodOptions : StripeEntity<PaymentIntentPaymentMethodOptions>
{
    public PaymentIntentPaymentMethodOptionsCard Card { get; set; }
    public PaymentIntentPaymentMethodOptionsLink Link { get; set; }
    public PaymentIntentPaymentMethodOptionsSepaDebit SepaDebit { get; set; }
    public PaymentIntentPaymentMethodOptionsUsBankAccount UsBankAccount { get; set; }
}

public class PaymentIntentPaymentMethodOptionsCard : StripeEntity<PaymentIntentPaymentMethodOptionsCard>
{
    public string CaptureMethod { get; set; }
    public PaymentIntentPaymentMethodOptionsCardInstallments Installments { get; set; }
    public PaymentIntentPaymentMethodOptionsCardMandateOptions MandateOptions { get; set; }
    public string Network { get; set; }
    public string RequestThreeDSecure { get; set; }
    public string SetupFutureUsage { get; set; }
    public string StatementDescriptorSuffixKana { get; set; }
    public string StatementDescriptorSuffixKanji { get; set; }
}

public class PaymentIntentPaymentMethodOptionsCardInstallments : StripeEntity<PaymentIntentPaymentMethodOptionsCardInstallments>
{
    public List<PaymentIntentPaymentMethodOptionsCardInstallmentsPlan> AvailablePlans { get; set; }
    public bool Enabled { get; set; }
    public PaymentIntentPaymentMethodOptionsCardInstallmentsPlan Plan { get; set; }
}

public class PaymentIntentPaymentMethodOptionsCardInstallmentsPlan : StripeEntity<PaymentIntentPaymentMethodOptionsCardInstallmentsPlan>
{
    public long? Count { get; set; }
    public string Interval { get; set; }
    public string Type { get; set; }
}

public class PaymentIntentPaymentMethodOptionsCardMandateOptions : StripeEntity<PaymentIntentPaymentMethodOptionsCardMandateOptions>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public string AmountType { get; set; }
    public string Description { get; set; }
    public DateTime? EndDate { get; set; }
    public string Interval { get; set; }
    public long? IntervalCount { get; set; }
    public string Reference { get; set; }
    public DateTime StartDate { get; set; }
    public List<string> SupportedTypes { get; set; }
}

public class PaymentIntentPaymentMethodOptionsLink : StripeEntity<PaymentIntentPaymentMethodOptionsLink>
{
    public string CaptureMethod { get; set; }
    public string SetupFutureUsage { get; set; }
}

public class PaymentIntentPaymentMethodOptionsSepaDebit : StripeEntity<PaymentIntentPaymentMethodOptionsSepaDebit>
{
    public PaymentIntentPaymentMethodOptionsSepaDebitMandateOptions MandateOptions { get; set; }
    public string SetupFutureUsage { get; set; }
}

public class PaymentIntentPaymentMethodOptionsSepaDebitMandateOptions : StripeEntity<PaymentIntentPaymentMethodOptionsSepaDebitMandateOptions>;

public class PaymentIntentPaymentMethodOptionsUsBankAccount : StripeEntity<PaymentIntentPaymentMethodOptionsUsBankAccount>
{
    public PaymentIntentPaymentMethodOptionsUsBankAccountFinancialConnections FinancialConnections { get; set; }
    public string PreferredSettlementSpeed { get; set; }
    public string SetupFutureUsage { get; set; }
    public string VerificationMethod { get; set; }
}

public class PaymentIntentPaymentMethodOptionsUsBankAccountFinancialConnections : StripeEntity<PaymentIntentPaymentMethodOptionsUsBankAccountFinancialConnections>
{
    public List<string> Permissions { get; set; }
    public List<string> Prefetch { get; set; }
    public string ReturnUrl { get; set; }
}

public class PaymentIntentProcessing : StripeEntity<PaymentIntentProcessing>
{
    public PaymentIntentProcessingCard Card { get; set; }
    public string Type { get; set; }
}

public class PaymentIntentProcessingCard : StripeEntity<PaymentIntentProcessingCard>
{
    public PaymentIntentProcessingCardCustomerNotification CustomerNotification { get; set; }
}

public class PaymentIntentProcessingCardCustomerNotification : StripeEntity<PaymentIntentProcessingCardCustomerNotification>
{
    public bool? ApprovalRequested { get; set; }
    public DateTime? CompletesAt { get; set; }
}

public class PaymentIntentTransferData : StripeEntity<PaymentIntentTransferData>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    [JsonIgnore] public string DestinationId { get => DestinationField.Id; set => DestinationField = DestinationField.WithId(value); }
    [JsonIgnore] public Account Destination { get => DestinationField.Object; set => DestinationField = Expandable<Account>.Of(value); }
    [JsonInclude, JsonPropertyName("destination")] internal Expandable<Account> DestinationField { get; set; }
}
