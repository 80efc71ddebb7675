using System.Text.Json.Nodes;

namespace Empire.Sandbox.Stripe;

/// <summary>What moves Stripe's balance: gross, fee and net of every charge, refund and so on, in the currency of the charge, or in the account's own where it has one.</summary>
static class BalanceTransactions
{
    public const string Type = "balance_transaction";
    static readonly TimeSpan UntilAvailable = TimeSpan.FromDays(2);

    public static void Map(StripeRoutes routes)
    {
        routes.GetAsAccount("/balance_transactions", Parameters.OfList("created:range currency:str source:str type:str"), List);
        routes.Get("/balance_transactions/{id}", call => Show.Of(call, call.Get(Type, call.Id)));
    }

    /// <param name="amount">Signed: what comes in is positive.</param>
    /// <param name="fee">What Stripe keeps of it; negative when it is given back.</param>
    /// <param name="atOnce">Available now rather than in two days: what is taken out is.</param>
    /// <param name="account">Whose balance it moves; null for the platform's.</param>
    /// <returns>Its id.</returns>
    public static string Book(StripeContext context, string type, string category, string source, long amount, long fee, string currency, string? description, bool atOnce = false, string? account = null)
    {
        decimal? rate = null;
        if (account is null && category is ("charge" or "refund" or "dispute" or "dispute_reversal") && context.Surroundings.Settlement.Of(currency, context.Time) is var (into, worth))
        {
            (amount, fee) = (StripeSettlement.Changed(amount, currency, into, worth), category.StartsWith("dispute", StringComparison.Ordinal) ? Math.Sign(fee) * StripeCurrency.DisputeFee(into) : StripeSettlement.Changed(fee, currency, into, worth));
            (currency, rate) = (into, worth);
        }
        var details = new JsonArray();
        if (fee != 0) details.Add(new JsonObject { ["amount"] = fee, ["application"] = null, ["currency"] = currency, ["description"] = "Stripe processing fees", ["type"] = "stripe_fee" });
        return context.Add(Type, "txn", new()
        {
            ["amount"] = amount,
            ["available_on"] = atOnce || amount < 0 ? context.Now : (context.Time + UntilAvailable).ToUnixTimeSeconds(),
            ["created"] = context.Now,
            ["currency"] = currency,
            ["description"] = description,
            ["exchange_rate"] = rate,
            ["fee"] = fee,
            ["fee_details"] = details,
            ["net"] = amount - fee,
            ["reporting_category"] = category,
            ["source"] = source,
            ["status"] = "pending",
            ["type"] = type,
            ["_account"] = account,
        })["id"]!.ToString();
    }

    static JsonObject List(StripeCall call) => StripeList.Page(call, call.Work.All(Type).Where(t =>
        t["_account"]?.ToString() == call.Account && Is(t, "currency", call.Text("currency")) && Is(t, "source", call.Text("source")) && Is(t, "type", call.Text("type"))));

    static bool Is(JsonObject transaction, string field, string? wanted) => wanted is null || transaction[field]?.ToString() == wanted;
}
