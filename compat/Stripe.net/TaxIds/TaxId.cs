using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>A tax number of a customer.</summary>
public class TaxId : StripeEntity<TaxId>, IHasId, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public string Country { get; set; }
    public DateTime Created { get; set; }
    [JsonIgnore] public string CustomerId { get => CustomerField.Id; set => CustomerField = CustomerField.WithId(value); }
    [JsonIgnore] public Customer Customer { get => CustomerField.Object; set => CustomerField = Expandable<Customer>.Of(value); }
    [JsonInclude, JsonPropertyName("customer")] internal Expandable<Customer> CustomerField { get; set; }
    public bool? Deleted { get; set; }
    public bool Livemode { get; set; }
    public string Type { get; set; }
    public string Value { get; set; }
    public TaxIdVerification Verification { get; set; }
}

public class TaxIdVerification : StripeEntity<TaxIdVerification>
{
    public string Status { get; set; }
    public string VerifiedAddress { get; set; }
    public string VerifiedName { get; set; }
}
