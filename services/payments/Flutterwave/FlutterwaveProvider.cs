using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Empire.Http;
using Empire.Payments.Facts;
using Empire.Payments.Intake;

namespace Empire.Payments.Flutterwave;

/// <summary>Flutterwave's words. A webhook carries a fixed secret and no signature of its content, so nothing in it is believed but which transaction to ask for.</summary>
public sealed class FlutterwaveProvider(IHttpClientFactory clients, Unsettled unsettled, TimeProvider clock, [FromKeyedServices(FlutterwaveSetup.Provider)] FlutterwaveOptions options) : PaymentProvider(FlutterwaveFacts.Provider)
{
    /// <summary>A transfer is listed by when it was asked for and may be done days later, so those of so long are read each time.</summary>
    private static readonly TimeSpan LongestTransfer = TimeSpan.FromDays(7);

    /// <summary>Of a list without an end that a turn would wait for.</summary>
    private const int MostPages = 100;

    /// <summary>A page on which a card was declined, or nobody has paid yet, may still be paid; one that was paid is not asked for.</summary>
    private static readonly string[] MayChange = ["pending", "requires_action", "processing", "failed"];

    public override Translation Translate(ProviderEvent told, JsonElement body) => told.Kind switch
    {
        "charge.completed" => Translation.Nothing.Fetching($"transactions/{Uri.EscapeDataString(body.Part("data").Text("id"))}/verify"),
        "transfer.completed" => Translation.Nothing.Fetching($"transfers/{Uri.EscapeDataString(body.Part("data").Text("id"))}"),
        "fetched:transaction" => FlutterwaveFacts.OfTransaction(body, told.Test ?? false),
        "fetched:transfer" => FlutterwaveFacts.OfTransfer(body, told.Test ?? false),
        "fetched:refund" => FlutterwaveFacts.OfRefund(body, told.OccurredAt, told.Test ?? false),
        _ => Translation.Nothing,
    };

    /// <summary>A webhook, ready for the log. It has no id: the same words are the same event.</summary>
    /// <exception cref="JsonException">It is none; the message names what is missing.</exception>
    /// <param name="test">It came under a test key.</param>
    public static ProviderEvent Read(string body, JsonElement told, DateTimeOffset now, bool test)
    {
        var (kind, data) = (told.Text("event"), told.Part("data"));
        var (id, status) = (data.Text("id"), data.MaybeText("status"));
        return new(FlutterwaveFacts.Provider, $"{kind}:{id}:{status}", kind, data.MaybeText("tx_ref") ?? id, FlutterwaveFacts.TimeOf(data) ?? now, body, EventSource.Webhook, test);
    }

    public override async Task<IReadOnlyList<ProviderEvent>> FetchAsync(string path, CancellationToken ct) =>
        await GetAsync(path, ct, noneIs: System.Net.HttpStatusCode.BadRequest) is { } answer ? [Fetched(path.Split('/')[0][..^1], answer.Part("data"), EventSource.Fetched)] : [];

