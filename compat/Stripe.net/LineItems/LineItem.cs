namespace Stripe;

/// <summary>What is bought in a checkout session or by a payment link.</summary>
public class LineItem : StripeEntity<LineItem>, IHasId, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public long AmountDiscount { get; set; }
    public long AmountSubtotal { get; set; }
    public long AmountTax { get; set; }
    public long AmountTotal { get; set; }
    public string Currency { get; set; }
    public string Description { get; set; }
    public List<LineItemDiscount> Discounts { get; set; }
    public Price Price { get; set; }
    public long? Quantity { get; set; }
    public List<LineItemTax> Taxes { get; set; }
}

public class LineItemDiscount : StripeEntity<LineItemDiscount>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public Discount Discount { get; set; }
}

public class LineItemTax : StripeEntity<LineItemTax>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public TaxRate Rate { get; set; }
    public string TaxabilityReason { get; set; }
    public long? TaxableAmount { get; set; }
}
