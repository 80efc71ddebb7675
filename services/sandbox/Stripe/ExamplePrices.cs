using System.Text.Json.Nodes;

namespace Empire.Sandbox.Stripe;

/// <summary>What the examples of the API document name, so that whoever copies one subscribes to something: the same ids in every sandbox, from its first start.</summary>
static class ExamplePrices
{
    const string Product = "prod_coffee";
    const long Monthly = 1200, Yearly = 12_000;   // USD 12.00 a month, as the example of an answer says, and two months free to who pays by the year

    /// <summary>Puts in what is missing. What somebody has altered stays as it is.</summary>
    public static void Stock(StripeContext context)
    {
        if (context.Work.Look(Product) is null) Products.Make(context, "Coffee", Product);
        Add("price_coffee_monthly", Monthly, "month");
        Add("price_coffee_yearly", Yearly, "year");

        void Add(string id, long amount, string interval)
        {
            if (context.Work.Look(id) is not null) return;
            Prices.Make(context, new() { ["currency"] = "usd", ["unit_amount"] = amount, ["product"] = Product, ["recurring"] = new JsonObject { ["interval"] = interval } }, "", id);
        }
    }
}