    public override async IAsyncEnumerable<ProviderEvent> ListAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken ct)
    {
        // By day, both included; the last is tomorrow's, for Flutterwave's clock may be ahead of UTC.
        await foreach (var transaction in PagesAsync(string.Create(CultureInfo.InvariantCulture, $"transactions?from={since.UtcDateTime:yyyy-MM-dd}&"), ct)) yield return Fetched("transaction", transaction, EventSource.Reconciled);
        var asked = clock.GetUtcNow() - LongestTransfer is var days && days < since ? days : since;
        await foreach (var transfer in PagesAsync("transfers?", ct))
        {
            if (FlutterwaveFacts.TimeOf(transfer) < asked) break; // the newest come first
            yield return Fetched("transfer", transfer, EventSource.Reconciled);
        }
        await foreach (var refund in PagesAsync(string.Create(CultureInfo.InvariantCulture, $"refunds?from={since.UtcDateTime:yyyy-MM-dd}&"), ct))
        {
            if (FlutterwaveFacts.TimeOf(refund) < since) break;
            if (await MadeElsewhereAsync(refund) is { } told) yield return told;
        }
        await foreach (var told in unsettled.PaymentsAsync(FlutterwaveFacts.Provider, MayChange, Upgrades.OpenCheckout.Kind, PagesOfAsync, ct)) yield return told;
        await foreach (var told in unsettled.RefundsAsync(FlutterwaveFacts.Provider, StandsAsync, ct)) yield return told;

        // Of a refund that a person made at Flutterwave's own pages: no webhook tells of it, and only its transaction says what it was for. While we are giving back of that payment ourselves it may be ours,
        // whose answer is on its way; it is listed again.
        async Task<ProviderEvent?> MadeElsewhereAsync(JsonElement refund)
        {
            if (await GetAsync($"transactions/{Uri.EscapeDataString(refund.Text("tx_id"))}/verify", ct, noneIs: System.Net.HttpStatusCode.BadRequest) is not { } answer) return null;
            var transaction = answer.Part("data");
            if (FlutterwaveFacts.PaymentOf(transaction.MaybeText("tx_ref")) is not { } payment || await unsettled.IsGivingBackAsync(payment, ct)) return null;
            return FlutterwaveFacts.HeardOfRefund(refund, transaction.Text("tx_ref"), transaction.Text("currency"), refund.MaybeText("comments"), clock.GetUtcNow(), EventSource.Reconciled, options.Test);
        }

        async Task<IReadOnlyList<ProviderEvent>> PagesOfAsync(UnsettledPayment payment)
        {
            List<ProviderEvent> told = [];
            for (var attempt = 1; attempt <= payment.Attempts; attempt++)
                if (await GetAsync($"transactions/verify_by_reference?tx_ref={FlutterwaveFacts.ReferenceOf(payment.Id, attempt)}", ct, noneIs: System.Net.HttpStatusCode.BadRequest) is { } answer)
                    told.Add(Fetched("transaction", answer.Part("data"), EventSource.Reconciled));
            return told;
        }

        async Task<IReadOnlyList<ProviderEvent>> StandsAsync(UnsettledRefund refund) =>
            await GetAsync($"refunds/{Uri.EscapeDataString(refund.ProviderRef)}", ct, noneIs: System.Net.HttpStatusCode.BadRequest) is not { } answer ? []
                : [FlutterwaveFacts.HeardOfRefund(answer.Part("data"), refund.Payment, refund.Currency, Refunds.SendRefund.KeyOf(refund.Id), clock.GetUtcNow(), EventSource.Reconciled, options.Test)];
    }

    private async IAsyncEnumerable<JsonElement> PagesAsync(string list, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var page = 1; page <= MostPages; page++)
        {
            var answer = await GetAsync(string.Create(CultureInfo.InvariantCulture, $"{list}page={page}"), ct) ?? throw new ProviderException(FlutterwaveSetup.Provider, null, $"no list of {list.Split('?')[0]}");
            foreach (var item in answer.Part("data").EnumerateArray()) yield return item;
            if (answer.Maybe("meta")?.Maybe("page_info")?.MaybeNumber("total_pages") is not { } pages || page >= pages) yield break;
        }
    }

    private ProviderEvent Fetched(string kind, JsonElement o, EventSource source)
    {
        var id = o.Text("id");
        return new(FlutterwaveFacts.Provider, $"{kind}:{id}:{o.MaybeText("status")}", $"fetched:{kind}", o.MaybeText("tx_ref") ?? id, FlutterwaveFacts.TimeOf(o) ?? throw new JsonException("created_at is missing."), o.GetRawText(), source, options.Test);
    }

    /// <param name="noneIs">How they say that there is none, beside 404.</param>
    private async Task<JsonElement?> GetAsync(string path, CancellationToken ct, System.Net.HttpStatusCode noneIs = System.Net.HttpStatusCode.NotFound)
    {
        using var http = clients.CreateClient(FlutterwaveSetup.Provider);
        using var response = await http.GetAsync(path, ct);
        if (response.StatusCode == System.Net.HttpStatusCode.NotFound || response.StatusCode == noneIs) return null;
        if (!response.IsSuccessStatusCode) throw await ProviderException.FromAsync(FlutterwaveSetup.Provider, response, ct);
        return await response.Content.ReadFromJsonAsync<JsonElement>(ct);
    }
}
