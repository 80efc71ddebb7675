using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>What the platform kept of a connected account's charge.</summary>
public class ApplicationFee : StripeEntity<ApplicationFee>, IHasId, IHasObject, IBalanceTransactionSource
{
    public string Id { get; set; }
    public string Object { get; set; }
    [JsonIgnore] public string AccountId { get => AccountField.Id; set => AccountField = AccountField.WithId(value); }
    [JsonIgnore] public Account Account { get => AccountField.Object; set => AccountField = Expandable<Account>.Of(value); }
    [JsonInclude, JsonPropertyName("account")] internal Expandable<Account> AccountField { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public long AmountRefunded { get; set; }
    [JsonIgnore] public string ApplicationId { get => ApplicationField.Id; set => ApplicationField = ApplicationField.WithId(value); }
    [JsonIgnore] public Application Application { get => ApplicationField.Object; set => ApplicationField = Expandable<Application>.Of(value); }
    [JsonInclude, JsonPropertyName("application")] internal Expandable<Application> ApplicationField { get; set; }
    [JsonIgnore] public string BalanceTransactionId { get => BalanceTransactionField.Id; set => BalanceTransactionField = BalanceTransactionField.WithId(value); }
    [JsonIgnore] public BalanceTransaction BalanceTransaction { get => BalanceTransactionField.Object; set => BalanceTransactionField = Expandable<BalanceTransaction>.Of(value); }
    [JsonInclude, JsonPropertyName("balance_transaction")] internal Expandable<BalanceTransaction> BalanceTransactionField { get; set; }
    [JsonIgnore] public string ChargeId { get => ChargeField.Id; set => ChargeField = ChargeField.WithId(value); }
    [JsonIgnore] public Charge Charge { get => ChargeField.Object; set => ChargeField = Expandable<Charge>.Of(value); }
    [JsonInclude, JsonPropertyName("charge")] internal Expandable<Charge> ChargeField { get; set; }
    public DateTime Created { get; set; }
    public string Currency { get; set; }
    public bool Livemode { get; set; }
    [JsonIgnore] public string OriginatingTransactionId { get => OriginatingTransactionField.Id; set => OriginatingTransactionField = OriginatingTransactionField.WithId(value); }
    [JsonIgnore] public Charge OriginatingTransaction { get => OriginatingTransactionField.Object; set => OriginatingTransactionField = Expandable<Charge>.Of(value); }
    [JsonInclude, JsonPropertyName("originating_transaction")] internal Expandable<Charge> OriginatingTransactionField { get; set; }
    public bool Refunded { get; set; }
    public StripeList<ApplicationFeeRefund> Refunds { get; set; }
}
