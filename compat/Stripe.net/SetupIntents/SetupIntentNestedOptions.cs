namespace Stripe;

public class SetupIntentAutomaticPaymentMethodsOptions : INestedOptions
{
    public string AllowRedirects { get; set; }
    public bool? Enabled { get; set; }
}

public class SetupIntentMandateDataCustomerAcceptanceOfflineOptions : INestedOptions;

public class SetupIntentMandateDataCustomerAcceptanceOnlineOptions : INestedOptions
{
    public string IpAddress { get; set; }
    public string UserAgent { get; set; }
}

public class SetupIntentMandateDataCustomerAcceptanceOptions : INestedOptions
{
    public DateTime? AcceptedAt { get; set; }
    public SetupIntentMandateDataCustomerAcceptanceOfflineOptions Offline { get; set; }
    public SetupIntentMandateDataCustomerAcceptanceOnlineOptions Online { get; set; }
    public string Type { get; set; }
}

public class SetupIntentMandateDataOptions : INestedOptions
{
    public SetupIntentMandateDataCustomerAcceptanceOptions CustomerAcceptance { get; set; }
}

public class SetupIntentPaymentMethodDataBillingDetailsOptions : INestedOptions
{
    public AddressOptions Address { get; set; }
    public string Email { get; set; }
    public string Name { get; set; }
    public string Phone { get; set; }
}

public class SetupIntentPaymentMethodDataLinkOptions : INestedOptions;

public class SetupIntentPaymentMethodDataOptions : INestedOptions, IHasMetadata
{
    public SetupIntentPaymentMethodDataBillingDetailsOptions BillingDetails { get; set; }
    public SetupIntentPaymentMethodDataLinkOptions Link { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public SetupIntentPaymentMethodDataSepaDebitOptions SepaDebit { get; set; }
    public string Type { get; set; }
    public SetupIntentPaymentMethodDataUsBankAccountOptions UsBankAccount { get; set; }
}

public class SetupIntentPaymentMethodDataSepaDebitOptions : INestedOptions
{
    public string Iban { get; set; }
}

public class SetupIntentPaymentMethodDataUsBankAccountOptions : INestedOptions
{
    public string AccountHolderType { get; set; }
    public string AccountNumber { get; set; }
    public string AccountType { get; set; }
    public string FinancialConnectionsAccount { get; set; }
    public string RoutingNumber { get; set; }
}

public class SetupIntentPaymentMethodOptionsCardMandateOptionsOptions : INestedOptions
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string AmountType { get; set; }
    public string Currency { get; set; }
    public string Description { get; set; }
    public DateTime? EndDate { get; set; }
    public string Interval { get; set; }
    public long? IntervalCount { get; set; }
    public string Reference { get; set; }
    public DateTime? StartDate { get; set; }
    public List<string> SupportedTypes { get; set; }
}

public class SetupIntentPaymentMethodOptionsCardOptions : INestedOptions
{
    public SetupIntentPaymentMethodOptionsCardMandateOptionsOptions MandateOptions { get; set; }
    public string Network { get; set; }
    public string RequestThreeDSecure { get; set; }
}

public class SetupIntentPaymentMethodOptionsLinkOptions : INestedOptions;

public class SetupIntentPaymentMethodOptionsOptions : INestedOptions
{
    public SetupIntentPaymentMethodOptionsCardOptions Card { get; set; }
    public SetupIntentPaymentMethodOptionsLinkOptions Link { get; set; }
    public SetupIntentPaymentMethodOptionsSepaDebitOptions SepaDebit { get; set; }
    public SetupIntentPaymentMethodOptionsUsBankAccountOptions UsBankAccount { get; set; }
}

public class SetupIntentPaymentMethodOptionsSepaDebitMandateOptionsOptions : INestedOptions;

public class SetupIntentPaymentMethodOptionsSepaDebitOptions : INestedOptions
{
    public SetupIntentPaymentMethodOptionsSepaDebitMandateOptionsOptions MandateOptions { get; set; }
}

public class SetupIntentPaymentMethodOptionsUsBankAccountFinancialConnectionsOptions : INestedOptions
{
    public List<string> Permissions { get; set; }
    public List<string> Prefetch { get; set; }
    public string ReturnUrl { get; set; }
}

public class SetupIntentPaymentMethodOptionsUsBankAccountNetworksOptions : INestedOptions
{
    public List<string> Requested { get; set; }
}

public class SetupIntentPaymentMethodOptionsUsBankAccountOptions : INestedOptions
{
    public SetupIntentPaymentMethodOptionsUsBankAccountFinancialConnectionsOptions FinancialConnections { get; set; }
    public SetupIntentPaymentMethodOptionsUsBankAccountNetworksOptions Networks { get; set; }
    public string VerificationMethod { get; set; }
}

public class SetupIntentSingleUseOptions : INestedOptions
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string Currency { get; set; }
}
