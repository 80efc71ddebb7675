using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Empire.Http;
using Empire.Payments.Facts;
using Empire.Payments.Intake;

namespace Empire.Payments.Flutterwave;

/// <summary>Flutterwave's words. A webhook carries a fixed secret and no signature of its content, so nothing in it is believed but which transaction to ask for.</summary>
public sealed class FlutterwaveProvider(IHttpClientFactory clients, [FromKeyedServices(FlutterwaveSetup.Provider)] FlutterwaveOptions options) : PaymentProvider(FlutterwaveFacts.Provider)
{
    public override Translation Translate(ProviderEvent told, JsonElement body) => told.Kind switch
    {
        "charge.completed" => Translation.Nothing.Fetching($"transactions/{Uri.EscapeDataString(body.Part("data").Text("id"))}/verify"),
        "transfer.completed" => Translation.Nothing.Fetching($"transfers/{Uri.EscapeDataString(body.Part("data").Text("id"))}"),
        "fetched:transaction" => FlutterwaveFacts.OfTransaction(body, options.Test),
        "fetched:transfer" => FlutterwaveFacts.OfTransfer(body, options.Test),
        "fetched:refund" => FlutterwaveFacts.OfRefund(body, told.OccurredAt, options.Test),
        _ => Translation.Nothing,
    };

    /// <summary>A webhook, ready for the log. It has no id: the same words are the same event.</summary>
    /// <exception cref="JsonException">It is none; the message names what is missing.</exception>
    public static ProviderEvent Read(string body, JsonElement told, DateTimeOffset now)
    {
        var (kind, data) = (told.Text("event"), told.Part("data"));
        var (id, status) = (data.Text("id"), data.MaybeText("status"));
        return new(FlutterwaveFacts.Provider, $"{kind}:{id}:{status}", kind, data.MaybeText("tx_ref") ?? id, FlutterwaveFacts.TimeOf(data) ?? now, body, EventSource.Webhook);
    }

    public override async Task<IReadOnlyList<ProviderEvent>> FetchAsync(string path, CancellationToken ct) =>
        await GetAsync(path, ct) is { } answer ? [Fetched(path.Split('/')[0][..^1], answer.Part("data"), EventSource.Fetched)] : [];

    public override async IAsyncEnumerable<ProviderEvent> ListAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var page = 1; ; page++)
        {
            // By day, both included; the last is tomorrow's, for Flutterwave's clock may be ahead of UTC.
            var answer = await GetAsync(string.Create(CultureInfo.InvariantCulture, $"transactions?from={since.UtcDateTime:yyyy-MM-dd}&page={page}"), ct) ?? throw new ProviderException(FlutterwaveSetup.Provider, null, "no list of transactions");
            foreach (var transaction in answer.Part("data").EnumerateArray()) yield return Fetched("transaction", transaction, EventSource.Reconciled);
            if (answer.Maybe("meta")?.Maybe("page_info")?.MaybeNumber("total_pages") is not { } pages || page >= pages) yield break;
        }
    }

    private static ProviderEvent Fetched(string kind, JsonElement o, EventSource source)
    {
        var id = o.Text("id");
        return new(FlutterwaveFacts.Provider, $"{kind}:{id}:{o.MaybeText("status")}", $"fetched:{kind}", o.MaybeText("tx_ref") ?? id, FlutterwaveFacts.TimeOf(o) ?? throw new JsonException("created_at is missing."), o.GetRawText(), source);
    }

    private async Task<JsonElement?> GetAsync(string path, CancellationToken ct)
    {
        using var http = clients.CreateClient(FlutterwaveSetup.Provider);
        using var response = await http.GetAsync(path, ct);
        if (response.StatusCode == System.Net.HttpStatusCode.NotFound) return null;
        if (!response.IsSuccessStatusCode) throw await ProviderException.FromAsync(FlutterwaveSetup.Provider, response, ct);
        return await response.Content.ReadFromJsonAsync<JsonElement>(ct);
    }
}
