using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>Cards, made of test tokens only: a number is never taken, so none can be kept or logged.</summary>
static class PaymentMethods
{
    public const string Type = "payment_method";
    const string Billing = "billing_details:{address:{city:str country:str line1:str line2:str postal_code:str state:str} email:str name:str phone:str}";

    public static void Map(StripeRoutes routes)
    {
        routes.Post("/payment_methods", Parameters.Of($"type:card card:{{token!:str}} metadata:map {Billing}"), Create);
        routes.Get("/payment_methods", Parameters.OfList("customer:str type:card"), call => List(call, call.Text("customer")));
        routes.Get("/customers/{id}/payment_methods", Parameters.OfList("type:card"), call => List(call, call.Get(Customers.Type, call.Id)["id"]!.ToString()));
        routes.Get("/payment_methods/{id}", call => DocumentWork.Shown(Resolve(call, call.Id)));
        routes.Post("/payment_methods/{id}", Parameters.Of($"metadata:map card:{{exp_month:int exp_year:int}} {Billing}"), Update);
        routes.Post("/payment_methods/{id}/attach", Parameters.Of("customer!:str"), call => DocumentWork.Shown(Attach(call, Resolve(call, call.Id), call.Text("customer") ?? "")));
        routes.Post("/payment_methods/{id}/detach", Parameters.Of(""), Detach);
    }

    public static TestCard CardOf(JsonObject method) => TestCards.Find("pm_card_" + method["_card"])!;

    /// <returns>The payment method of the id; a new one when the id is a test token as "pm_card_visa".</returns>
    /// <exception cref="StripeException">resource_missing</exception>
    public static JsonObject Resolve(StripeContext context, string id, string parameter = "id") =>
        TestCards.Find(id) is { } card && id.StartsWith("pm_", StringComparison.Ordinal) ? Make(context, card) : context.Get(Type, id, parameter);

    /// <exception cref="StripeException">402 when the bank declines the card, which is not attached then.</exception>
    public static JsonObject Attach(StripeContext context, JsonObject method, string customer)
    {
        context.Get(Customers.Type, customer, "customer");
        if (method["customer"]?.ToString() is { } owner)
        {
            if (owner == customer) return method;
            throw StripeException.Invalid("The payment method you provided has already been attached to a customer.", null, "payment_method_unexpected_state");
        }
        if (method["_used"] is not null)
            throw StripeException.Invalid("This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.", null, "payment_method_unexpected_state");
        var card = CardOf(method);
        if (!card.Attaches) throw new StripeException(402, "card_error", card.Code, TestCards.Message(card)) { DeclineCode = card.DeclineCode };
        method["customer"] = customer;
        context.Emit("payment_method.attached", method);
        return method;
    }

    static JsonNode Create(StripeCall call)
    {
        if (call.Text("type") is null) throw StripeException.Invalid("Missing required param: type.", "type", "parameter_missing");
        var token = call.Group("card")?["token"]?.ToString() ?? throw StripeException.Invalid("Missing required param: card.", "card", "parameter_missing");
        var method = Make(call, TestCards.Find(token) ?? throw StripeException.Missing("token", token, "card[token]", 400));
        Alter(call, method);
        return DocumentWork.Shown(method);
    }

    static JsonNode Update(StripeCall call)
    {
        var method = call.Get(Type, call.Id);
        if (method["customer"] is null)
            throw StripeException.Invalid("You must save this PaymentMethod to a customer before you can update it.", null, "payment_method_unexpected_state");
        Alter(call, method);
        if (call.Group("card") is { } card)
            foreach (var (name, value) in card) method["card"]![name] = value!.DeepClone();
        call.Emit("payment_method.updated", method);
        return DocumentWork.Shown(method);
    }

    static JsonNode Detach(StripeCall call)
    {
        var method = call.Get(Type, call.Id);
        if (method["customer"] is not { } customer)
            throw StripeException.Invalid("The payment method you provided is not attached to a customer so detachment is impossible.", null, "payment_method_unexpected_state");
        if (call.Work.Find(Customers.Type, customer.ToString()) is { } owner && owner["invoice_settings"]?["default_payment_method"]?.ToString() == call.Id)
            owner["invoice_settings"]!["default_payment_method"] = null;
        method["customer"] = null;
        method["_used"] = true;
        call.Emit("payment_method.detached", method);
        return DocumentWork.Shown(method);
    }

    static JsonObject List(StripeCall call, string? customer)
    {
        if (customer is not null) call.Get(Customers.Type, customer, "customer");
        return StripeList.Page(call, call.Work.All(Type).Where(m => m["customer"]?.ToString() is { } owner && (customer is null || owner == customer)));
    }

    static void Alter(StripeCall call, JsonObject method)
    {
        foreach (var (name, value) in call.Group("billing_details") ?? []) method["billing_details"]![name] = value is JsonObject part ? Customers.Address(part) : value!.DeepClone();
        call.CopyTo(method);
    }

    static JsonObject Make(StripeContext context, TestCard card) => context.Add(Type, "pm", new()
    {
        ["billing_details"] = new JsonObject { ["address"] = Customers.Address([]), ["email"] = null, ["name"] = null, ["phone"] = null },
        ["card"] = new JsonObject
        {
            ["brand"] = card.Brand,
            ["checks"] = new JsonObject { ["address_line1_check"] = null, ["address_postal_code_check"] = null, ["cvc_check"] = "pass" },
            ["country"] = "US",
            ["exp_month"] = 12,
            ["exp_year"] = context.Time.Year + 3,
            ["fingerprint"] = Fingerprint(card),
            ["funding"] = card.Funding,
            ["generated_from"] = null,
            ["last4"] = card.Last4,
            ["networks"] = new JsonObject { ["available"] = new JsonArray(card.Brand), ["preferred"] = null },
            ["three_d_secure_usage"] = new JsonObject { ["supported"] = true },
            ["wallet"] = null,
        },
        ["created"] = context.Now,
        ["customer"] = null,
        ["livemode"] = false,
        ["metadata"] = new JsonObject(),
        ["type"] = "card",
        ["_card"] = card.Token,
    });

    /// <summary>The same card has the same one, whichever token it came by.</summary>
    static string Fingerprint(TestCard card) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(card.Token)))[..16];
}
