using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>What a customer has with the account, or owes it: below zero is credit. Each movement stands for itself; an invoice takes what there is.</summary>
static class CustomerBalance
{
    public const string Type = "customer_balance_transaction";

    public static void Map(StripeRoutes routes)
    {
        routes.Post("/customers/{id}/balance_transactions", Parameters.Of("amount!:int currency!:str description:str metadata:map"), Create);
        routes.Get("/customers/{id}/balance_transactions", Parameters.OfList(), List);
    }

    /// <summary>An invoice leaves the customer with another balance than it found.</summary>
    public static void Follow(StripeContext context, JsonObject customer, JsonObject invoice, string type, long amount)
    {
        if (amount != 0) Move(context, customer, amount, invoice["currency"]!.ToString(), type, invoice["id"]!.ToString());
    }

    static JsonObject Move(StripeContext context, JsonObject customer, long amount, string currency, string type, string? invoice)
    {
        var balance = customer["balance"]!.Whole() + amount;
        (customer["balance"], customer["currency"]) = (balance, currency);
        return context.Add(Type, "cbtxn", new()
        {
            ["amount"] = amount,
            ["created"] = context.Now,
            ["credit_note"] = null,
            ["currency"] = currency,
            ["customer"] = customer["id"]!.ToString(),
            ["description"] = null,
            ["ending_balance"] = balance,
            ["invoice"] = invoice,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["type"] = type,
        });
    }

    static JsonNode Create(StripeCall call)
    {
        var customer = call.Get(Customers.Type, call.Id, "customer");
        if (call.Number("amount") is null or 0) throw StripeException.Invalid("The amount must not be zero.", "amount", "parameter_invalid_integer");
        var currency = StripeCurrency.Require(call.Text("currency") ?? "");
        if (customer["currency"]?.ToString() is { } only && only != currency) throw StripeException.Invalid($"This customer's currency is {only}; a balance in {currency} cannot be kept beside it.", "currency");
        var moved = Move(call, customer, call.Number("amount")!.Value, currency, "adjustment", null);
        call.CopyTo(moved, "description");
        call.Emit("customer.updated", customer);
        return DocumentWork.Shown(moved);
    }

    static JsonObject List(StripeCall call)
    {
        call.Get(Customers.Type, call.Id, "customer");
        return StripeList.Page(call, call.Work.All(Type).Where(moved => moved["customer"]!.ToString() == call.Id));
    }
}
