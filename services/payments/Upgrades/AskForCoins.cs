using System.Text.Json;
using Empire.Data;
using Empire.Effects;
using Empire.Http;
using Empire.Payments.Charges;
using Empire.Payments.Facts;
using Empire.Payments.NowPayments;

namespace Empire.Payments.Upgrades;

/// <summary>A payment in coins, decided.</summary>
/// <param name="PriceCurrency">Of the price; <paramref name="Coin"/> is what is paid.</param>
/// <param name="Payout">Where it goes from NOWPayments, as it was set when this was decided; null: as the account there says.</param>
public sealed record AskForCoins(Guid PaymentId, decimal Price, string PriceCurrency, string Coin, string Description, string CallbackUrl, Payout? Payout = null)
{
    public const string Kind = "payments.nowpayments-payment";
}

/// <summary>A wallet of ours.</summary>
/// <param name="Coin">As which it arrives: where that is not what is paid, NOWPayments changes it.</param>
/// <param name="ExtraId">The memo or tag of the address.</param>
public sealed record Payout(string Coin, string Address, string? ExtraId);

/// <summary>Asks NOWPayments for an address to pay to. No money moves by it; an address whose answer was lost is asked for again, and coins sent to either find the payment by
/// our id on it.</summary>
public sealed class AskForCoinsHandler(IHttpClientFactory clients, Database db) : EffectHandler<AskForCoins>
{
    /// <summary>What is not wanted is not mentioned.</summary>
    private static readonly JsonSerializerOptions LeftOut = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<AskForCoins> attempt, CancellationToken ct)
    {
        var intent = attempt.Intent;
        using var http = clients.CreateClient(NowPaymentsSetup.Provider);
        using var response = await http.PostAsJsonAsync("payment", new
        {
            price_amount = intent.Price, price_currency = intent.PriceCurrency.ToLowerInvariant(), pay_currency = intent.Coin, order_id = PublicId.Format("tx", intent.PaymentId), order_description = intent.Description,
            ipn_callback_url = intent.CallbackUrl, payout_address = intent.Payout?.Address, payout_currency = intent.Payout?.Coin, payout_extra_id = intent.Payout?.ExtraId,
        }, LeftOut, ct);
        if (response.StatusCode == System.Net.HttpStatusCode.TooManyRequests) return new EffectOutcome.NotDone(TimeSpan.FromSeconds(2));
        if ((int)response.StatusCode is >= 400 and < 500) return new EffectOutcome.Refused($"NOWPayments: {(await ProviderException.FromAsync(NowPaymentsSetup.Provider, response, ct)).Detail}");
        if (!response.IsSuccessStatusCode) throw await ProviderException.FromAsync(NowPaymentsSetup.Provider, response, ct);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(ct);
        var reference = answer.Text("payment_id");
        await using var work = await db.BeginAsync(attempt.Tenant, CancellationToken.None);
        if (await PaymentTable.LockAsync(work, intent.PaymentId, CancellationToken.None) is { } payment)
        {
            payment.KnownAs(reference);
            payment.Report(PaymentStatus.RequiresAction, null, null, answer.MaybeText("invoice_url"));
            await PaymentTable.SaveAsync(work, payment, CancellationToken.None);
            await PaymentTable.AlsoKnownAsync(work, payment, reference, CancellationToken.None);
            await work.ExecuteAsync(
                "update payments set pay_address = @address, pay_amount = @amount, pay_currency = @coin where tenant_id = current_tenant() and id = @PaymentId",
                new { address = answer.Text("pay_address"), amount = answer.Number("pay_amount"), coin = answer.Text("pay_currency"), intent.PaymentId }, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }
        return new EffectOutcome.Done(reference);
    }

    /// <summary>An address that is kept is done; one that was lost is of no use to anybody.</summary>
    public override async Task<EffectOutcome> ProbeAsync(EffectAttempt<AskForCoins> attempt, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(attempt.Tenant, ct);
        return (await PaymentTable.FindAsync(work, attempt.Intent.PaymentId, ct))?.ProviderRef is { } reference ? new EffectOutcome.Done(reference) : new EffectOutcome.NotDone(TimeSpan.Zero);
    }

    public override Task SettledAsync(EffectSettled<AskForCoins> settled, Work work, CancellationToken ct) => UpgradeFailure.RecordAsync(work, settled.Intent.PaymentId, settled.Succeeded, settled.Detail, ct);
}
