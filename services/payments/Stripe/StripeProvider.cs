using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Empire.Http;
using Empire.Payments.Facts;
using Empire.Payments.Intake;

namespace Empire.Payments.Stripe;

/// <summary>Stripe's words: its events, by webhook and in its list of the last 30 days, and the objects that they only name.</summary>
public sealed class StripeProvider(IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options) : PaymentProvider(StripeFacts.Provider)
{
    /// <summary>Of the API, as it is understood here. Stripe writes an event in the version of the endpoint that it is sent to, or of the account where it lists it, and answers in the one that it is asked for.</summary>
    public const string Version = "2023-08-16";

    /// <summary>Before the kind of an event that is told in another version: what it speaks of is asked for in ours. Told once more, by webhook or in the list, it is the same event.</summary>
    private const string Foreign = "foreign:";

    /// <summary>A seller has taken their account away from the platform.</summary>
    private const string Deauthorized = "account.application.deauthorized";

    public override Translation Translate(ProviderEvent told, JsonElement body)
    {
        var test = told.Test ?? !body.Flag("livemode");
        if (told.Kind.StartsWith("fetched:", StringComparison.Ordinal)) return StripeFacts.Of(told is { Test: null, Kind: StripeFacts.MovementKind } ? StripeFacts.OldMovementKind : told.Kind, body, told.EventId, told.OccurredAt, test);
        var o = body.Part("data").Part("object");
        if (body.MaybeText("account") is { } seller)
        {
            if (told.Kind is Deauthorized or Foreign + Deauthorized) return Translation.Of(new SellerStands(Name, told.OccurredAt, test, told.EventId, seller, null, ChargesEnabled: false, PayoutsEnabled: false, DetailsSubmitted: false));
            if (o.MaybeText("object") != "account") return Translation.Nothing; // what moves in a seller's own account is none of our money
        }
        return told.Kind.StartsWith(Foreign, StringComparison.Ordinal) ? Anew(told, o) : StripeFacts.Of(told.Kind, o, told.EventId, told.OccurredAt, test);
    }

    /// <summary>An event of Stripe's, ready for the log.</summary>
    /// <exception cref="JsonException">It is none; the message names what is missing.</exception>
    public static ProviderEvent Read(string body, JsonElement told, EventSource source) =>
        new(StripeFacts.Provider, told.Text("id"), KindOf(told), StripeFacts.ObjectKeyOf(told.Part("data").Part("object")), told.Time("created"), body, source, !told.Flag("livemode"));

    private static string KindOf(JsonElement told) => told.MaybeText("api_version") is null or Version ? told.Text("type") : Foreign + told.Text("type");

    /// <summary>What an event speaks of, asked for in our version. What it says itself may be missing, or stand elsewhere.</summary>
    private static Translation Anew(ProviderEvent told, JsonElement o)
    {
        var resource = o.MaybeText("object") switch
        {
            "payment_intent" => "payment_intents",
            "charge" => "charges",
            "refund" => "refunds",
            "dispute" => "disputes",
            "subscription" => "subscriptions",
            "invoice" => "invoices",
            "payout" => "payouts",
            "transfer" => "transfers",
            "application_fee" => "application_fees",
            "account" => "accounts",
            "checkout.session" => "checkout/sessions",
            _ => null,
        };
        if (resource is null || o.MaybeText("id") is not { } id) return Translation.Nothing;
        return told.Kind == Foreign + "charge.refunded" ? StripeFacts.Of("charge.refunded", o, told.EventId, told.OccurredAt, test: false)
            : resource == "payouts" ? Translation.Nothing.Fetching($"payouts/{Uri.EscapeDataString(id)}") // where it stands is told once for each status, however many reports of it ask
            : Translation.Nothing.Fetching(AskAgain(resource, id, told.OccurredAt, told.EventId, resource == "invoices" ? "?expand[]=payment_intent" : "")); // whether it waits for its payer, the intent says
    }

    /// <summary>The path of an object that changes for as long as it lasts, asked for because of a report of it: each report asks anew, and the answer is no older than the report.</summary>
    /// <param name="resource">As in Stripe's paths: subscriptions, accounts.</param>
    /// <param name="query">With its question mark.</param>
    public static string AskAgain(string resource, string id, DateTimeOffset told, string report, string query = "") => $"{resource}/{Uri.EscapeDataString(id)}{query}#{told.ToUnixTimeSeconds()}:{report}"; // what stands behind # is not sent

