using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>Money from the platform's balance to an account's, and back by a reversal.</summary>
static class Transfers
{
    public const string Type = "transfer", ReversalType = "transfer_reversal";

    public static void Map(StripeRoutes routes)
    {
        routes.Post("/transfers", Parameters.Of("amount:int currency!:str destination!:str description:str metadata:map source_transaction:str transfer_group:str"), Create);
        routes.Get("/transfers", Parameters.OfList("created:range destination:str transfer_group:str"), List);
        routes.Get("/transfers/{id}", call => DocumentWork.Shown(call.Get(Type, call.Id)));
        routes.Post("/transfers/{id}/reversals", Parameters.Of("amount:int description:str metadata:map refund_application_fee:bool"), CreateReversal);
        routes.Get("/transfers/{id}/reversals", Parameters.OfList(), call => StripeList.Page(call, call.Work.All(ReversalType).Where(r => r["transfer"]!.ToString() == call.Id)));
    }

    /// <param name="source">The charge it comes from; null for the balance.</param>
    /// <param name="atOnce">Whether the account has it now, or when the charge is available.</param>
    public static JsonObject Make(StripeContext context, long amount, string currency, string destination, string? source, string? group, string? description, bool atOnce)
    {
        var transfer = context.Add(Type, "tr", new()
        {
            ["amount"] = amount,
            ["amount_reversed"] = 0,
            ["created"] = context.Now,
            ["currency"] = currency,
            ["description"] = description,
            ["destination"] = destination,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["reversed"] = false,
            ["source_transaction"] = source,
            ["source_type"] = "card",
            ["transfer_group"] = group,
        });
        var id = transfer["id"]!.ToString();
        transfer["reversals"] = StripeList.Whole(context, $"/v1/transfers/{id}/reversals", []);
        transfer["balance_transaction"] = BalanceTransactions.Book(context, "transfer", "transfer", id, -amount, 0, currency, description, atOnce: true);
        BalanceTransactions.Book(context, "payment", "charge", id, amount, 0, currency, description, atOnce, destination);
        context.Emit("transfer.created", transfer);
        return transfer;
    }

    /// <returns>The reversal.</returns>
    public static JsonObject Reverse(StripeContext context, JsonObject transfer, long amount, string? refund, string? description)
    {
        var (id, currency) = (transfer["id"]!.ToString(), transfer["currency"]!.ToString());
        var left = transfer["amount"]!.Whole() - transfer["amount_reversed"]!.Whole();
        if (amount < 1 || amount > left) throw StripeException.Invalid($"Of this transfer {left} of the smallest unit of {currency} can be reversed.", "amount", left == 0 ? "transfer_already_reversed" : "amount_too_large");
        var reversal = context.Add(ReversalType, "trr", new()
        {
            ["amount"] = amount,
            ["created"] = context.Now,
            ["currency"] = currency,
            ["destination_payment_refund"] = null,
            ["metadata"] = new JsonObject(),
            ["source_refund"] = refund,
            ["transfer"] = id,
        });
        reversal["balance_transaction"] = BalanceTransactions.Book(context, "transfer_refund", "transfer_reversal", id, amount, 0, currency, description, atOnce: true);
        BalanceTransactions.Book(context, "payment_refund", "refund", id, -amount, 0, currency, description, account: transfer["destination"]!.ToString());
        transfer["amount_reversed"] = transfer["amount_reversed"]!.Whole() + amount;
        transfer["reversed"] = amount == left;
        transfer["reversals"] = StripeList.Whole(context, $"/v1/transfers/{id}/reversals", context.Work.All(ReversalType).Where(r => r["transfer"]!.ToString() == id).Reverse());
        context.Emit("transfer.reversed", transfer);
        return reversal;
    }

    static JsonNode Create(StripeCall call)
    {
        var currency = StripeCurrency.Require(call.Text("currency") ?? "");
        var amount = call.Number("amount") ?? throw StripeException.Invalid("Missing required param: amount.", "amount", "parameter_missing");
        if (amount < 1) throw StripeException.Invalid("This value must be greater than or equal to 1.", "amount", "parameter_invalid_integer");
        var destination = Accounts.RequireReceiver(call, call.Text("destination") ?? "", "destination")["id"]!.ToString();
        var source = call.Text("source_transaction") is { } id ? call.Get(Charges.Type, id, "source_transaction") : null;
        if (source is null) Balance.Require(call, null, amount, currency);
        else if (amount > source["amount_captured"]!.Whole() - call.Work.All(Type).Where(t => t["source_transaction"]?.ToString() == source["id"]!.ToString()).Sum(t => t["amount"]!.Whole()))
            throw StripeException.Invalid("The transfer is larger than what is left of its source_transaction.", "amount", "amount_too_large");
        var transfer = Make(call, amount, currency, destination, source?["id"]!.ToString(), call.Text("transfer_group") ?? source?["transfer_group"]?.ToString(), call.Text("description"), source is null || source["_at_once"]?.GetValue<bool>() == true);
        call.CopyTo(transfer);
        return DocumentWork.Shown(transfer);
    }

    static JsonNode CreateReversal(StripeCall call)
    {
        var transfer = call.Get(Type, call.Id);
        var amount = call.Number("amount") ?? transfer["amount"]!.Whole() - transfer["amount_reversed"]!.Whole();
        var reversal = Reverse(call, transfer, amount, null, call.Text("description"));
        if (call.Flag("refund_application_fee") == true && transfer["source_transaction"]?.ToString() is { } source && call.Get(Charges.Type, source)["application_fee"]?.ToString() is { } named)
        {
            var fee = call.Get(ApplicationFees.Type, named);
            var (whole, left) = (fee["amount"]!.Whole(), fee["amount"]!.Whole() - fee["amount_refunded"]!.Whole());
            if (Math.Min(left, (long)decimal.Round((decimal)whole * amount / transfer["amount"]!.Whole(), MidpointRounding.AwayFromZero)) is > 0 and var part) ApplicationFees.Refund(call, fee, part);
        }
        call.CopyTo(reversal);
        return DocumentWork.Shown(reversal);
    }

    static JsonObject List(StripeCall call) => StripeList.Page(call, call.Work.All(Type).Where(t =>
        (call.Text("destination") is not { } destination || t["destination"]!.ToString() == destination) && (call.Text("transfer_group") is not { } group || t["transfer_group"]?.ToString() == group)));
}
