using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>Who pays.</summary>
public class Customer : StripeEntity<Customer>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public Address Address { get; set; }
    public long Balance { get; set; }
    public DateTime Created { get; set; }
    public string Currency { get; set; }
    [JsonIgnore] public string DefaultSourceId { get => DefaultSourceField.Id; set => DefaultSourceField = DefaultSourceField.WithId(value); }
    [JsonIgnore] public IPaymentSource DefaultSource { get => DefaultSourceField.Object; set => DefaultSourceField = Expandable<IPaymentSource>.Of(value); }
    [JsonInclude, JsonPropertyName("default_source")] internal Expandable<IPaymentSource> DefaultSourceField { get; set; }
    public bool? Deleted { get; set; }
    public bool? Delinquent { get; set; }
    public string Description { get; set; }
    public Discount Discount { get; set; }
    public string Email { get; set; }
    public Dictionary<string, long> InvoiceCreditBalance { get; set; }
    public string InvoicePrefix { get; set; }
    public CustomerInvoiceSettings InvoiceSettings { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Name { get; set; }
    public long NextInvoiceSequence { get; set; }
    public string Phone { get; set; }
    public List<string> PreferredLocales { get; set; }
    public Shipping Shipping { get; set; }
    public StripeList<IPaymentSource> Sources { get; set; }
    public StripeList<Subscription> Subscriptions { get; set; }
    public CustomerTax Tax { get; set; }
    public string TaxExempt { get; set; }
    public StripeList<TaxId> TaxIds { get; set; }
    [JsonIgnore] public string TestClockId { get => TestClockField.Id; set => TestClockField = TestClockField.WithId(value); }
    [JsonIgnore] public TestHelpers.TestClock TestClock { get => TestClockField.Object; set => TestClockField = Expandable<TestHelpers.TestClock>.Of(value); }
    [JsonInclude, JsonPropertyName("test_clock")] internal Expandable<TestHelpers.TestClock> TestClockField { get; set; }
}

public class CustomerInvoiceSettings : StripeEntity<CustomerInvoiceSettings>
{
    public List<CustomerInvoiceSettingsCustomField> CustomFields { get; set; }
    [JsonIgnore] public string DefaultPaymentMethodId { get => DefaultPaymentMethodField.Id; set => DefaultPaymentMethodField = DefaultPaymentMethodField.WithId(value); }
    [JsonIgnore] public PaymentMethod DefaultPaymentMethod { get => DefaultPaymentMethodField.Object; set => DefaultPaymentMethodField = Expandable<PaymentMethod>.Of(value); }
    [JsonInclude, JsonPropertyName("default_payment_method")] internal Expandable<PaymentMethod> DefaultPaymentMethodField { get; set; }
    public string Footer { get; set; }
    public CustomerInvoiceSettingsRenderingOptions RenderingOptions { get; set; }
}

public class CustomerInvoiceSettingsCustomField : StripeEntity<CustomerInvoiceSettingsCustomField>
{
    public string Name { get; set; }
    public string Value { get; set; }
}

public class CustomerInvoiceSettingsRenderingOptions : StripeEntity<CustomerInvoiceSettingsRenderingOptions>
{
    public string AmountTaxDisplay { get; set; }
}

public class CustomerTax : StripeEntity<CustomerTax>
{
    public string AutomaticTax { get; set; }
    public string IpAddress { get; set; }
    public CustomerTaxLocation Location { get; set; }
}

public class CustomerTaxLocation : StripeEntity<CustomerTaxLocation>
{
    public string Country { get; set; }
    public string Source { get; set; }
    public string State { get; set; }
}
