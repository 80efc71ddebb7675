using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;
using static Empire.Sandbox.NowPayments.NowPaymentsAnswer;

namespace Empire.Sandbox.NowPayments;

/// <summary>Which coins there are, what they are worth, and how little may be paid.</summary>
static class Currencies
{
    public static Task<IResult> ListAsync(HttpContext http) => OfAsync(http, () => Result(new() { ["currencies"] = Tickers(c => c.Ticker) }));

    public static Task<IResult> MerchantAsync(HttpContext http) => OfAsync(http, () => Result(new() { ["selectedCurrencies"] = Tickers(c => c.Ticker.ToUpperInvariant()) }));

    public static Task<IResult> FullAsync(HttpContext http) => OfAsync(http, () => Result(new()
    {
        ["currencies"] = new JsonArray([.. Coin.All.Select(c => (JsonNode)new JsonObject
        {
            ["id"] = c.Priority,
            ["code"] = c.Ticker.ToUpperInvariant(),
            ["name"] = c.Name,
            ["enable"] = true,
            ["wallet_regex"] = c.AddressPattern,
            ["priority"] = c.Priority,
            ["extra_id_exists"] = c.NeedsMemo,
            ["extra_id_regex"] = c.NeedsMemo ? "^[0-9]{1,10}$" : null,
            ["logo_url"] = $"/images/coins/{c.Ticker}.svg",
            ["track"] = true,
            ["is_maxlimit"] = false,
            ["network"] = c.Network,
            ["smart_contract"] = null,
        })]),
    }));

    public static Task<IResult> EstimateAsync(HttpContext http) => OfAsync(http, () =>
    {
        var (amount, from, to) = (Positive(Query(http, "amount"), "amount"), Currency(http, "currency_from"), Currency(http, "currency_to"));
        var estimated = decimal.Round(amount * RequireWorth(from, "currency_from") / RequireWorth(to, "currency_to"), 8, MidpointRounding.AwayFromZero);
        return Result(new() { ["currency_from"] = from, ["amount_from"] = JsonBody.JsNumber(amount), ["currency_to"] = to, ["estimated_amount"] = JsonBody.JsNumber(estimated) });
    });

    public static Task<IResult> SmallestAsync(HttpContext http) => OfAsync(http, () =>
    {
        var from = RequireCoin(Currency(http, "currency_from"), "currency_from");
        var to = Query(http, "currency_to")?.ToLowerInvariant() ?? from.Ticker;
        RequireWorth(to, "currency_to");
        return Result(new() { ["currency_from"] = from.Ticker, ["currency_to"] = to, ["min_amount"] = JsonBody.JsNumber(from.Smallest), ["fiat_equivalent"] = 1 });
    });

    static Task<JsonNode> Result(JsonObject answer) => Task.FromResult<JsonNode>(answer);

    static JsonArray Tickers(Func<Coin, string> of) => new([.. Coin.All.Select(c => (JsonNode)of(c))]);

    static string Currency(HttpContext http, string name) => Query(http, name)?.ToLowerInvariant() ?? throw NowPaymentsException.Invalid($"{name} is required");

    static string? Query(HttpContext http, string name) => http.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;
}
