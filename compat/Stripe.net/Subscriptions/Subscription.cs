using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>A customer who pays per period, until cancelled.</summary>
public class Subscription : StripeEntity<Subscription>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    [JsonIgnore] public string ApplicationId { get => ApplicationField.Id; set => ApplicationField = ApplicationField.WithId(value); }
    [JsonIgnore] public Application Application { get => ApplicationField.Object; set => ApplicationField = Expandable<Application>.Of(value); }
    [JsonInclude, JsonPropertyName("application")] internal Expandable<Application> ApplicationField { get; set; }
    public decimal? ApplicationFeePercent { get; set; }
    public SubscriptionAutomaticTax AutomaticTax { get; set; }
    public DateTime BillingCycleAnchor { get; set; }
    public SubscriptionBillingThresholds BillingThresholds { get; set; }
    public DateTime? CancelAt { get; set; }
    /// <summary>It is still active until then, and can be kept by setting this to false.</summary>
    public bool CancelAtPeriodEnd { get; set; }
    public DateTime? CanceledAt { get; set; }
    public SubscriptionCancellationDetails CancellationDetails { get; set; }
    public string CollectionMethod { get; set; }
    public DateTime Created { get; set; }
    public string Currency { get; set; }
    public DateTime CurrentPeriodEnd { get; set; }
    public DateTime CurrentPeriodStart { get; set; }
    [JsonIgnore] public string CustomerId { get => CustomerField.Id; set => CustomerField = CustomerField.WithId(value); }
    [JsonIgnore] public Customer Customer { get => CustomerField.Object; set => CustomerField = Expandable<Customer>.Of(value); }
    [JsonInclude, JsonPropertyName("customer")] internal Expandable<Customer> CustomerField { get; set; }
    public long? DaysUntilDue { get; set; }
    [JsonIgnore] public string DefaultPaymentMethodId { get => DefaultPaymentMethodField.Id; set => DefaultPaymentMethodField = DefaultPaymentMethodField.WithId(value); }
    [JsonIgnore] public PaymentMethod DefaultPaymentMethod { get => DefaultPaymentMethodField.Object; set => DefaultPaymentMethodField = Expandable<PaymentMethod>.Of(value); }
    [JsonInclude, JsonPropertyName("default_payment_method")] internal Expandable<PaymentMethod> DefaultPaymentMethodField { get; set; }
    [JsonIgnore] public string DefaultSourceId { get => DefaultSourceField.Id; set => DefaultSourceField = DefaultSourceField.WithId(value); }
    [JsonIgnore] public IPaymentSource DefaultSource { get => DefaultSourceField.Object; set => DefaultSourceField = Expandable<IPaymentSource>.Of(value); }
    [JsonInclude, JsonPropertyName("default_source")] internal Expandable<IPaymentSource> DefaultSourceField { get; set; }
    public List<TaxRate> DefaultTaxRates { get; set; }
    public string Description { get; set; }
    public Discount Discount { get; set; }
    public DateTime? EndedAt { get; set; }
    public StripeList<SubscriptionItem> Items { get; set; }
    [JsonIgnore] public string LatestInvoiceId { get => LatestInvoiceField.Id; set => LatestInvoiceField = LatestInvoiceField.WithId(value); }
    [JsonIgnore] public Invoice LatestInvoice { get => LatestInvoiceField.Object; set => LatestInvoiceField = Expandable<Invoice>.Of(value); }
    [JsonInclude, JsonPropertyName("latest_invoice")] internal Expandable<Invoice> LatestInvoiceField { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public DateTime? NextPendingInvoiceItemInvoice { get; set; }
    [JsonIgnore] public string OnBehalfOfId { get => OnBehalfOfField.Id; set => OnBehalfOfField = OnBehalfOfField.WithId(value); }
    [JsonIgnore] public Account OnBehalfOf { get => OnBehalfOfField.Object; set => OnBehalfOfField = Expandable<Account>.Of(value); }
    [JsonInclude, JsonPropertyName("on_behalf_of")] internal Expandable<Account> OnBehalfOfField { get; set; }
    public SubscriptionPauseCollection PauseCollection { get; set; }
    public SubscriptionPaymentSettings PaymentSettings { get; set; }
    public SubscriptionPendingInvoiceItemInterval PendingInvoiceItemInterval { get; set; }
    [JsonIgnore] public string PendingSetupIntentId { get => PendingSetupIntentField.Id; set => PendingSetupIntentField = PendingSetupIntentField.WithId(value); }
    [JsonIgnore] public SetupIntent PendingSetupIntent { get => PendingSetupIntentField.Object; set => PendingSetupIntentField = Expandable<SetupIntent>.Of(value); }
    [JsonInclude, JsonPropertyName("pending_setup_intent")] internal Expandable<SetupIntent> PendingSetupIntentField { get; set; }
    public SubscriptionPendingUpdate PendingUpdate { get; set; }
    public DateTime StartDate { get; set; }
    /// <summary><c>active</c>, <c>canceled</c>, <c>incomplete</c>, <c>incomplete_expired</c>, <c>past_due</c>, <c>paused</c>, <c>trialing</c> or <c>unpaid</c>.</summary>
    public string Status { get; set; }
    [JsonIgnore] public string TestClockId { get => TestClockField.Id; set => TestClockField = TestClockField.WithId(value); }
    [JsonIgnore] public TestHelpers.TestClock TestClock { get => TestClockField.Object; set => TestClockField = Expandable<TestHelpers.TestClock>.Of(value); }
    [JsonInclude, JsonPropertyName("test_clock")] internal Expandable<TestHelpers.TestClock> TestClockField { get; set; }
    public SubscriptionTransferData TransferData { get; set; }
    public DateTime? TrialEnd { get; set; }
    public SubscriptionTrialSettings TrialSettings { get; set; }
    public DateTime? TrialStart { get; set; }
}

