using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>What is sold.</summary>
public class Product : StripeEntity<Product>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public bool Active { get; set; }
    public DateTime Created { get; set; }
    [JsonIgnore] public string DefaultPriceId { get => DefaultPriceField.Id; set => DefaultPriceField = DefaultPriceField.WithId(value); }
    [JsonIgnore] public Price DefaultPrice { get => DefaultPriceField.Object; set => DefaultPriceField = Expandable<Price>.Of(value); }
    [JsonInclude, JsonPropertyName("default_price")] internal Expandable<Price> DefaultPriceField { get; set; }
    public bool? Deleted { get; set; }
    public string Description { get; set; }
    public List<ProductFeature> Features { get; set; }
    public List<string> Images { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Name { get; set; }
    public ProductPackageDimensions PackageDimensions { get; set; }
    public bool? Shippable { get; set; }
    public string StatementDescriptor { get; set; }
    [JsonIgnore] public string TaxCodeId { get => TaxCodeField.Id; set => TaxCodeField = TaxCodeField.WithId(value); }
    [JsonIgnore] public TaxCode TaxCode { get => TaxCodeField.Object; set => TaxCodeField = Expandable<TaxCode>.Of(value); }
    [JsonInclude, JsonPropertyName("tax_code")] internal Expandable<TaxCode> TaxCodeField { get; set; }
    public string UnitLabel { get; set; }
    public DateTime Updated { get; set; }
    public string Url { get; set; }
}

public class ProductFeature : StripeEntity<ProductFeature>
{
    public string Name { get; set; }
}

public class ProductPackageDimensions : StripeEntity<ProductPackageDimensions>
{
    public decimal Height { get; set; }
    public decimal Length { get; set; }
    public decimal Weight { get; set; }
    public decimal Width { get; set; }
}
