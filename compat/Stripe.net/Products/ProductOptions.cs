namespace Stripe;

/// <summary>Parameters of <c>POST /v1/products</c>.</summary>
public class ProductCreateOptions : BaseOptions, IHasId, IHasMetadata
{
    public bool? Active { get; set; }
    public ProductDefaultPriceDataOptions DefaultPriceData { get; set; }
    public string Description { get; set; }
    public List<ProductFeatureOptions> Features { get; set; }
    public string Id { get; set; }
    public List<string> Images { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Name { get; set; }
    public ProductPackageDimensionsOptions PackageDimensions { get; set; }
    public bool? Shippable { get; set; }
    public string StatementDescriptor { get; set; }
    public string TaxCode { get; set; }
    public string UnitLabel { get; set; }
    public string Url { get; set; }
}

/// <summary>Parameters of <c>DELETE /v1/products/{id}</c>.</summary>
public class ProductDeleteOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/products/{id}</c>.</summary>
public class ProductGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/products</c>.</summary>
public class ProductListOptions : ListOptionsWithCreated
{
    public bool? Active { get; set; }
    public List<string> Ids { get; set; }
    public bool? Shippable { get; set; }
    public string Url { get; set; }
}

/// <summary>Parameters of <c>GET /v1/products/search</c>.</summary>
public class ProductSearchOptions : SearchOptions;

/// <summary>Parameters of <c>POST /v1/products/{id}</c>.</summary>
public class ProductUpdateOptions : BaseOptions, IHasMetadata
{
    public bool? Active { get; set; }
    public string DefaultPrice { get; set; }
    public string Description { get; set; }
    public List<ProductFeatureOptions> Features { get; set; }
    public List<string> Images { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Name { get; set; }
    public ProductPackageDimensionsOptions PackageDimensions { get; set; }
    public bool? Shippable { get; set; }
    public string StatementDescriptor { get; set; }
    public string TaxCode { get; set; }
    public string UnitLabel { get; set; }
    public string Url { get; set; }
}
