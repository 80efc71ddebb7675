using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

static class Customers
{
    public const string Type = "customer";
    const string Fields = "name:str email:str phone:str description:str metadata:map balance:int preferred_locales:[str] tax_exempt:none|exempt|reverse "
        + "address:{city:str country:str line1:str line2:str postal_code:str state:str} "
        + "shipping:{address!:{city:str country:str line1:str line2:str postal_code:str state:str} name!:str phone:str} invoice_settings:{default_payment_method:str}";

    static readonly string[] AddressFields = ["city", "country", "line1", "line2", "postal_code", "state"];

    public static void Map(StripeRoutes routes)
    {
        routes.Post("/customers", Parameters.Of($"{Fields} payment_method:str test_clock:str"), Create);
        routes.Get("/customers", Parameters.OfList("created:range email:str test_clock:str"), List);
        routes.Get("/customers/{id}", call => Shown(call.Get(Type, call.Id)));
        routes.Post("/customers/{id}", Parameters.Of(Fields), Update);
        routes.Delete("/customers/{id}", Delete);
    }

    /// <summary>All six lines of an address, null where they are not known.</summary>
    public static JsonObject Address(JsonObject given) => new(AddressFields.Select(f => KeyValuePair.Create(f, given[f]?.ToString() is { Length: > 0 } text ? (JsonNode)text : null)));

    static JsonNode Create(StripeCall call)
    {
        var customer = Add(call);
        var id = customer["id"]!.ToString();
        if (call.Text("test_clock") is { } clock) customer["test_clock"] = call.Get(TestClocks.Type, clock, "test_clock")["id"]!.ToString();
        if (call.Text("payment_method") is { } method) PaymentMethods.Attach(call, PaymentMethods.Resolve(call, method, "payment_method"), id);
        Alter(call, customer);
        call.Emit("customer.created", customer);
        return DocumentWork.Shown(customer);
    }

    /// <summary>A customer of whom no more than an address is known.</summary>
    public static JsonObject Make(StripeContext context, string email)
    {
        var customer = Add(context);
        customer["email"] = email;
        context.Emit("customer.created", customer);
        return customer;
    }

    /// <summary>A key knows the customers that were made in its mode. Of all else both modes know the same here.</summary>
    public static bool IsSeen(StripeContext context, JsonObject customer) => context.Live is not { } live || live == customer["livemode"]!.GetValue<bool>();

    static JsonObject Add(StripeContext context) => context.Add(Type, "cus", new()
    {
        ["address"] = null,
        ["balance"] = 0,
        ["created"] = context.Now,
        ["currency"] = null,
        ["default_source"] = null,
        ["delinquent"] = false,
        ["description"] = null,
        ["discount"] = null,
        ["email"] = null,
        ["invoice_prefix"] = StripeContext.NewId("x", 8)[2..].ToUpperInvariant(),
        ["invoice_settings"] = new JsonObject { ["custom_fields"] = null, ["default_payment_method"] = null, ["footer"] = null, ["rendering_options"] = null },
        ["livemode"] = context.Live == true,
        ["metadata"] = new JsonObject(),
        ["name"] = null,
        ["next_invoice_sequence"] = 1,
        ["phone"] = null,
        ["preferred_locales"] = new JsonArray(),
        ["shipping"] = null,
        ["tax_exempt"] = "none",
        ["test_clock"] = null,
    });

    static JsonNode Update(StripeCall call)
    {
        var customer = call.Get(Type, call.Id);
        if (customer["deleted"] is not null) throw StripeException.Missing(Type, call.Id);
        Alter(call, customer);
        call.Emit("customer.updated", customer);
        return DocumentWork.Shown(customer);
    }

    /// <summary>Gone for good: its id stays known, its cards are detached.</summary>
    static JsonNode Delete(StripeCall call)
    {
        var customer = call.Get(Type, call.Id);
        if (customer["deleted"] is not null) throw StripeException.Missing(Type, call.Id);
        foreach (var method in call.Work.All(PaymentMethods.Type).Where(m => m["customer"]?.ToString() == call.Id).Select(m => m["id"]!.ToString()).ToList())
        {
            var card = call.Get(PaymentMethods.Type, method);
            (card["customer"], card["_used"]) = (null, true);
        }
        foreach (var subscription in call.Work.All(Subscriptions.Type).Where(s => s["customer"]!.ToString() == call.Id && !Subscriptions.IsOver(s)).Select(s => s["id"]!.ToString()).ToList())
            Subscriptions.Cancel(TestClocks.At(call, customer), call.Get(Subscriptions.Type, subscription), "cancellation_requested");
        call.Emit("customer.deleted", customer);
        customer["deleted"] = true;
        return Shown(customer);
    }

    static JsonObject List(StripeCall call) =>
        StripeList.Page(call, call.Work.All(Type).Where(c => c["deleted"] is null && IsSeen(call, c) && TestClocks.IsListed(call, c) && (call.Text("email") is not { } email || c["email"]?.ToString() == email)));

    static void Alter(StripeCall call, JsonObject customer)
    {
        if (call.Text("email") is { } email && !email.Contains('@')) throw StripeException.Invalid($"Invalid email address: {email}", "email", "email_invalid");
        call.CopyTo(customer, "name", "email", "phone", "description", "balance", "preferred_locales", "tax_exempt");
        if (call.Has("address")) customer["address"] = call.Group("address") is { } address ? Address(address) : null;
        if (call.Has("shipping"))
            customer["shipping"] = call.Group("shipping") is { } shipping
                ? new JsonObject { ["address"] = Address(shipping["address"]!.AsObject()), ["name"] = shipping["name"]!.ToString(), ["phone"] = shipping["phone"]?.ToString() }
                : null;
        if (call.Group("invoice_settings")?["default_payment_method"]?.ToString() is { } wanted) customer["invoice_settings"]!["default_payment_method"] = OwnMethod(call, customer, wanted);
    }

    static string? OwnMethod(StripeCall call, JsonObject customer, string wanted)
    {
        if (wanted.Length == 0) return null;
        var method = call.Get(PaymentMethods.Type, wanted, "invoice_settings[default_payment_method]");
        if (method["customer"]?.ToString() != customer["id"]!.ToString())
            throw StripeException.Invalid($"The customer does not have a payment method with the ID {wanted}. The payment method must be attached to the customer.", "invoice_settings[default_payment_method]", "resource_missing");
        return wanted;
    }

    static JsonObject Shown(JsonObject customer) => customer["deleted"] is null
        ? DocumentWork.Shown(customer)
        : new() { ["id"] = customer["id"]!.ToString(), ["object"] = Type, ["deleted"] = true };
}
