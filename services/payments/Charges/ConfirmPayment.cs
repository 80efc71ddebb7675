using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Effects;
using Empire.Http;
using Empire.Payments.Coupons;
using Empire.Payments.Stripe;
using Empire.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using StripeNet = global::Stripe;

namespace Empire.Payments.Charges;

/// <summary>Tries a payment again, by another method, or goes on with one that no method was given for.</summary>
public static class ConfirmPayment
{
    /// <example>{"payment_method": "pm_card_visa", "return_url": "https://shop.example.com/thanks"}</example>
    /// <param name="PaymentMethod">Stripe's token, as pm_…; never a card number.</param>
    public sealed record Request([Required, StringLength(100), RegularExpression("^pm_[A-Za-z0-9_]+$")] string PaymentMethod, [WebAddress, StringLength(2000)] string? ReturnUrl = null);

    /// <summary>Stripe's word for an intent that another confirmation has moved on meanwhile: nothing failed, the answer is where the payment stands.</summary>
    private const string NotOpen = "payment_intent_unexpected_state:";

    public static async Task<Results<Created<PaymentView>, Accepted<PaymentView>, NotFound, ProblemHttpResult>> HandleAsync(
        string id, Request request, Caller caller, Database db, Sealer sealer, IConfiguration configuration, CancellationToken ct,
        [FromHeader(Name = "Idempotency-Key")] string? requestKey = null)
    {
        if (!PublicId.TryParse(PaymentView.Prefix, id, out var paymentId)) return TypedResults.NotFound();
        string key;
        await using (var work = await db.BeginAsync(caller.Tenant, ct))
        {
            if (await PaymentTable.LockAsync(work, paymentId, ct) is not { } payment) return TypedResults.NotFound();
            key = $"{ChargeCard.KeyOf(paymentId)}:confirm:{(requestKey is null ? "" : RequestKey.Short(requestKey))}";
            if (requestKey is null || !await RequestKey.DecidedAsync(work, ConfirmIntent.Kind, key, ct))
            {
                if (payment.Provider != StripeFacts.Provider || payment.ProviderRef is null || payment.Status is not ("requires_payment_method" or "requires_action" or "failed"))
                    return new Refusal("payment-not-open", $"A payment that is {payment.Status} cannot be confirmed.").ToProblem();
                await Redemptions.TakeAgainAsync(work, payment, ct);
                payment.TryAgain(work.Now);
                await PaymentTable.SaveAsync(work, payment, ct);
                if (requestKey is null) key += await work.QuerySingleAsync<int>("update payments set tries = tries + 1 where tenant_id = current_tenant() and id = @paymentId returning tries", new { paymentId }, ct);
                await work.PlanAsync(new EffectPlan<ConfirmIntent>(key, new(paymentId, payment.ProviderRef, request.PaymentMethod, request.ReturnUrl ?? CreatePayment.ReturnUrl(configuration))), ct);
                work.Audit("payment.confirmed", "payment", id);
                await work.CommitAsync(ct);
            }
        }
        var became = await Awaited.SettledAsync(db, caller.Tenant, ConfirmIntent.Kind, key, ct);
        var view = (await GetPayment.ReadAsync(db, caller.Tenant, paymentId, sealer, ct))!;
        return became is { State: "rejected", Detail: { } said } && view.Status != "succeeded" && !said.StartsWith(NotOpen, StringComparison.Ordinal)
            ? CreatePayment.Failed(said.Split(": ", 2) is [var code, var detail] ? view with { FailureCode = code, FailureDetail = detail } : view)
            : CreatePayment.Answer(view);
    }
}

/// <param name="Reference">The payment intent.</param>
public sealed record ConfirmIntent(Guid PaymentId, string Reference, string Method, string? ReturnUrl)
{
    public const string Kind = "payments.stripe-confirm";
}

/// <summary>Confirms an intent. An intent pays once, whatever is confirmed, so an attempt whose answer was lost is settled by looking at it.</summary>
public sealed class ConfirmIntentHandler(IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options, Database db, Sealer sealer) : EffectHandler<ConfirmIntent>
{
    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<ConfirmIntent> attempt, CancellationToken ct)
    {
        try
        {
            var confirmed = await new StripeNet.PaymentIntentService(StripeActs.Client(clients, options)).ConfirmAsync(
                attempt.Intent.Reference, new() { PaymentMethod = attempt.Intent.Method, ReturnUrl = attempt.Intent.ReturnUrl }, StripeActs.Once(attempt.Key), ct);
            await IntentAnswers.SaveAsync(db, sealer, attempt.Tenant, attempt.Intent.PaymentId, confirmed, null);
            return new EffectOutcome.Done(confirmed.Id);
        }
        catch (StripeNet.StripeException e) when (StripeActs.Outcome(e) is { } outcome)
        {
            await IntentAnswers.SaveRefusalAsync(db, sealer, attempt.Tenant, attempt.Intent.PaymentId, e, outcome);
            return outcome;
        }
    }

    public override async Task<EffectOutcome> ProbeAsync(EffectAttempt<ConfirmIntent> attempt, CancellationToken ct)
    {
        try
        {
            var intent = await new StripeNet.PaymentIntentService(StripeActs.Client(clients, options)).GetAsync(attempt.Intent.Reference, cancellationToken: ct);
            await IntentAnswers.SaveAsync(db, sealer, attempt.Tenant, attempt.Intent.PaymentId, intent, intent.LastPaymentError);
            return intent.Status switch
            {
                "succeeded" or "processing" or "requires_capture" or "requires_action" => new EffectOutcome.Done(intent.Id),
                "canceled" => new EffectOutcome.Refused("canceled: The payment is canceled."),
                _ => new EffectOutcome.NotDone(TimeSpan.Zero), // under the same key Stripe answers what it answered, if it did
            };
        }
        catch (StripeNet.StripeException e)
        {
            throw StripeActs.Failed(e);
        }
    }

    public override Task SettledAsync(EffectSettled<ConfirmIntent> settled, Work work, CancellationToken ct) => Task.CompletedTask; // the answer is kept as it comes
}
