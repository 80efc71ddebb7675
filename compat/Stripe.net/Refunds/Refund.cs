using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>Money that goes back to a payer.</summary>
public class Refund : StripeEntity<Refund>, IHasId, IHasMetadata, IHasObject, IBalanceTransactionSource
{
    public string Id { get; set; }
    public string Object { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    [JsonIgnore] public string BalanceTransactionId { get => BalanceTransactionField.Id; set => BalanceTransactionField = BalanceTransactionField.WithId(value); }
    [JsonIgnore] public BalanceTransaction BalanceTransaction { get => BalanceTransactionField.Object; set => BalanceTransactionField = Expandable<BalanceTransaction>.Of(value); }
    [JsonInclude, JsonPropertyName("balance_transaction")] internal Expandable<BalanceTransaction> BalanceTransactionField { get; set; }
    [JsonIgnore] public string ChargeId { get => ChargeField.Id; set => ChargeField = ChargeField.WithId(value); }
    [JsonIgnore] public Charge Charge { get => ChargeField.Object; set => ChargeField = Expandable<Charge>.Of(value); }
    [JsonInclude, JsonPropertyName("charge")] internal Expandable<Charge> ChargeField { get; set; }
    public DateTime Created { get; set; }
    public string Currency { get; set; }
    public string Description { get; set; }
    [JsonIgnore] public string FailureBalanceTransactionId { get => FailureBalanceTransactionField.Id; set => FailureBalanceTransactionField = FailureBalanceTransactionField.WithId(value); }
    [JsonIgnore] public BalanceTransaction FailureBalanceTransaction { get => FailureBalanceTransactionField.Object; set => FailureBalanceTransactionField = Expandable<BalanceTransaction>.Of(value); }
    [JsonInclude, JsonPropertyName("failure_balance_transaction")] internal Expandable<BalanceTransaction> FailureBalanceTransactionField { get; set; }
    public string FailureReason { get; set; }
    public string InstructionsEmail { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public RefundNextAction NextAction { get; set; }
    [JsonIgnore] public string PaymentIntentId { get => PaymentIntentField.Id; set => PaymentIntentField = PaymentIntentField.WithId(value); }
    [JsonIgnore] public PaymentIntent PaymentIntent { get => PaymentIntentField.Object; set => PaymentIntentField = Expandable<PaymentIntent>.Of(value); }
    [JsonInclude, JsonPropertyName("payment_intent")] internal Expandable<PaymentIntent> PaymentIntentField { get; set; }
    public string Reason { get; set; }
    public string ReceiptNumber { get; set; }
    [JsonIgnore] public string SourceTransferReversalId { get => SourceTransferReversalField.Id; set => SourceTransferReversalField = SourceTransferReversalField.WithId(value); }
    [JsonIgnore] public TransferReversal SourceTransferReversal { get => SourceTransferReversalField.Object; set => SourceTransferReversalField = Expandable<TransferReversal>.Of(value); }
    [JsonInclude, JsonPropertyName("source_transfer_reversal")] internal Expandable<TransferReversal> SourceTransferReversalField { get; set; }
    public string Status { get; set; }
    [JsonIgnore] public string TransferReversalId { get => TransferReversalField.Id; set => TransferReversalField = TransferReversalField.WithId(value); }
    [JsonIgnore] public TransferReversal TransferReversal { get => TransferReversalField.Object; set => TransferReversalField = Expandable<TransferReversal>.Of(value); }
    [JsonInclude, JsonPropertyName("transfer_reversal")] internal Expandable<TransferReversal> TransferReversalField { get; set; }
}

public class RefundNextAction : StripeEntity<RefundNextAction>
{
    public RefundNextActionDisplayDetails DisplayDetails { get; set; }
    public string Type { get; set; }
}

public class RefundNextActionDisplayDetails : StripeEntity<RefundNextActionDisplayDetails>
{
    public RefundNextActionDisplayDetailsEmailSent EmailSent { get; set; }
    public DateTime ExpiresAt { get; set; }
}

public class RefundNextActionDisplayDetailsEmailSent : StripeEntity<RefundNextActionDisplayDetailsEmailSent>
{
    public DateTime EmailSentAt { get; set; }
    public string EmailSentTo { get; set; }
}
