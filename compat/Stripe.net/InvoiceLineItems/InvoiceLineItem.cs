using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>A line of an invoice.</summary>
public class InvoiceLineItem : StripeEntity<InvoiceLineItem>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public long? AmountExcludingTax { get; set; }
    public string Currency { get; set; }
    public string Description { get; set; }
    public List<InvoiceLineItemDiscountAmount> DiscountAmounts { get; set; }
    public bool Discountable { get; set; }
    [JsonIgnore] public List<string> DiscountIds { get => DiscountsField.Ids(); set => DiscountsField = Expandables.FromIds<Discount>(value); }
    [JsonIgnore] public List<Discount> Discounts { get => DiscountsField.Objects(); set => DiscountsField = Expandables.FromObjects(value); }
    [JsonInclude, JsonPropertyName("discounts")] internal List<Expandable<Discount>> DiscountsField { get; set; }
    [JsonIgnore] public string InvoiceItemId { get => InvoiceItemField.Id; set => InvoiceItemField = InvoiceItemField.WithId(value); }
    [JsonIgnore] public InvoiceItem InvoiceItem { get => InvoiceItemField.Object; set => InvoiceItemField = Expandable<InvoiceItem>.Of(value); }
    [JsonInclude, JsonPropertyName("invoice_item")] internal Expandable<InvoiceItem> InvoiceItemField { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public InvoiceLineItemPeriod Period { get; set; }
    public Price Price { get; set; }
    public bool Proration { get; set; }
    public InvoiceLineItemProrationDetails ProrationDetails { get; set; }
    public long? Quantity { get; set; }
    [JsonIgnore] public string SubscriptionId { get => SubscriptionField.Id; set => SubscriptionField = SubscriptionField.WithId(value); }
    [JsonIgnore] public Subscription Subscription { get => SubscriptionField.Object; set => SubscriptionField = Expandable<Subscription>.Of(value); }
    [JsonInclude, JsonPropertyName("subscription")] internal Expandable<Subscription> SubscriptionField { get; set; }
    [JsonIgnore] public string SubscriptionItemId { get => SubscriptionItemField.Id; set => SubscriptionItemField = SubscriptionItemField.WithId(value); }
    [JsonIgnore] public SubscriptionItem SubscriptionItem { get => SubscriptionItemField.Object; set => SubscriptionItemField = Expandable<SubscriptionItem>.Of(value); }
    [JsonInclude, JsonPropertyName("subscription_item")] internal Expandable<SubscriptionItem> SubscriptionItemField { get; set; }
    public List<InvoiceLineItemTaxAmount> TaxAmounts { get; set; }
    public List<TaxRate> TaxRates { get; set; }
    public string Type { get; set; }
    public decimal? UnitAmountExcludingTax { get; set; }
}

public class InvoiceLineItemDiscountAmount : StripeEntity<InvoiceLineItemDiscountAmount>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    [JsonIgnore] public string DiscountId { get => DiscountField.Id; set => DiscountField = DiscountField.WithId(value); }
    [JsonIgnore] public Discount Discount { get => DiscountField.Object; set => DiscountField = Expandable<Discount>.Of(value); }
    [JsonInclude, JsonPropertyName("discount")] internal Expandable<Discount> DiscountField { get; set; }
}

public class InvoiceLineItemPeriod : StripeEntity<InvoiceLineItemPeriod>
{
    public DateTime End { get; set; }
    public DateTime Start { get; set; }
}

public class InvoiceLineItemProrationDetails : StripeEntity<InvoiceLineItemProrationDetails>
{
    public InvoiceLineItemProrationDetailsCreditedItems CreditedItems { get; set; }
}

public class InvoiceLineItemProrationDetailsCreditedItems : StripeEntity<InvoiceLineItemProrationDetailsCreditedItems>
{
    public string Invoice { get; set; }
    public List<string> InvoiceLineItems { get; set; }
}

public class InvoiceLineItemTaxAmount : StripeEntity<InvoiceLineItemTaxAmount>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public bool Inclusive { get; set; }
    [JsonIgnore] public string TaxRateId { get => TaxRateField.Id; set => TaxRateField = TaxRateField.WithId(value); }
    [JsonIgnore] public TaxRate TaxRate { get => TaxRateField.Object; set => TaxRateField = Expandable<TaxRate>.Of(value); }
    [JsonInclude, JsonPropertyName("tax_rate")] internal Expandable<TaxRate> TaxRateField { get; set; }
    public string TaxabilityReason { get; set; }
    public long? TaxableAmount { get; set; }
}
