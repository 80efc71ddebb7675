using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>A payer's bank asks for the money of a charge back.</summary>
public class Dispute : StripeEntity<Dispute>, IHasId, IHasMetadata, IHasObject, IBalanceTransactionSource
{
    public string Id { get; set; }
    public string Object { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public List<BalanceTransaction> BalanceTransactions { get; set; }
    [JsonIgnore] public string ChargeId { get => ChargeField.Id; set => ChargeField = ChargeField.WithId(value); }
    [JsonIgnore] public Charge Charge { get => ChargeField.Object; set => ChargeField = Expandable<Charge>.Of(value); }
    [JsonInclude, JsonPropertyName("charge")] internal Expandable<Charge> ChargeField { get; set; }
    public DateTime Created { get; set; }
    public string Currency { get; set; }
    public DisputeEvidence Evidence { get; set; }
    public DisputeEvidenceDetails EvidenceDetails { get; set; }
    public bool IsChargeRefundable { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    [JsonIgnore] public string PaymentIntentId { get => PaymentIntentField.Id; set => PaymentIntentField = PaymentIntentField.WithId(value); }
    [JsonIgnore] public PaymentIntent PaymentIntent { get => PaymentIntentField.Object; set => PaymentIntentField = Expandable<PaymentIntent>.Of(value); }
    [JsonInclude, JsonPropertyName("payment_intent")] internal Expandable<PaymentIntent> PaymentIntentField { get; set; }
    public DisputePaymentMethodDetails PaymentMethodDetails { get; set; }
    public string Reason { get; set; }
    /// <summary><c>needs_response</c>, <c>under_review</c>, <c>won</c>, <c>lost</c>, <c>warning_needs_response</c>, <c>warning_under_review</c> or <c>warning_closed</c>.</summary>
    public string Status { get; set; }
}

public class DisputeEvidence : StripeEntity<DisputeEvidence>
{
    public string AccessActivityLog { get; set; }
    public string BillingAddress { get; set; }
    [JsonIgnore] public string CancellationPolicyId { get => CancellationPolicyField.Id; set => CancellationPolicyField = CancellationPolicyField.WithId(value); }
    [JsonIgnore] public File CancellationPolicy { get => CancellationPolicyField.Object; set => CancellationPolicyField = Expandable<File>.Of(value); }
    [JsonInclude, JsonPropertyName("cancellation_policy")] internal Expandable<File> CancellationPolicyField { get; set; }
    public string CancellationPolicyDisclosure { get; set; }
    public string CancellationRebuttal { get; set; }
    [JsonIgnore] public string CustomerCommunicationId { get => CustomerCommunicationField.Id; set => CustomerCommunicationField = CustomerCommunicationField.WithId(value); }
    [JsonIgnore] public File CustomerCommunication { get => CustomerCommunicationField.Object; set => CustomerCommunicationField = Expandable<File>.Of(value); }
    [JsonInclude, JsonPropertyName("customer_communication")] internal Expandable<File> CustomerCommunicationField { get; set; }
    public string CustomerEmailAddress { get; set; }
    public string CustomerName { get; set; }
    public string CustomerPurchaseIp { get; set; }
    [JsonIgnore] public string CustomerSignatureId { get => CustomerSignatureField.Id; set => CustomerSignatureField = CustomerSignatureField.WithId(value); }
    [JsonIgnore] public File CustomerSignature { get => CustomerSignatureField.Object; set => CustomerSignatureField = Expandable<File>.Of(value); }
    [JsonInclude, JsonPropertyName("customer_signature")] internal Expandable<File> CustomerSignatureField { get; set; }
    [JsonIgnore] public string DuplicateChargeDocumentationId { get => DuplicateChargeDocumentationField.Id; set => DuplicateChargeDocumentationField = DuplicateChargeDocumentationField.WithId(value); }
    [JsonIgnore] public File DuplicateChargeDocumentation { get => DuplicateChargeDocumentationField.Object; set => DuplicateChargeDocumentationField = Expandable<File>.Of(value); }
    [JsonInclude, JsonPropertyName("duplicate_charge_documentation")] internal Expandable<File> DuplicateChargeDocumentationField { get; set; }
    public string DuplicateChargeExplanation { get; set; }
    public string DuplicateChargeId { get; set; }
    public string ProductDescription { get; set; }
    [JsonIgnore] public string ReceiptId { get => ReceiptField.Id; set => ReceiptField = ReceiptField.WithId(value); }
    [JsonIgnore] public File Receipt { get => ReceiptField.Object; set => ReceiptField = Expandable<File>.Of(value); }
    [JsonInclude, JsonPropertyName("receipt")] internal Expandable<File> ReceiptField { get; set; }
    [JsonIgnore] public string RefundPolicyId { get => RefundPolicyField.Id; set => RefundPolicyField = RefundPolicyField.WithId(value); }
    [JsonIgnore] public File RefundPolicy { get => RefundPolicyField.Object; set => RefundPolicyField = Expandable<File>.Of(value); }
    [JsonInclude, JsonPropertyName("refund_policy")] internal Expandable<File> RefundPolicyField { get; set; }
    public string RefundPolicyDisclosure { get; set; }
    public string RefundRefusalExplanation { get; set; }
    public string ServiceDate { get; set; }
    [JsonIgnore] public string ServiceDocumentationId { get => ServiceDocumentationField.Id; set => ServiceDocumentationField = ServiceDocumentationField.WithId(value); }
    [JsonIgnore] public File ServiceDocumentation { get => ServiceDocumentationField.Object; set => ServiceDocumentationField = Expandable<File>.Of(value); }
    [JsonInclude, JsonPropertyName("service_documentation")] internal Expandable<File> ServiceDocumentationField { get; set; }
    public string ShippingAddress { get; set; }
    public string ShippingCarrier { get; set; }
    public string ShippingDate { get; set; }
    [JsonIgnore] public string ShippingDocumentationId { get => ShippingDocumentationField.Id; set => ShippingDocumentationField = ShippingDocumentationField.WithId(value); }
    [JsonIgnore] public File ShippingDocumentation { get => ShippingDocumentationField.Object; set => ShippingDocumentationField = Expandable<File>.Of(value); }
    [JsonInclude, JsonPropertyName("shipping_documentation")] internal Expandable<File> ShippingDocumentationField { get; set; }
    public string ShippingTrackingNumber { get; set; }
    [JsonIgnore] public string UncategorizedFileId { get => UncategorizedFileField.Id; set => UncategorizedFileField = UncategorizedFileField.WithId(value); }
    [JsonIgnore] public File UncategorizedFile { get => UncategorizedFileField.Object; set => UncategorizedFileField = Expandable<File>.Of(value); }
    [JsonInclude, JsonPropertyName("uncategorized_file")] internal Expandable<File> UncategorizedFileField { get; set; }
    public string UncategorizedText { get; set; }
}

public class DisputeEvidenceDetails : StripeEntity<DisputeEvidenceDetails>
{
    public DateTime? DueBy { get; set; }
    public bool HasEvidence { get; set; }
    public bool PastDue { get; set; }
    public long SubmissionCount { get; set; }
}

public class DisputePaymentMethodDetails : StripeEntity<DisputePaymentMethodDetails>
{
    public DisputePaymentMethodDetailsCard Card { get; set; }
    public string Type { get; set; }
}

public class DisputePaymentMethodDetailsCard : StripeEntity<DisputePaymentMethodDetailsCard>
{
    public string Brand { get; set; }
    public string NetworkReasonCode { get; set; }
}