public class SubscriptionAutomaticTax : StripeEntity<SubscriptionAutomaticTax>
{
    public bool Enabled { get; set; }
}

/// <summary>Moves the billing cycle to now, or leaves it.</summary>
public class SubscriptionBillingCycleAnchor : StringEnum
{
    public static readonly SubscriptionBillingCycleAnchor Now = new("now");
    public static readonly SubscriptionBillingCycleAnchor Unchanged = new("unchanged");

    SubscriptionBillingCycleAnchor(string value) : base(value)
    {
    }
}

public class SubscriptionBillingThresholds : StripeEntity<SubscriptionBillingThresholds>
{
    public long? AmountGte { get; set; }
    public bool? ResetBillingCycleAnchor { get; set; }
}

public class SubscriptionCancellationDetails : StripeEntity<SubscriptionCancellationDetails>
{
    public string Comment { get; set; }
    public string Feedback { get; set; }
    public string Reason { get; set; }
}

public class SubscriptionPauseCollection : StripeEntity<SubscriptionPauseCollection>
{
    public string Behavior { get; set; }
    public DateTime? ResumesAt { get; set; }
}

public class SubscriptionPaymentSettings : StripeEntity<SubscriptionPaymentSettings>
{
    public SubscriptionPaymentSettingsPaymentMethodOptions PaymentMethodOptions { get; set; }
    public List<string> PaymentMethodTypes { get; set; }
    public string SaveDefaultPaymentMethod { get; set; }
}

public class SubscriptionPaymentSettingsPaymentMethodOptions : StripeEntity<SubscriptionPaymentSettingsPaymentMethodOptions>
{
    public SubscriptionPaymentSettingsPaymentMethodOptionsCard Card { get; set; }
    public SubscriptionPaymentSettingsPaymentMethodOptionsUsBankAccount UsBankAccount { get; set; }
}

public class SubscriptionPaymentSettingsPaymentMethodOptionsCard : StripeEntity<SubscriptionPaymentSettingsPaymentMethodOptionsCard>
{
    public SubscriptionPaymentSettingsPaymentMethodOptionsCardMandateOptions MandateOptions { get; set; }
    public string Network { get; set; }
    public string RequestThreeDSecure { get; set; }
}

public class SubscriptionPaymentSettingsPaymentMethodOptionsCardMandateOptions : StripeEntity<SubscriptionPaymentSettingsPaymentMethodOptionsCardMandateOptions>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string AmountType { get; set; }
    public string Description { get; set; }
}

public class SubscriptionPaymentSettingsPaymentMethodOptionsUsBankAccount : StripeEntity<SubscriptionPaymentSettingsPaymentMethodOptionsUsBankAccount>
{
    public SubscriptionPaymentSettingsPaymentMethodOptionsUsBankAccountFinancialConnections FinancialConnections { get; set; }
    public string VerificationMethod { get; set; }
}

public class SubscriptionPaymentSettingsPaymentMethodOptionsUsBankAccountFinancialConnections : StripeEntity<SubscriptionPaymentSettingsPaymentMethodOptionsUsBankAccountFinancialConnections>
{
    public List<string> Permissions { get; set; }
    public List<string> Prefetch { get; set; }
}

public class SubscriptionPendingInvoiceItemInterval : StripeEntity<SubscriptionPendingInvoiceItemInterval>
{
    public string Interval { get; set; }
    public long IntervalCount { get; set; }
}

public class SubscriptionPendingUpdate : StripeEntity<SubscriptionPendingUpdate>
{
    public DateTime? BillingCycleAnchor { get; set; }
    public DateTime ExpiresAt { get; set; }
    public List<SubscriptionItem> SubscriptionItems { get; set; }
    public DateTime? TrialEnd { get; set; }
    public bool? TrialFromPlan { get; set; }
}

public class SubscriptionTransferData : StripeEntity<SubscriptionTransferData>
{
    public decimal? AmountPercent { get; set; }
    [JsonIgnore] public string DestinationId { get => DestinationField.Id; set => DestinationField = DestinationField.WithId(value); }
    [JsonIgnore] public Account Destination { get => DestinationField.Object; set => DestinationField = Expandable<Account>.Of(value); }
    [JsonInclude, JsonPropertyName("destination")] internal Expandable<Account> DestinationField { get; set; }
}

/// <summary>Ends a trial at once.</summary>
public class SubscriptionTrialEnd : StringEnum
{
    public static readonly SubscriptionTrialEnd Now = new("now");

    SubscriptionTrialEnd(string value) : base(value)
    {
    }
}

public class SubscriptionTrialSettings : StripeEntity<SubscriptionTrialSettings>
{
    public SubscriptionTrialSettingsEndBehavior EndBehavior { get; set; }
}

public class SubscriptionTrialSettingsEndBehavior : StripeEntity<SubscriptionTrialSettingsEndBehavior>
{
    public string MissingPaymentMethod { get; set; }
}
