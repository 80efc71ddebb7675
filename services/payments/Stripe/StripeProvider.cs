using System.Runtime.CompilerServices;
using System.Text.Json;
using Empire.Http;
using Empire.Payments.Facts;
using Empire.Payments.Intake;

namespace Empire.Payments.Stripe;

/// <summary>Stripe's words: its events, by webhook and in its list of the last 30 days, and the objects that they only name.</summary>
public sealed class StripeProvider(IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options) : PaymentProvider(StripeFacts.Provider)
{
    public override Translation Translate(ProviderEvent told, JsonElement body) =>
        told.Kind.StartsWith("fetched:", StringComparison.Ordinal)
            ? StripeFacts.Of(told.Kind, body, told.EventId, told.OccurredAt, options.Test)
            : StripeFacts.Of(told.Kind, body.Part("data").Part("object"), told.EventId, told.OccurredAt, !body.Flag("livemode"));

    /// <summary>An event of Stripe's, ready for the log.</summary>
    /// <exception cref="JsonException">It is none; the message names what is missing.</exception>
    public static ProviderEvent Read(string body, JsonElement told, EventSource source) =>
        new(StripeFacts.Provider, told.Text("id"), told.Text("type"), StripeFacts.ObjectKeyOf(told.Part("data").Part("object")), told.Time("created"), body, source);

    /// <summary>The path of an object that changes for as long as it lasts, asked for because of a report of it: each report asks anew, and the answer is no older than the report.</summary>
    /// <param name="resource">subscriptions or accounts.</param>
    public static string AskAgain(string resource, string id, DateTimeOffset told, string report) => $"{resource}/{Uri.EscapeDataString(id)}#{told.ToUnixTimeSeconds()}:{report}"; // what stands behind # is not sent

    private static string CauseOf(string path) => path[(path.IndexOf('#', StringComparison.Ordinal) + 1)..];

    public override async Task<IReadOnlyList<ProviderEvent>> FetchAsync(string path, CancellationToken ct)
    {
        if (await GetAsync(path, ct) is not var (answer, date)) return [];
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

    /// <param name="asOf">When Stripe answered, by its own clock.</param>
    private static ProviderEvent Fetched(string path, JsonElement o, DateTimeOffset asOf)
    {
        var kind = o.Text("object");
        if (kind is "subscription" or "account") // it changes for as long as it lasts, also back again: each answer is news
            return new(StripeFacts.Provider, $"{kind}:{o.Text("id")}:{CauseOf(path)}", $"fetched:{kind}", StripeFacts.ObjectKeyOf(o), asOf, o.GetRawText(), EventSource.Fetched);
        var id = $"{kind}:{o.Text("id")}{(o.MaybeText("status") is { } status ? ":" + status : "")}";
        return new(StripeFacts.Provider, id, $"fetched:{kind}", StripeFacts.ObjectKeyOf(o), o.Time("created"), o.GetRawText(), EventSource.Fetched);
    }

    private async Task<(JsonElement Answer, DateTimeOffset AsOf)?> GetAsync(string path, CancellationToken ct)
    {
        using var http = clients.CreateClient(StripeSetup.Provider);
        using var response = await http.GetAsync($"v1/{path}", ct);
        if (response.StatusCode == System.Net.HttpStatusCode.NotFound) return null;
        if (!response.IsSuccessStatusCode) throw await ProviderException.FromAsync(StripeSetup.Provider, response, ct);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(ct), response.Headers.Date ?? throw new ProviderException(StripeSetup.Provider, response.StatusCode, "an answer without its date"));
    }
}
