namespace Stripe;

/// <summary>Why Stripe refused.</summary>
public class StripeError : StripeEntity<StripeError>
{
    /// <summary><c>api_error</c>, <c>card_error</c>, <c>idempotency_error</c> or <c>invalid_request_error</c>.</summary>
    public string Type { get; set; }
    /// <summary>For machines: <c>card_declined</c>, <c>resource_missing</c>; null for some.</summary>
    public string Code { get; set; }
    /// <summary>The issuer's reason: <c>insufficient_funds</c>.</summary>
    public string DeclineCode { get; set; }
    /// <summary>For people; of a card error it may be shown to the payer.</summary>
    public string Message { get; set; }
    /// <summary>The parameter at fault, as it was sent: <c>items[0][price]</c>.</summary>
    public string Param { get; set; }
    /// <summary>The id of the charge that failed.</summary>
    public string Charge { get; set; }
    public string DocUrl { get; set; }
    public string RequestLogUrl { get; set; }
    public PaymentIntent PaymentIntent { get; set; }
    public PaymentMethod PaymentMethod { get; set; }
    public string PaymentMethodType { get; set; }
    public SetupIntent SetupIntent { get; set; }
    public IPaymentSource Source { get; set; }
    /// <summary>Of OAuth only: <c>invalid_grant</c>.</summary>
    public string Error { get; set; }
    /// <inheritdoc cref="Error"/>
    public string ErrorDescription { get; set; }
}
