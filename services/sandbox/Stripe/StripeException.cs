using System.Text.Json.Nodes;

namespace Empire.Sandbox.Stripe;

/// <summary>A refusal in Stripe's words. Thrown, so that whatever was begun is undone, unless <see cref="Stands"/>.</summary>
public sealed class StripeException(int status, string type, string? code, string message, string? parameter = null) : Exception(message)
{
    public int Status { get; } = status;

    /// <summary>The error tells of something that happened, such as a declined charge: the change is kept.</summary>
    public bool Stands { get; init; }

    /// <summary>Why the bank declined, as "insufficient_funds".</summary>
    public string? DeclineCode { get; init; }

    public string? Charge { get; init; }
    public JsonObject? PaymentIntent { get; init; }
    public JsonObject? PaymentMethod { get; init; }

    public static StripeException Invalid(string message, string? parameter = null, string? code = null) => new(400, "invalid_request_error", code, message, parameter);

    public static StripeException Missing(string what, string id, string parameter = "id", int status = 404) =>
        new(status, "invalid_request_error", "resource_missing", $"No such {what}: '{id}'", parameter);

    /// <param name="live">The mode of the key.</param>
    public static StripeException OfOtherMode(string what, string id, string parameter, int status, bool live) => new(status, "invalid_request_error", "resource_missing",
        $"No such {what}: '{id}'; a similar object exists in {(live ? "test" : "live")} mode, but a {(live ? "live" : "test")} mode key was used to make this request.", parameter);

    public static StripeException Unauthorized(string message, string? code = null) => new(401, "invalid_request_error", code, message);

    /// <summary>The same error with the intent it left behind; the change stands.</summary>
    public StripeException Telling(JsonObject paymentIntent) => new(Status, type, code, Message, parameter)
    {
        Stands = true, DeclineCode = DeclineCode, Charge = Charge, PaymentMethod = PaymentMethod, PaymentIntent = paymentIntent,
    };

    /// <summary>The error object without what is not known of it, as Stripe leaves it out.</summary>
    public JsonObject ToJson()
    {
        var error = new JsonObject();
        if (Charge is not null) error["charge"] = Charge;
        if (code is not null) (error["code"], error["doc_url"]) = (code, $"https://stripe.com/docs/error-codes/{code.Replace('_', '-')}");
        if (DeclineCode is not null) error["decline_code"] = DeclineCode;
        error["message"] = Message;
        if (parameter is not null) error["param"] = parameter;
        if (PaymentIntent is not null) error["payment_intent"] = PaymentIntent.DeepClone();
        if (PaymentMethod is not null) error["payment_method"] = PaymentMethod.DeepClone();
        error["type"] = type;
        return error;
    }
}
