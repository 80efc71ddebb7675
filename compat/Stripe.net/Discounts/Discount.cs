using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>A coupon in use, by one customer or subscription.</summary>
public class Discount : StripeEntity<Discount>, IHasId, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public string CheckoutSession { get; set; }
    public Coupon Coupon { get; set; }
    [JsonIgnore] public string CustomerId { get => CustomerField.Id; set => CustomerField = CustomerField.WithId(value); }
    [JsonIgnore] public Customer Customer { get => CustomerField.Object; set => CustomerField = Expandable<Customer>.Of(value); }
    [JsonInclude, JsonPropertyName("customer")] internal Expandable<Customer> CustomerField { get; set; }
    public bool? Deleted { get; set; }
    public DateTime? End { get; set; }
    public string Invoice { get; set; }
    public string InvoiceItem { get; set; }
    [JsonIgnore] public string PromotionCodeId { get => PromotionCodeField.Id; set => PromotionCodeField = PromotionCodeField.WithId(value); }
    [JsonIgnore] public PromotionCode PromotionCode { get => PromotionCodeField.Object; set => PromotionCodeField = Expandable<PromotionCode>.Of(value); }
    [JsonInclude, JsonPropertyName("promotion_code")] internal Expandable<PromotionCode> PromotionCodeField { get; set; }
    public DateTime Start { get; set; }
    public string Subscription { get; set; }
}
