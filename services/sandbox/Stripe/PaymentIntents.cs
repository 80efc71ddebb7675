using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>The wish to be paid, and how far it has come. <see cref="Confirmation"/> does the paying.</summary>
static class PaymentIntents
{
    public const string Type = "payment_intent";
    const string Shipping = "shipping:{address!:{city:str country:str line1:str line2:str postal_code:str state:str} name!:str phone:str carrier:str tracking_number:str}";
    const string Common = $"customer:str description:str metadata:map payment_method:str payment_method_types:[card] receipt_email:str setup_future_usage:off_session|on_session "
        + $"statement_descriptor:str statement_descriptor_suffix:str transfer_group:str capture_method:automatic|automatic_async|manual {Shipping}";
    const string Confirming = "off_session:bool return_url:str error_on_requires_action:bool use_stripe_sdk:bool";

    public static void Map(StripeRoutes routes)
    {
        routes.Post("/payment_intents", Parameters.Of($"amount!:int currency!:str confirm:bool confirmation_method:automatic|manual "
            + $"application_fee_amount:int transfer_data:{{destination!:str amount:int}} on_behalf_of:str automatic_payment_methods:{{enabled!:bool allow_redirects:always|never}} {Common} {Confirming}"), Create);
        routes.Get("/payment_intents", Parameters.OfList("created:range customer:str"), List);
        routes.Get("/payment_intents/{id}", Parameters.Of("client_secret:str"), call => DocumentWork.Shown(call.Get(Type, call.Id)));
        routes.Post("/payment_intents/{id}", Parameters.Of($"amount:int currency:str {Common}"), Update);
        routes.Post("/payment_intents/{id}/confirm", Parameters.Of($"payment_method:str receipt_email:str setup_future_usage:off_session|on_session client_secret:str {Confirming}"), Confirm);
        routes.Post("/payment_intents/{id}/capture", Parameters.Of("amount_to_capture:int metadata:map"), Capture);
        routes.Post("/payment_intents/{id}/cancel", Parameters.Of("cancellation_reason:abandoned|duplicate|fraudulent|requested_by_customer"), Cancel);
    }

    /// <summary>A new intent as it is before anything about it is known.</summary>
    public static JsonObject Make(StripeContext context, long amount, string currency)
    {
        var intent = context.Add(Type, "pi", new()
        {
            ["amount"] = StripeCurrency.RequireChargeable(amount, currency),
            ["amount_capturable"] = 0,
            ["amount_details"] = new JsonObject { ["tip"] = new JsonObject() },
            ["amount_received"] = 0,
            ["application"] = null,
            ["application_fee_amount"] = null,
            ["automatic_payment_methods"] = null,
            ["canceled_at"] = null,
            ["cancellation_reason"] = null,
            ["capture_method"] = "automatic",
            ["confirmation_method"] = "automatic",
            ["created"] = context.Now,
            ["currency"] = currency,
            ["customer"] = null,
            ["description"] = null,
            ["invoice"] = null,
            ["last_payment_error"] = null,
            ["latest_charge"] = null,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["next_action"] = null,
            ["on_behalf_of"] = null,
            ["payment_method"] = null,
            ["payment_method_options"] = new JsonObject { ["card"] = new JsonObject { ["installments"] = null, ["mandate_options"] = null, ["network"] = null, ["request_three_d_secure"] = "automatic" } },
            ["payment_method_types"] = new JsonArray("card"),
            ["processing"] = null,
            ["receipt_email"] = null,
            ["review"] = null,
            ["setup_future_usage"] = null,
            ["shipping"] = null,
            ["statement_descriptor"] = null,
            ["statement_descriptor_suffix"] = null,
            ["status"] = "requires_payment_method",
            ["transfer_data"] = null,
            ["transfer_group"] = null,
        });
        intent["client_secret"] = StripeContext.NewId($"{intent["id"]}_secret");
        return intent;
    }

    /// <summary>The error shows the intent as it is.</summary>
    public static StripeException Unexpected(JsonObject intent, string verb) => new(
        400, "invalid_request_error", "payment_intent_unexpected_state", $"You cannot {verb} this PaymentIntent because it has a status of {intent["status"]}.")
    { PaymentIntent = DocumentWork.Shown(intent) };

