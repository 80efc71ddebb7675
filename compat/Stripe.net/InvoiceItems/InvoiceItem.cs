using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>A line that waits for a customer's next invoice.</summary>
public class InvoiceItem : StripeEntity<InvoiceItem>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public string Currency { get; set; }
    [JsonIgnore] public string CustomerId { get => CustomerField.Id; set => CustomerField = CustomerField.WithId(value); }
    [JsonIgnore] public Customer Customer { get => CustomerField.Object; set => CustomerField = Expandable<Customer>.Of(value); }
    [JsonInclude, JsonPropertyName("customer")] internal Expandable<Customer> CustomerField { get; set; }
    public DateTime Date { get; set; }
    public bool? Deleted { get; set; }
    public string Description { get; set; }
    public bool Discountable { get; set; }
    [JsonIgnore] public List<string> DiscountIds { get => DiscountsField.Ids(); set => DiscountsField = Expandables.FromIds<Discount>(value); }
    [JsonIgnore] public List<Discount> Discounts { get => DiscountsField.Objects(); set => DiscountsField = Expandables.FromObjects(value); }
    [JsonInclude, JsonPropertyName("discounts")] internal List<Expandable<Discount>> DiscountsField { get; set; }
    [JsonIgnore] public string InvoiceId { get => InvoiceField.Id; set => InvoiceField = InvoiceField.WithId(value); }
    [JsonIgnore] public Invoice Invoice { get => InvoiceField.Object; set => InvoiceField = Expandable<Invoice>.Of(value); }
    [JsonInclude, JsonPropertyName("invoice")] internal Expandable<Invoice> InvoiceField { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public InvoiceItemPeriod Period { get; set; }
    public Price Price { get; set; }
    public bool Proration { get; set; }
    public long Quantity { get; set; }
    [JsonIgnore] public string SubscriptionId { get => SubscriptionField.Id; set => SubscriptionField = SubscriptionField.WithId(value); }
    [JsonIgnore] public Subscription Subscription { get => SubscriptionField.Object; set => SubscriptionField = Expandable<Subscription>.Of(value); }
    [JsonInclude, JsonPropertyName("subscription")] internal Expandable<Subscription> SubscriptionField { get; set; }
    public string SubscriptionItem { get; set; }
    public List<TaxRate> TaxRates { get; set; }
    [JsonIgnore] public string TestClockId { get => TestClockField.Id; set => TestClockField = TestClockField.WithId(value); }
    [JsonIgnore] public TestHelpers.TestClock TestClock { get => TestClockField.Object; set => TestClockField = Expandable<TestHelpers.TestClock>.Of(value); }
    [JsonInclude, JsonPropertyName("test_clock")] internal Expandable<TestHelpers.TestClock> TestClockField { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? UnitAmount { get; set; }
    public decimal? UnitAmountDecimal { get; set; }
}

public class InvoiceItemPeriod : StripeEntity<InvoiceItemPeriod>
{
    public DateTime End { get; set; }
    public DateTime Start { get; set; }
}
