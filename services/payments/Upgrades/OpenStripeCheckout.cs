using Empire.Data;
using Empire.Effects;
using Empire.Payments.Charges;
using Empire.Payments.Facts;
using Empire.Payments.Stripe;
using StripeNet = global::Stripe;

namespace Empire.Payments.Upgrades;

/// <summary>A checkout page of Stripe's, decided.</summary>
/// <param name="Units">In Stripe's smallest unit of <paramref name="Currency"/>, before <paramref name="Coupon"/>.</param>
/// <param name="Coupon">Stripe's id, which is ours; null: none.</param>
public sealed record OpenStripeCheckout(Guid PaymentId, long Units, string Currency, string Email, string Description, string ReturnUrl, string? Coupon = null)
{
    public const string Kind = "payments.stripe-checkout";
}

/// <summary>Opens a checkout session. Under the effect's key a repeat opens no second one. The session's intent carries our id, by which its money finds the payment.</summary>
public sealed class OpenStripeCheckoutHandler(IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options, Database db) : EffectHandler<OpenStripeCheckout>
{
    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<OpenStripeCheckout> attempt, CancellationToken ct)
    {
        var intent = attempt.Intent;
        try
        {
            var session = await new StripeNet.Checkout.SessionService(StripeActs.Client(clients, options)).CreateAsync(new()
            {
                Mode = "payment", CustomerEmail = intent.Email, ClientReferenceId = attempt.Key, SuccessUrl = intent.ReturnUrl, CancelUrl = intent.ReturnUrl,
                LineItems = [new() { Quantity = 1, PriceData = new() { Currency = intent.Currency.ToLowerInvariant(), UnitAmount = intent.Units, ProductData = new() { Name = intent.Description } } }],
                Discounts = intent.Coupon is { } coupon ? [new() { Coupon = coupon }] : null,
                PaymentIntentData = new() { Description = intent.Description, Metadata = new() { [StripeFacts.PaymentKey] = intent.PaymentId.ToString("N"), [StripeFacts.TenantKey] = attempt.Tenant.Value.ToString("N") } },
            }, StripeActs.Once(attempt.Key), ct);
            await using var work = await db.BeginAsync(attempt.Tenant, CancellationToken.None);
            if (await PaymentTable.LockAsync(work, intent.PaymentId, CancellationToken.None) is { } payment)
            {
                payment.Report(PaymentStatus.RequiresAction, null, null, session.Url);
                await PaymentTable.SaveAsync(work, payment, CancellationToken.None);
                if (intent.Coupon is not null && session.AmountTotal is { } total) await AgreeAsync(work, payment, StripeMoney.From(total, intent.Currency));
                await work.CommitAsync(CancellationToken.None);
            }
            return new EffectOutcome.Done(session.Id);
        }
        catch (StripeNet.StripeException e) when (StripeActs.Outcome(e) is { } outcome)
        {
            return outcome;
        }
    }

    /// <summary>Stripe rounds a coupon's percentage itself. Nobody can have paid yet, for nobody has seen the page, so what is asked there is what is asked.</summary>
    private static Task AgreeAsync(Work work, Payment payment, Money asked) => asked == payment.Amount ? Task.CompletedTask : work.ExecuteAsync(
        "update payments set discount_micros = discount_micros + amount_micros - @Micros, amount_micros = @Micros where tenant_id = current_tenant() and id = @Id and captured_at is null", new { asked.Micros, payment.Id }, CancellationToken.None);

    /// <summary>No money moves by opening a page: under the same key the repeat is a question.</summary>
    public override Task<EffectOutcome> ProbeAsync(EffectAttempt<OpenStripeCheckout> attempt, CancellationToken ct) => PerformAsync(attempt, ct);

    public override Task SettledAsync(EffectSettled<OpenStripeCheckout> settled, Work work, CancellationToken ct) => UpgradeFailure.RecordAsync(work, settled.Intent.PaymentId, settled.Succeeded, settled.Detail, ct);
}
