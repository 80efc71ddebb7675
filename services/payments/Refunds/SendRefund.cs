using System.Globalization;
using System.Text.Json;
using Empire.Data;
using Empire.Effects;
using Empire.Http;
using Empire.Payments.Facts;
using Empire.Payments.Flutterwave;
using Empire.Payments.Intake;
using Empire.Payments.Stripe;
using StripeNet = global::Stripe;

namespace Empire.Payments.Refunds;

/// <summary>A refund, decided.</summary>
/// <param name="Reference">Of the payment at the provider.</param>
/// <param name="Taken">What took the money.</param>
/// <param name="Units">In Stripe's smallest unit; <paramref name="Amount"/> in units of the currency.</param>
/// <param name="ForSeller">The seller gives their part back too.</param>
public sealed record SendRefund(Guid RefundId, Guid PaymentId, string Provider, string Reference, string? Taken, long Units, decimal Amount, string Currency, string Reason, bool ForSeller)
{
    public const string Kind = "payments.refund";

    public static string KeyOf(Guid refund) => PublicId.Format("ref", refund);
}

/// <summary>Asks the provider to give money back. Stripe knows our id on it, so one whose answer was lost is found; Flutterwave keeps it as the comment of the refund, and lists refunds.</summary>
public sealed class SendRefundHandler(
    IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions stripe, [FromKeyedServices(FlutterwaveSetup.Provider)] FlutterwaveOptions flutterwave, EventLog events, TimeProvider clock) : EffectHandler<SendRefund>
{
    public override Task<EffectOutcome> PerformAsync(EffectAttempt<SendRefund> attempt, CancellationToken ct) =>
        attempt.Intent.Provider == StripeFacts.Provider ? ByStripeAsync(attempt, ct) : ByFlutterwaveAsync(attempt, ct);

    public override async Task<EffectOutcome> ProbeAsync(EffectAttempt<SendRefund> attempt, CancellationToken ct)
    {
        if (attempt.Intent.Provider != StripeFacts.Provider) return await FoundAtFlutterwaveAsync(attempt, ct);
        try
        {
            await foreach (var made in new StripeNet.RefundService(StripeActs.Client(clients, stripe)).ListAutoPagingAsync(new() { PaymentIntent = attempt.Intent.Reference, Limit = 100 }, cancellationToken: ct))
                if (made.Metadata?.GetValueOrDefault(StripeFacts.RefundKey) == attempt.Intent.RefundId.ToString("N")) return new EffectOutcome.Done($"{made.Id}|{made.Status}");
            return new EffectOutcome.NotDone(TimeSpan.Zero);
        }
        catch (StripeNet.StripeException e)
        {
            throw StripeActs.Failed(e);
        }
    }

    /// <summary>The row shows at once what was answered; the books follow the provider's own report of it.</summary>
    public override Task SettledAsync(EffectSettled<SendRefund> settled, Work work, CancellationToken ct)
    {
        var (reference, status) = settled.Reference?.Split('|', 2) is [var id, var said] ? (id, said) : (settled.Reference, null);
        return work.ExecuteAsync(
            """
            update refunds set provider_ref = coalesce(provider_ref, @reference), failure = @failure, updated_at = @At,
              status = case when not @Succeeded then 'failed' when status = 'pending' and @done then 'succeeded' else status end
            where tenant_id = current_tenant() and id = @RefundId
              and not exists (select from refunds o where o.tenant_id = current_tenant() and o.provider = refunds.provider and o.provider_ref = @reference and o.id <> refunds.id)
            """, new { settled.Intent.RefundId, reference, failure = settled.Succeeded ? null : settled.Detail, settled.At, settled.Succeeded, done = status == "succeeded" || FlutterwaveFacts.StatusOf(status) == RefundStatus.Succeeded }, ct);
    }

    private async Task<EffectOutcome> ByStripeAsync(EffectAttempt<SendRefund> attempt, CancellationToken ct)
    {
        var intent = attempt.Intent;
        try
        {
            var made = await new StripeNet.RefundService(StripeActs.Client(clients, stripe)).CreateAsync(new()
            {
                PaymentIntent = intent.Reference, Amount = intent.Units, Reason = intent.Reason, ReverseTransfer = intent.ForSeller ? true : null, RefundApplicationFee = intent.ForSeller ? true : null,
                Metadata = new() { [StripeFacts.RefundKey] = intent.RefundId.ToString("N") },
            }, StripeActs.Once(attempt.Key), ct);
            return new EffectOutcome.Done($"{made.Id}|{made.Status}");
        }
        catch (StripeNet.StripeException e) when (StripeActs.Outcome(e) is { } outcome)
        {
            return outcome;
        }
    }

    private async Task<EffectOutcome> ByFlutterwaveAsync(EffectAttempt<SendRefund> attempt, CancellationToken ct)
    {
        using var http = clients.CreateClient(FlutterwaveSetup.Provider);
        using var response = await http.PostAsJsonAsync($"transactions/{Uri.EscapeDataString(attempt.Intent.Taken ?? "")}/refund", new { amount = attempt.Intent.Amount, comments = SendRefund.KeyOf(attempt.Intent.RefundId) }, ct);
        if (response.StatusCode == System.Net.HttpStatusCode.TooManyRequests) return new EffectOutcome.NotDone(TimeSpan.FromSeconds(2));
        if ((int)response.StatusCode is >= 400 and < 500) return new EffectOutcome.Refused((await ProviderException.FromAsync(FlutterwaveSetup.Provider, response, ct)).Detail);
        if (!response.IsSuccessStatusCode) throw await ProviderException.FromAsync(FlutterwaveSetup.Provider, response, ct);
        return await ToldAsync(attempt.Intent, (await response.Content.ReadFromJsonAsync<JsonElement>(ct)).Part("data"));
    }

    /// <summary>Looks for our comment among the refunds of the transaction. Whether the list can be narrowed is not relied on.</summary>
    private async Task<EffectOutcome> FoundAtFlutterwaveAsync(EffectAttempt<SendRefund> attempt, CancellationToken ct)
    {
        var (intent, nameless) = (attempt.Intent, false);
        for (var page = 1; ; page++)
        {
            using var http = clients.CreateClient(FlutterwaveSetup.Provider);
            var since = (attempt.StartedAt - TimeSpan.FromDays(1)).UtcDateTime;
            using var response = await http.GetAsync(string.Create(CultureInfo.InvariantCulture, $"refunds?tx_id={Uri.EscapeDataString(intent.Taken ?? "")}&from={since:yyyy-MM-dd}&page={page}"), ct);
            if (!response.IsSuccessStatusCode) throw await ProviderException.FromAsync(FlutterwaveSetup.Provider, response, ct);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(ct);
            foreach (var refund in answer.Part("data").EnumerateArray().Where(refund => refund.MaybeText("tx_id") == intent.Taken))
            {
                if (refund.MaybeText("comments") == SendRefund.KeyOf(intent.RefundId)) return await ToldAsync(intent, refund);
                nameless |= refund.MaybeText("comments") is null && refund.MaybeNumber("amount_refunded") == intent.Amount;
            }
            if (answer.Maybe("meta")?.Maybe("page_info")?.MaybeNumber("total_pages") is not { } pages || page >= pages)
                return nameless ? new EffectOutcome.CannotTell("Flutterwave lists a refund of this amount for the transaction, without our comment. Look in its dashboard: is it this one?") : new EffectOutcome.NotDone(TimeSpan.Zero);
        }
    }

    private async Task<EffectOutcome> ToldAsync(SendRefund intent, JsonElement data)
    {
        // Their answer is their word, and they send no webhook of it: into the log, from which it is booked.
        await events.StoreAsync(FlutterwaveFacts.HeardOfRefund(data, intent.Reference, intent.Currency, SendRefund.KeyOf(intent.RefundId), clock.GetUtcNow(), EventSource.Fetched, flutterwave.Test), CancellationToken.None);
        return new EffectOutcome.Done($"{data.Text("id")}|{data.MaybeText("status")}");
    }
}
