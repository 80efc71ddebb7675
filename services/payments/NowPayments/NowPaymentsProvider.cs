using System.Text.Json;
using Empire.Http;
using Empire.Payments.Facts;
using Empire.Payments.Intake;

namespace Empire.Payments.NowPayments;

/// <summary>NOWPayments' words: signed notifications, and each open payment's state when asked.</summary>
public sealed class NowPaymentsProvider(IHttpClientFactory clients, Unsettled unsettled, [FromKeyedServices(NowPaymentsSetup.Provider)] NowPaymentsOptions options) : PaymentProvider(NowPaymentsFacts.Provider)
{
    public override Translation Translate(ProviderEvent told, JsonElement body) => NowPaymentsFacts.Of(told.EventId, told.Kind, body, told.OccurredAt, told.Test ?? false);

    /// <summary>A notification or an answer, ready for the log. It has no id: the same state is the same event, whichever way it is told.</summary>
    /// <exception cref="JsonException">It is none; the message names what is missing.</exception>
    /// <param name="test">It came under a key of the sandbox, or of a test network.</param>
    public static ProviderEvent Read(string body, JsonElement told, DateTimeOffset now, EventSource source, bool test)
    {
        var (id, status) = (told.Text("payment_id"), told.Text("payment_status"));
        return new(NowPaymentsFacts.Provider, NowPaymentsFacts.EventIdOf(id, status, told), NowPaymentsFacts.KindOf(status), id, NowPaymentsFacts.TimeOf(told) ?? now, body, source, test);
    }

    public override async Task<IReadOnlyList<ProviderEvent>> FetchAsync(string path, CancellationToken ct)
    {
        using var http = clients.CreateClient(NowPaymentsSetup.Provider);
        using var response = await http.GetAsync(path, ct);
        if (response.StatusCode == System.Net.HttpStatusCode.NotFound) return [];
        if (!response.IsSuccessStatusCode) throw await ProviderException.FromAsync(NowPaymentsSetup.Provider, response, ct);
        var body = await response.Content.ReadAsStringAsync(ct);
        var told = Json.Parse(body);
        return [Read(body, told, NowPaymentsFacts.TimeOf(told) ?? throw new JsonException("updated_at is missing."), EventSource.Fetched, options.Test)];
    }

    /// <summary>What expired or failed is finished after all where the coins come late, what is finished may be refunded, and a second address may be paid beside the first.</summary>
    private static readonly string[] MayChange = ["pending", "requires_action", "processing", "partially_paid", "expired", "failed", "succeeded"];

    /// <summary>Their list wants a password beside the key; payments are asked for one by one instead, at each of their addresses.</summary>
    public override IAsyncEnumerable<ProviderEvent> ListAsync(DateTimeOffset since, CancellationToken ct) =>
        unsettled.PaymentsAsync(NowPaymentsFacts.Provider, MayChange, Upgrades.AskForCoins.Kind, async payment =>
        {
            List<ProviderEvent> told = [];
            foreach (var id in payment.FurtherRefs.Prepend(payment.ProviderRef).OfType<string>())
                told.AddRange((await FetchAsync($"payment/{Uri.EscapeDataString(id)}", ct)).Select(answer => answer with { Source = EventSource.Reconciled }));
            return told;
        }, ct);
}
