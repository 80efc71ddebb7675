using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>One movement of a balance, with what Stripe took for it.</summary>
public class BalanceTransaction : StripeEntity<BalanceTransaction>, IHasId, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public DateTime AvailableOn { get; set; }
    public DateTime Created { get; set; }
    public string Currency { get; set; }
    public string Description { get; set; }
    public decimal? ExchangeRate { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long Fee { get; set; }
    public List<BalanceTransactionFeeDetail> FeeDetails { get; set; }
    /// <summary>What is left of the amount after the fees, in the smallest unit of the currency.</summary>
    public long Net { get; set; }
    public string ReportingCategory { get; set; }
    [JsonIgnore] public string SourceId { get => SourceField.Id; set => SourceField = SourceField.WithId(value); }
    [JsonIgnore] public IBalanceTransactionSource Source { get => SourceField.Object; set => SourceField = Expandable<IBalanceTransactionSource>.Of(value); }
    [JsonInclude, JsonPropertyName("source")] internal Expandable<IBalanceTransactionSource> SourceField { get; set; }
    public string Status { get; set; }
    public string Type { get; set; }
}

public class BalanceTransactionFeeDetail : StripeEntity<BalanceTransactionFeeDetail>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public string Application { get; set; }
    public string Currency { get; set; }
    public string Description { get; set; }
    public string Type { get; set; }
}
