using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>A part of an application fee that went back to the connected account.</summary>
public class ApplicationFeeRefund : StripeEntity<ApplicationFeeRefund>, IHasId, IHasMetadata, IHasObject, IBalanceTransactionSource
{
    public string Id { get; set; }
    public string Object { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    [JsonIgnore] public string BalanceTransactionId { get => BalanceTransactionField.Id; set => BalanceTransactionField = BalanceTransactionField.WithId(value); }
    [JsonIgnore] public BalanceTransaction BalanceTransaction { get => BalanceTransactionField.Object; set => BalanceTransactionField = Expandable<BalanceTransaction>.Of(value); }
    [JsonInclude, JsonPropertyName("balance_transaction")] internal Expandable<BalanceTransaction> BalanceTransactionField { get; set; }
    public DateTime Created { get; set; }
    public string Currency { get; set; }
    [JsonIgnore] public string FeeId { get => FeeField.Id; set => FeeField = FeeField.WithId(value); }
    [JsonIgnore] public ApplicationFee Fee { get => FeeField.Object; set => FeeField = Expandable<ApplicationFee>.Of(value); }
    [JsonInclude, JsonPropertyName("fee")] internal Expandable<ApplicationFee> FeeField { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
}