    static JsonNode Create(StripeCall call)
    {
        var currency = StripeCurrency.Require(call.Text("currency") ?? "");
        var intent = Make(call, call.Number("amount")!.Value, currency);
        call.CopyTo(intent, "confirmation_method");
        Alter(call, intent);
        Connect(call, intent);
        var automatic = call.Group("automatic_payment_methods");
        if (automatic is not null && call.Has("payment_method_types"))
            throw StripeException.Invalid("You may only specify one of these parameters: automatic_payment_methods, payment_method_types.", "payment_method_types");
        // since 2023-08-16 they are on unless payment_method_types says otherwise
        if (!call.Has("payment_method_types") && automatic?["enabled"]?.GetValue<bool>() != false)
            intent["automatic_payment_methods"] = new JsonObject { ["allow_redirects"] = automatic?["allow_redirects"]?.ToString() ?? "always", ["enabled"] = true };
        call.Emit("payment_intent.created", intent);
        if (call.Flag("confirm") == true) Pay(call, intent);
        else if (new[] { "off_session", "return_url", "error_on_requires_action", "use_stripe_sdk" }.FirstOrDefault(call.Has) is { } early && early != "use_stripe_sdk")
            throw StripeException.Invalid($"The parameter {early} can only be used when confirming: pass confirm=true.", early);
        return DocumentWork.Shown(intent);
    }

    /// <summary>Money that is taken for a connected account.</summary>
    static void Connect(StripeCall call, JsonObject intent)
    {
        var fee = call.Number("application_fee_amount");
        var passing = call.Group("transfer_data");
        if (passing is null && fee is not null) throw StripeException.Invalid("Can only apply an application_fee_amount when the PaymentIntent is attempting a destination payment: transfer_data[destination].", "application_fee_amount");
        if (passing is null) return;
        Accounts.RequireReceiver(call, passing["destination"]!.ToString(), "transfer_data[destination]");
        var part = passing["amount"]?.Whole();
        if (part is not null && fee is not null) throw StripeException.Invalid("You may only specify one of these parameters: application_fee_amount, transfer_data[amount].", "application_fee_amount");
        if (part is < 1 || part > intent["amount"]!.Whole()) throw StripeException.Invalid("The transfer amount must be between 1 and the amount.", "transfer_data[amount]", "parameter_invalid_integer");
        if (fee is < 0 || fee > intent["amount"]!.Whole()) throw StripeException.Invalid("The application fee must be between 0 and the amount.", "application_fee_amount", "parameter_invalid_integer");
        if (call.Text("on_behalf_of") is { } merchant) Accounts.RequireReceiver(call, merchant, "on_behalf_of");
        call.CopyTo(intent, "application_fee_amount", "transfer_data", "on_behalf_of");
    }

    static JsonNode Update(StripeCall call)
    {
        var intent = call.Get(Type, call.Id);
        if (intent["status"]!.ToString() is "succeeded" or "canceled" or "processing" or "requires_capture" && (call.Has("amount") || call.Has("currency") || call.Has("payment_method"))) throw Unexpected(intent, "update");
        if (call.Text("currency") is { } currency) intent["currency"] = StripeCurrency.Require(currency);
        if (call.Number("amount") is { } amount) intent["amount"] = StripeCurrency.RequireChargeable(amount, intent["currency"]!.ToString());
        Alter(call, intent);
        return DocumentWork.Shown(intent);
    }

    static JsonNode Confirm(StripeCall call)
    {
        var intent = call.Get(Type, call.Id);
        if (call.Text("client_secret") is { } secret && secret != intent["client_secret"]!.ToString())
            throw StripeException.Invalid("The client_secret provided does not match the client_secret associated with the PaymentIntent.", "client_secret", "payment_intent_invalid_parameter");
        if (intent["status"]!.ToString() is not ("requires_payment_method" or "requires_confirmation" or "requires_action")) throw Unexpected(intent, "confirm");
        Alter(call, intent);
        Pay(call, intent);
        return DocumentWork.Shown(intent);
    }

