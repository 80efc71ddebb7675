using System.Runtime.CompilerServices;
using System.Text.Json;
using Empire.Data;
using Empire.Http;
using Empire.Payments.Facts;
using Empire.Payments.Intake;

namespace Empire.Payments.NowPayments;

/// <summary>NOWPayments' words: signed notifications, and each open payment's state when asked.</summary>
public sealed class NowPaymentsProvider(IHttpClientFactory clients, Database db, [FromKeyedServices(NowPaymentsSetup.Provider)] NowPaymentsOptions options) : PaymentProvider(NowPaymentsFacts.Provider)
{
    public override Translation Translate(ProviderEvent told, JsonElement body) => NowPaymentsFacts.Of(body, told.OccurredAt, options.Test);

    /// <summary>A notification or an answer, ready for the log. It has no id: the same state is the same event, whichever way it is told.</summary>
    /// <exception cref="JsonException">It is none; the message names what is missing.</exception>
    public static ProviderEvent Read(string body, JsonElement told, DateTimeOffset now, EventSource source)
    {
        var (id, status) = (told.Text("payment_id"), told.Text("payment_status"));
        return new(NowPaymentsFacts.Provider, $"{id}:{status}", $"payment.{status}", id, NowPaymentsFacts.TimeOf(told) ?? now, body, source);
    }

    public override async Task<IReadOnlyList<ProviderEvent>> FetchAsync(string path, CancellationToken ct)
    {
        using var http = clients.CreateClient(NowPaymentsSetup.Provider);
        using var response = await http.GetAsync(path, ct);
        if (response.StatusCode == System.Net.HttpStatusCode.NotFound) return [];
        if (!response.IsSuccessStatusCode) throw await ProviderException.FromAsync(NowPaymentsSetup.Provider, response, ct);
        var body = await response.Content.ReadAsStringAsync(ct);
        var told = Json.Parse(body);
        return [Read(body, told, NowPaymentsFacts.TimeOf(told) ?? throw new JsonException("updated_at is missing."), EventSource.Fetched)];
    }

    /// <summary>Their list wants a password beside the key; the payments that are open here are asked for one by one instead.</summary>
    public override async IAsyncEnumerable<ProviderEvent> ListAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken ct)
    {
        IReadOnlyList<string> open;
        await using (var work = await db.BeginSystemAsync(ct))
            open = await work.QueryAsync<string>(
                """
                select provider_ref from payments where provider = 'nowpayments' and provider_ref is not null and created_at >= @since - interval '30 days'
                  and status in ('pending', 'requires_action', 'processing', 'partially_paid') order by created_at
                """, new { since }, ct);
        foreach (var id in open)
            foreach (var told in await FetchAsync($"payment/{Uri.EscapeDataString(id)}", ct))
                yield return told with { Source = EventSource.Reconciled };
    }
}
