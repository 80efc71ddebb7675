namespace Stripe;

public class PaymentIntentAutomaticPaymentMethodsOptions : INestedOptions
{
    public string AllowRedirects { get; set; }
    public bool? Enabled { get; set; }
}

public class PaymentIntentMandateDataCustomerAcceptanceOfflineOptions : INestedOptions;

public class PaymentIntentMandateDataCustomerAcceptanceOnlineOptions : INestedOptions
{
    public string IpAddress { get; set; }
    public string UserAgent { get; set; }
}

public class PaymentIntentMandateDataCustomerAcceptanceOptions : INestedOptions
{
    public DateTime? AcceptedAt { get; set; }
    public PaymentIntentMandateDataCustomerAcceptanceOfflineOptions Offline { get; set; }
    public PaymentIntentMandateDataCustomerAcceptanceOnlineOptions Online { get; set; }
    public string Type { get; set; }
}

public class PaymentIntentMandateDataOptions : INestedOptions
{
    public PaymentIntentMandateDataCustomerAcceptanceOptions CustomerAcceptance { get; set; }
}

public class PaymentIntentPaymentMethodDataBillingDetailsOptions : INestedOptions
{
    public AddressOptions Address { get; set; }
    public string Email { get; set; }
    public string Name { get; set; }
    public string Phone { get; set; }
}

public class PaymentIntentPaymentMethodDataLinkOptions : INestedOptions;

public class PaymentIntentPaymentMethodDataOptions : INestedOptions, IHasMetadata
{
    public PaymentIntentPaymentMethodDataBillingDetailsOptions BillingDetails { get; set; }
    public PaymentIntentPaymentMethodDataLinkOptions Link { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public PaymentIntentPaymentMethodDataSepaDebitOptions SepaDebit { get; set; }
    public string Type { get; set; }
    public PaymentIntentPaymentMethodDataUsBankAccountOptions UsBankAccount { get; set; }
}

public class PaymentIntentPaymentMethodDataSepaDebitOptions : INestedOptions
{
    public string Iban { get; set; }
}

public class PaymentIntentPaymentMethodDataUsBankAccountOptions : INestedOptions
{
    public string AccountHolderType { get; set; }
    public string AccountNumber { get; set; }
    public string AccountType { get; set; }
    public string FinancialConnectionsAccount { get; set; }
    public string RoutingNumber { get; set; }
}

public class PaymentIntentPaymentMethodOptionsCardInstallmentsOptions : INestedOptions
{
    public bool? Enabled { get; set; }
    public PaymentIntentPaymentMethodOptionsCardInstallmentsPlanOptions Plan { get; set; }
}

public class PaymentIntentPaymentMethodOptionsCardInstallmentsPlanOptions : INestedOptions
{
    public long? Count { get; set; }
    public string Interval { get; set; }
    public string Type { get; set; }
}

public class PaymentIntentPaymentMethodOptionsCardMandateOptionsOptions : INestedOptions
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string AmountType { get; set; }
    public string Description { get; set; }
    public DateTime? EndDate { get; set; }
    public string Interval { get; set; }
    public long? IntervalCount { get; set; }
    public string Reference { get; set; }
    public DateTime? StartDate { get; set; }
    public List<string> SupportedTypes { get; set; }
}

public class PaymentIntentPaymentMethodOptionsCardOptions : INestedOptions
{
    public string CaptureMethod { get; set; }
    public string CvcToken { get; set; }
    public PaymentIntentPaymentMethodOptionsCardInstallmentsOptions Installments { get; set; }
    public PaymentIntentPaymentMethodOptionsCardMandateOptionsOptions MandateOptions { get; set; }
    public string Network { get; set; }
    public string RequestThreeDSecure { get; set; }
    public string SetupFutureUsage { get; set; }
    public string StatementDescriptorSuffixKana { get; set; }
    public string StatementDescriptorSuffixKanji { get; set; }
}

public class PaymentIntentPaymentMethodOptionsLinkOptions : INestedOptions
{
    public string CaptureMethod { get; set; }
    public string SetupFutureUsage { get; set; }
}

public class PaymentIntentPaymentMethodOptionsOptions : INestedOptions
{
    public PaymentIntentPaymentMethodOptionsCardOptions Card { get; set; }
    public PaymentIntentPaymentMethodOptionsLinkOptions Link { get; set; }
    public PaymentIntentPaymentMethodOptionsSepaDebitOptions SepaDebit { get; set; }
    public PaymentIntentPaymentMethodOptionsUsBankAccountOptions UsBankAccount { get; set; }
}

public class PaymentIntentPaymentMethodOptionsSepaDebitMandateOptionsOptions : INestedOptions;

public class PaymentIntentPaymentMethodOptionsSepaDebitOptions : INestedOptions
{
    public PaymentIntentPaymentMethodOptionsSepaDebitMandateOptionsOptions MandateOptions { get; set; }
    public string SetupFutureUsage { get; set; }
}

public class PaymentIntentPaymentMethodOptionsUsBankAccountFinancialConnectionsOptions : INestedOptions
{
    public List<string> Permissions { get; set; }
    public List<string> Prefetch { get; set; }
    public string ReturnUrl { get; set; }
}

public class PaymentIntentPaymentMethodOptionsUsBankAccountNetworksOptions : INestedOptions
{
    public List<string> Requested { get; set; }
}

public class PaymentIntentPaymentMethodOptionsUsBankAccountOptions : INestedOptions
{
    public PaymentIntentPaymentMethodOptionsUsBankAccountFinancialConnectionsOptions FinancialConnections { get; set; }
    public PaymentIntentPaymentMethodOptionsUsBankAccountNetworksOptions Networks { get; set; }
    public string PreferredSettlementSpeed { get; set; }
    public string SetupFutureUsage { get; set; }
    public string VerificationMethod { get; set; }
}

public class PaymentIntentTransferDataOptions : INestedOptions
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string Destination { get; set; }
}