    private static string CauseOf(string path) => path[(path.IndexOf('#', StringComparison.Ordinal) + 1)..];

    public override async Task<IReadOnlyList<ProviderEvent>> FetchAsync(string path, CancellationToken ct)
    {
        if (await GetAsync(path, ct) is not var (answer, date)) return [];
        answer = await WithAllLinesAsync(answer, ct);
        var asOf = long.TryParse(CauseOf(path).Split(':')[0], out var second) && DateTimeOffset.FromUnixTimeSeconds(second) is var caused && caused > date ? caused : date; // servers write the date of their last tick, which may be before what made us ask
        return answer.MaybeText("object") == "list" ? [.. answer.Part("data").EnumerateArray().Select(o => Fetched(path, o, asOf))] : [Fetched(path, answer, asOf)];
    }

    public override async IAsyncEnumerable<ProviderEvent> ListAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken ct)
    {
        string? after = null;
        while (true)
        {
            var (page, _) = await GetAsync($"events?limit=100&created[gte]={since.ToUnixTimeSeconds()}{(after is null ? "" : $"&starting_after={after}")}", ct) ?? throw new ProviderException(StripeSetup.Provider, null, "no list of events");
            foreach (var told in page.Part("data").EnumerateArray())
            {
                after = told.Text("id");
                yield return Read(told.GetRawText(), told, EventSource.Reconciled);
            }
            if (!page.Flag("has_more")) yield break;
        }
    }

    /// <summary>An invoice holds the first of its lines; the others are a list of their own.</summary>
    /// <returns>The object itself where nothing is missing in it.</returns>
    private async Task<JsonElement> WithAllLinesAsync(JsonElement o, CancellationToken ct)
    {
        if (o.MaybeText("object") != "invoice" || o.Maybe("lines")?.Flag("has_more") != true) return o;
        var (invoice, lines) = (JsonObject.Create(o)!, new JsonArray());
        for (string? after = null; ;)
        {
            var (page, _) = await GetAsync($"invoices/{Uri.EscapeDataString(o.Text("id"))}/lines?limit=100{(after is null ? "" : $"&starting_after={after}")}", ct) ?? throw new ProviderException(StripeSetup.Provider, null, "no list of an invoice's lines");
            foreach (var line in page.Part("data").EnumerateArray())
            {
                lines.Add(JsonObject.Create(line));
                after = line.Text("id");
            }
            if (!page.Flag("has_more") || after is null) break;
        }
        (invoice["lines"]!["data"], invoice["lines"]!["has_more"]) = (lines, false);
        return JsonSerializer.SerializeToElement(invoice);
    }

    /// <param name="asOf">When Stripe answered, by its own clock.</param>
    private ProviderEvent Fetched(string path, JsonElement o, DateTimeOffset asOf)
    {
        var (kind, test) = (o.Text("object"), o.Maybe("livemode") is null ? options.Test : !o.Flag("livemode"));
        if (path.Contains('#', StringComparison.Ordinal)) // it changes for as long as it lasts, also back again: each answer is news
            return new(StripeFacts.Provider, $"{kind}:{o.Text("id")}:{CauseOf(path)}", $"fetched:{kind}", StripeFacts.ObjectKeyOf(o), asOf, o.GetRawText(), EventSource.Fetched, test);
        var id = $"{kind}:{o.Text("id")}{(o.MaybeText("status") is { } status ? ":" + status : "")}";
        return new(StripeFacts.Provider, id, $"fetched:{kind}", StripeFacts.ObjectKeyOf(o), (kind == "payout" ? o.MaybeTime("arrival_date") : null) ?? o.Time("created"), o.GetRawText(), EventSource.Fetched, test); // of a payout that came back nothing else tells when
    }

    private async Task<(JsonElement Answer, DateTimeOffset AsOf)?> GetAsync(string path, CancellationToken ct)
    {
        using var http = clients.CreateClient(StripeSetup.Provider);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/{path}") { Headers = { { "Stripe-Version", Version } } };
        using var response = await http.SendAsync(request, ct);
        if (response.StatusCode == System.Net.HttpStatusCode.NotFound) return null;
        if (!response.IsSuccessStatusCode) throw await ProviderException.FromAsync(StripeSetup.Provider, response, ct);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(ct), response.Headers.Date ?? throw new ProviderException(StripeSetup.Provider, response.StatusCode, "an answer without its date"));
    }
}
