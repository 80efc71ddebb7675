using Empire.Data;
using Empire.Effects;
using Empire.Payments.Facts;
using Empire.Security;
using StripeNet = global::Stripe;

namespace Empire.Payments.Charges;

/// <summary>Keeps what Stripe answered about a payment intent. An event that said more already is not undone by it.</summary>
internal static class IntentAnswers
{
    /// <param name="error">Of an intent that failed.</param>
    public static async Task SaveAsync(Database db, Sealer sealer, TenantId tenant, Guid paymentId, StripeNet.PaymentIntent intent, StripeNet.StripeError? error)
    {
        // Once the call has gone out its answer is kept, whoever has stopped waiting.
        await using var work = await db.BeginAsync(tenant, CancellationToken.None);
        if (await PaymentTable.LockAsync(work, paymentId, CancellationToken.None) is not { } payment) return;
        payment.KnownAs(intent.Id);
        var status = intent.Status switch
        {
            "succeeded" => PaymentStatus.Succeeded,
            "processing" or "requires_capture" => PaymentStatus.Processing,
            "requires_action" => PaymentStatus.RequiresAction,
            "canceled" => PaymentStatus.Canceled,
            "requires_payment_method" when error is not null => PaymentStatus.Failed,
            _ => PaymentStatus.RequiresPaymentMethod,
        };
        payment.Report(status, error?.DeclineCode ?? error?.Code, error?.Message, intent.NextAction?.RedirectToUrl?.Url);
        await PaymentTable.SaveAsync(work, payment, CancellationToken.None);
        if (intent.ClientSecret is { } secret)
            await work.ExecuteAsync("update payments set client_secret = @secret where tenant_id = current_tenant() and id = @paymentId", new { secret = sealer.Seal(secret, Payment.ClientSecretPurpose), paymentId }, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    /// <summary>A declined card leaves an intent behind, which the payer may still pay.</summary>
    public static async Task SaveRefusalAsync(Database db, Sealer sealer, TenantId tenant, Guid paymentId, StripeNet.StripeException e, EffectOutcome outcome)
    {
        if (outcome is EffectOutcome.Refused && e.StripeError?.PaymentIntent is { } intent) await SaveAsync(db, sealer, tenant, paymentId, intent, e.StripeError);
    }
}