    static void Pay(StripeCall call, JsonObject intent)
    {
        if (intent["payment_method"] is null)
            throw StripeException.Invalid("You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method.", null, "payment_intent_unexpected_state");
        if (intent["automatic_payment_methods"]?["allow_redirects"]?.ToString() == "always" && call.Text("return_url") is null && call.Flag("off_session") != true && call.Flag("use_stripe_sdk") != true)
            throw StripeException.Invalid("This PaymentIntent accepts payment methods that may redirect, so you must provide a `return_url`. If you don't want to accept them, set `automatic_payment_methods[enabled]` to true "
                + "and `automatic_payment_methods[allow_redirects]` to never, or name `payment_method_types`.", "return_url");
        if (call.Text("return_url") is { } back && !Uri.TryCreate(back, UriKind.Absolute, out _)) throw StripeException.Invalid("Not a valid URL", "return_url", "url_invalid");
        if (Confirmation.Try(call, intent, call.Flag("off_session") == true, call.Flag("error_on_requires_action") == true, call.Text("return_url")) is { } declined) throw declined;
    }

    static JsonNode Capture(StripeCall call)
    {
        var intent = call.Get(Type, call.Id);
        if (intent["status"]!.ToString() != "requires_capture") throw Unexpected(intent, "capture");
        var capturable = intent["amount_capturable"]!.Whole();
        var amount = call.Number("amount_to_capture") ?? capturable;
        if (amount < 1) throw StripeException.Invalid("This value must be greater than or equal to 1.", "amount_to_capture", "parameter_invalid_integer");
        if (amount > capturable) throw StripeException.Invalid($"The amount to capture is greater than the {capturable} that can be captured.", "amount_to_capture", "amount_too_large");
        call.CopyTo(intent);
        Confirmation.Capture(call, intent, amount);
        return DocumentWork.Shown(intent);
    }

    static JsonNode Cancel(StripeCall call)
    {
        var intent = call.Get(Type, call.Id);
        if (intent["status"]!.ToString() is "succeeded" or "canceled" or "processing") throw Unexpected(intent, "cancel");
        Cancel(call, intent, call.Text("cancellation_reason"));
        return DocumentWork.Shown(intent);
    }

    /// <summary>No money will move for it any more; what a capture would have taken is let go.</summary>
    public static void Cancel(StripeContext context, JsonObject intent, string? reason)
    {
        if (intent["status"]!.ToString() == "requires_capture" && context.Work.Find(Charges.Type, intent["latest_charge"]?.ToString()) is { } held)
        {
            (held["refunded"], held["amount_refunded"]) = (true, held["amount"]!.DeepClone());
            context.Emit("charge.refunded", held);
        }
        intent["status"] = "canceled";
        intent["canceled_at"] = context.Now;
        intent["cancellation_reason"] = reason;
        (intent["amount_capturable"], intent["next_action"]) = (0, null);
        context.Emit("payment_intent.canceled", intent);
    }

    static JsonObject List(StripeCall call) => StripeList.Page(call, call.Work.All(Type).Where(i => call.Text("customer") is not { } customer || i["customer"]?.ToString() == customer));

    static void Alter(StripeCall call, JsonObject intent)
    {
        if (call.Text("customer") is { } customer) call.Get(Customers.Type, customer, "customer");
        call.CopyTo(intent, "customer", "description", "receipt_email", "setup_future_usage", "statement_descriptor", "statement_descriptor_suffix", "transfer_group", "capture_method", "shipping", "payment_method_types");
        if (call.Text("payment_method") is not { } wanted) return;
        var method = PaymentMethods.Resolve(call, wanted, "payment_method");
        if (method["customer"]?.ToString() is { } owner && owner != intent["customer"]?.ToString())
            throw StripeException.Invalid($"The provided PaymentMethod cannot be used: it belongs to another Customer. Please include that Customer in the `customer` parameter on the PaymentIntent.", "payment_method", "payment_intent_invalid_parameter");
        if (method["_used"] is not null && method["customer"] is null)
            throw StripeException.Invalid("The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, or was detached from a Customer, and may not be used again.", "payment_method", "payment_intent_invalid_parameter");
        intent["payment_method"] = method["id"]!.ToString();
        if (intent["status"]!.ToString() == "requires_payment_method") intent["status"] = "requires_confirmation";
    }
}
