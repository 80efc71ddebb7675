using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>Money on its way from a balance at Stripe to a bank.</summary>
public class Payout : StripeEntity<Payout>, IHasId, IHasMetadata, IHasObject, IBalanceTransactionSource
{
    public string Id { get; set; }
    public string Object { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public DateTime ArrivalDate { get; set; }
    public bool Automatic { get; set; }
    [JsonIgnore] public string BalanceTransactionId { get => BalanceTransactionField.Id; set => BalanceTransactionField = BalanceTransactionField.WithId(value); }
    [JsonIgnore] public BalanceTransaction BalanceTransaction { get => BalanceTransactionField.Object; set => BalanceTransactionField = Expandable<BalanceTransaction>.Of(value); }
    [JsonInclude, JsonPropertyName("balance_transaction")] internal Expandable<BalanceTransaction> BalanceTransactionField { get; set; }
    public DateTime Created { get; set; }
    public string Currency { get; set; }
    public string Description { get; set; }
    [JsonIgnore] public string DestinationId { get => DestinationField.Id; set => DestinationField = DestinationField.WithId(value); }
    [JsonIgnore] public IExternalAccount Destination { get => DestinationField.Object; set => DestinationField = Expandable<IExternalAccount>.Of(value); }
    [JsonInclude, JsonPropertyName("destination")] internal Expandable<IExternalAccount> DestinationField { get; set; }
    [JsonIgnore] public string FailureBalanceTransactionId { get => FailureBalanceTransactionField.Id; set => FailureBalanceTransactionField = FailureBalanceTransactionField.WithId(value); }
    [JsonIgnore] public BalanceTransaction FailureBalanceTransaction { get => FailureBalanceTransactionField.Object; set => FailureBalanceTransactionField = Expandable<BalanceTransaction>.Of(value); }
    [JsonInclude, JsonPropertyName("failure_balance_transaction")] internal Expandable<BalanceTransaction> FailureBalanceTransactionField { get; set; }
    public string FailureCode { get; set; }
    public string FailureMessage { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Method { get; set; }
    [JsonIgnore] public string OriginalPayoutId { get => OriginalPayoutField.Id; set => OriginalPayoutField = OriginalPayoutField.WithId(value); }
    [JsonIgnore] public Payout OriginalPayout { get => OriginalPayoutField.Object; set => OriginalPayoutField = Expandable<Payout>.Of(value); }
    [JsonInclude, JsonPropertyName("original_payout")] internal Expandable<Payout> OriginalPayoutField { get; set; }
    public string ReconciliationStatus { get; set; }
    [JsonIgnore] public string ReversedById { get => ReversedByField.Id; set => ReversedByField = ReversedByField.WithId(value); }
    [JsonIgnore] public Payout ReversedBy { get => ReversedByField.Object; set => ReversedByField = Expandable<Payout>.Of(value); }
    [JsonInclude, JsonPropertyName("reversed_by")] internal Expandable<Payout> ReversedByField { get; set; }
    public string SourceType { get; set; }
    public string StatementDescriptor { get; set; }
    public string Status { get; set; }
    public string Type { get; set; }
}
