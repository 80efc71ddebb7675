using Empire.Data;
using Empire.Effects;
using Empire.Payments.Stripe;
using StripeNet = global::Stripe;

namespace Empire.Payments.Disputes;

/// <summary>What was passed on to a seller of a sale that its payer's bank took back, as a refund takes it: their part from the seller, the platform's share from the platform.</summary>
/// <param name="Charge">Stripe's, whose transfer it is.</param>
/// <param name="Units">Of the dispute, in Stripe's smallest unit.</param>
/// <param name="Amount">The same, as people read it.</param>
public sealed record TakeBackShare(Guid DisputeId, string Charge, long Units, string Amount)
{
    public const string Kind = "payments.stripe-take-back";

    public static string KeyOf(Guid dispute) => PublicId.Format("dp", dispute);
}

/// <summary>Reverses the transfer. Under the effect's key a repeat is a question.</summary>
public sealed class TakeBackShareHandler(IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options) : EffectHandler<TakeBackShare>
{
    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<TakeBackShare> attempt, CancellationToken ct)
    {
        var (intent, stripe) = (attempt.Intent, StripeActs.Client(clients, options));
        try
        {
            if ((await new StripeNet.ChargeService(stripe).GetAsync(intent.Charge, cancellationToken: ct)).TransferId is not { Length: > 0 } transfer) return new EffectOutcome.Refused("Nothing was passed on.");
            var back = await new StripeNet.TransferReversalService(stripe).CreateAsync(
                transfer, new() { Amount = intent.Units, RefundApplicationFee = true, Description = "Dispute lost", Metadata = new() { ["dispute"] = attempt.Key } }, StripeActs.Once(attempt.Key), ct);
            return new EffectOutcome.Done(back.Id);
        }
        catch (StripeNet.StripeException e) when (StripeActs.Outcome(e) is { } outcome)
        {
            return outcome;
        }
    }

    public override Task<EffectOutcome> ProbeAsync(EffectAttempt<TakeBackShare> attempt, CancellationToken ct) => PerformAsync(attempt, ct);

    /// <summary>The books follow Stripe's own report of it. What cannot be had stands there as what the seller owes.</summary>
    public override Task SettledAsync(EffectSettled<TakeBackShare> settled, Work work, CancellationToken ct) => settled.Succeeded ? Task.CompletedTask
        : Alerts.RaiseAsync(work, "high", $"dispute:{settled.Key}:seller", $"The dispute of {settled.Intent.Amount} is lost, and the seller's part could not be taken back: {settled.Detail ?? "Stripe refused."}", ct);
}
