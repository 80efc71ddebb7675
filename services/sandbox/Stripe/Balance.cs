using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>What the platform, or one of its accounts, has: the sum of its balance transactions, by currency.</summary>
static class Balance
{
    public static void Map(StripeRoutes routes) => routes.GetAsAccount("/balance", Parameters.Of(""), call => new JsonObject
    {
        ["object"] = "balance",
        ["available"] = Amounts(call, available: true),
        ["livemode"] = false,
        ["pending"] = Amounts(call, available: false),
    });

    /// <exception cref="StripeException">balance_insufficient</exception>
    public static void Require(StripeContext context, string? account, long amount, string currency)
    {
        var available = Of(context, account).Where(t => t["currency"]!.ToString() == currency && t["available_on"]!.Whole() <= context.Now).Sum(t => t["net"]!.Whole());
        if (amount > available)
            throw StripeException.Invalid($"You have insufficient available funds: {StripeCurrency.Text(available, currency)}. Charges made with pm_card_bypassPending are available at once.", null, "balance_insufficient");
    }

    static JsonArray Amounts(StripeCall call, bool available)
    {
        var sums = Of(call, call.Account).GroupBy(t => t["currency"]!.ToString()).ToDictionary(g => g.Key, g => g.Where(t => t["available_on"]!.Whole() <= call.Now == available).Sum(t => t["net"]!.Whole()));
        sums.TryAdd("usd", 0);
        return new([.. sums.OrderBy(s => s.Key).Select(s => (JsonNode)new JsonObject { ["amount"] = s.Value, ["currency"] = s.Key, ["source_types"] = new JsonObject { ["card"] = s.Value } })]);
    }

    static IEnumerable<JsonObject> Of(StripeContext context, string? account) => context.Work.All(BalanceTransactions.Type).Where(t => t["_account"]?.ToString() == account);
}
