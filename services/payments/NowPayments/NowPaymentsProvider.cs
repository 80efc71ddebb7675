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

    /// <summary>Before the id of a payment: asks what was left of it. No address of theirs.</summary>
    internal const string OutcomePath = "outcome/";

    public override async Task<IReadOnlyList<ProviderEvent>> FetchAsync(string path, CancellationToken ct)
    {
        if (path.StartsWith(OutcomePath, StringComparison.Ordinal)) return await OutcomeAsync($"payment/{path[OutcomePath.Length..]}", ct);
        using var http = clients.CreateClient(NowPaymentsSetup.Provider);
        if (await GetAsync(http, path, ct) is not { } body) return [];
        var told = Json.Parse(body);
        return [Read(body, told, NowPaymentsFacts.TimeOf(told) ?? throw new JsonException("updated_at is missing."), EventSource.Fetched, options.Test)];
    }

    /// <summary>What was left of a payment that is finished, and what the price is in the coin that is left where that is another: together one event, so that its value is that of one moment, and stays.</summary>
    private async Task<IReadOnlyList<ProviderEvent>> OutcomeAsync(string path, CancellationToken ct)
    {
        using var http = clients.CreateClient(NowPaymentsSetup.Provider);
        if (await GetAsync(http, path, ct) is not { } body) return [];
        var o = Json.Parse(body);
        var (id, status) = (o.Text("payment_id"), o.Text("payment_status"));
        if (status == "refunded") return []; // nothing is left
        if (status != "finished") throw new JsonException($"payment_status is {status} where finished was told.");
        var (came, left) = (o.Text("pay_currency").ToLowerInvariant(), o.Text("outcome_currency").ToLowerInvariant());
        _ = o.Number("outcome_amount");
        if (o.MaybeText("payout_hash") is null && NowPaymentsFacts.OursOf(o) is { } ours && await unsettled.GoesToOurWalletAsync(ours, ct)) throw new JsonException("payout_hash is missing: the coins have not gone to the wallet yet.");
        var estimate = "null";
        if (came != left)
        {
            var question = $"estimate?amount={Uri.EscapeDataString(o.Text("price_amount"))}&currency_from={Uri.EscapeDataString(o.Text("price_currency"))}&currency_to={Uri.EscapeDataString(left)}";
            estimate = await GetAsync(http, question, ct) ?? throw new JsonException($"There is no estimate in {left}.");
        }
        var told = $$"""{"payment": {{body}}, "estimate": {{estimate}}}""";
        var at = NowPaymentsFacts.TimeOf(o) ?? throw new JsonException("updated_at is missing.");
        _ = NowPaymentsFacts.Of("", NowPaymentsFacts.OutcomeKind, Json.Parse(told), at, options.Test); // what cannot be read is asked for again, and not kept
        return [new(NowPaymentsFacts.Provider, $"{id}:outcome", NowPaymentsFacts.OutcomeKind, id, at, told, EventSource.Fetched, options.Test)];
    }

    /// <returns>Null where there is no such thing.</returns>
    private static async Task<string?> GetAsync(HttpClient http, string path, CancellationToken ct)
    {
        using var response = await http.GetAsync(path, ct);
        if (response.StatusCode == System.Net.HttpStatusCode.NotFound) return null;
        if (!response.IsSuccessStatusCode) throw await ProviderException.FromAsync(NowPaymentsSetup.Provider, response, ct);
        return await response.Content.ReadAsStringAsync(ct);
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
