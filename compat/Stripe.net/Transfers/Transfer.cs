using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>Money from the platform's balance to a connected account.</summary>
public class Transfer : StripeEntity<Transfer>, IHasId, IHasMetadata, IHasObject, IBalanceTransactionSource
{
    public string Id { get; set; }
    public string Object { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public long AmountReversed { get; set; }
    [JsonIgnore] public string BalanceTransactionId { get => BalanceTransactionField.Id; set => BalanceTransactionField = BalanceTransactionField.WithId(value); }
    [JsonIgnore] public BalanceTransaction BalanceTransaction { get => BalanceTransactionField.Object; set => BalanceTransactionField = Expandable<BalanceTransaction>.Of(value); }
    [JsonInclude, JsonPropertyName("balance_transaction")] internal Expandable<BalanceTransaction> BalanceTransactionField { get; set; }
    public DateTime Created { get; set; }
    public string Currency { get; set; }
    public string Description { get; set; }
    [JsonIgnore] public string DestinationId { get => DestinationField.Id; set => DestinationField = DestinationField.WithId(value); }
    [JsonIgnore] public Account Destination { get => DestinationField.Object; set => DestinationField = Expandable<Account>.Of(value); }
    [JsonInclude, JsonPropertyName("destination")] internal Expandable<Account> DestinationField { get; set; }
    [JsonIgnore] public string DestinationPaymentId { get => DestinationPaymentField.Id; set => DestinationPaymentField = DestinationPaymentField.WithId(value); }
    [JsonIgnore] public Charge DestinationPayment { get => DestinationPaymentField.Object; set => DestinationPaymentField = Expandable<Charge>.Of(value); }
    [JsonInclude, JsonPropertyName("destination_payment")] internal Expandable<Charge> DestinationPaymentField { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public StripeList<TransferReversal> Reversals { get; set; }
    public bool Reversed { get; set; }
    [JsonIgnore] public string SourceTransactionId { get => SourceTransactionField.Id; set => SourceTransactionField = SourceTransactionField.WithId(value); }
    [JsonIgnore] public Charge SourceTransaction { get => SourceTransactionField.Object; set => SourceTransactionField = Expandable<Charge>.Of(value); }
    [JsonInclude, JsonPropertyName("source_transaction")] internal Expandable<Charge> SourceTransactionField { get; set; }
    public string SourceType { get; set; }
    public string TransferGroup { get; set; }
}
