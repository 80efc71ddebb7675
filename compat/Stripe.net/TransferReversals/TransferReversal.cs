using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>Money of a transfer that comes back.</summary>
public class TransferReversal : StripeEntity<TransferReversal>, IHasId, IHasMetadata, IHasObject, IBalanceTransactionSource
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
    [JsonIgnore] public string DestinationPaymentRefundId { get => DestinationPaymentRefundField.Id; set => DestinationPaymentRefundField = DestinationPaymentRefundField.WithId(value); }
    [JsonIgnore] public Refund DestinationPaymentRefund { get => DestinationPaymentRefundField.Object; set => DestinationPaymentRefundField = Expandable<Refund>.Of(value); }
    [JsonInclude, JsonPropertyName("destination_payment_refund")] internal Expandable<Refund> DestinationPaymentRefundField { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    [JsonIgnore] public string SourceRefundId { get => SourceRefundField.Id; set => SourceRefundField = SourceRefundField.WithId(value); }
    [JsonIgnore] public Refund SourceRefund { get => SourceRefundField.Object; set => SourceRefundField = Expandable<Refund>.Of(value); }
    [JsonInclude, JsonPropertyName("source_refund")] internal Expandable<Refund> SourceRefundField { get; set; }
    [JsonIgnore] public string TransferId { get => TransferField.Id; set => TransferField = TransferField.WithId(value); }
    [JsonIgnore] public Transfer Transfer { get => TransferField.Object; set => TransferField = Expandable<Transfer>.Of(value); }
    [JsonInclude, JsonPropertyName("transfer")] internal Expandable<Transfer> TransferField { get; set; }
}
