namespace Stripe;

public class ProductDefaultPriceDataCurrencyOptionsCustomUnitAmountOptions : INestedOptions
{
    public bool? Enabled { get; set; }
    public long? Maximum { get; set; }
    public long? Minimum { get; set; }
    public long? Preset { get; set; }
}

public class ProductDefaultPriceDataCurrencyOptionsOptions : INestedOptions
{
    public ProductDefaultPriceDataCurrencyOptionsCustomUnitAmountOptions CustomUnitAmount { get; set; }
    public string TaxBehavior { get; set; }
    public List<ProductDefaultPriceDataCurrencyOptionsTierOptions> Tiers { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? UnitAmount { get; set; }
    public decimal? UnitAmountDecimal { get; set; }
}

public class ProductDefaultPriceDataCurrencyOptionsTierOptions : INestedOptions
{
    public long? FlatAmount { get; set; }
    public decimal? FlatAmountDecimal { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? UnitAmount { get; set; }
    public decimal? UnitAmountDecimal { get; set; }
    public AnyOf<long?, PriceTierUpTo> UpTo { get; set; }
}

public class ProductDefaultPriceDataOptions : INestedOptions
{
    public string Currency { get; set; }
    public Dictionary<string, ProductDefaultPriceDataCurrencyOptionsOptions> CurrencyOptions { get; set; }
    public ProductDefaultPriceDataRecurringOptions Recurring { get; set; }
    public string TaxBehavior { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? UnitAmount { get; set; }
    public decimal? UnitAmountDecimal { get; set; }
}

public class ProductDefaultPriceDataRecurringOptions : INestedOptions
{
    public string Interval { get; set; }
    public long? IntervalCount { get; set; }
}

public class ProductFeatureOptions : INestedOptions
{
    public string Name { get; set; }
}

public class ProductPackageDimensionsOptions : INestedOptions
{
    public decimal? Height { get; set; }
    public decimal? Length { get; set; }
    public decimal? Weight { get; set; }
    public decimal? Width { get; set; }
}
