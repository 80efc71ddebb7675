using Empire.Data;
using Empire.Effects;
using Empire.Payments.Customers;
using Empire.Payments.Facts;
using Empire.Payments.Stripe;
using Empire.Security;
using StripeNet = global::Stripe;

namespace Empire.Payments.Charges;

/// <summary>A charge through Stripe, decided.</summary>
/// <param name="Units">In Stripe's smallest unit of <paramref name="Currency"/>.</param>
/// <param name="Method">Stripe's token; null: the customer's default, and where there is none, the payer's browser says.</param>
/// <param name="Seller">Stripe's account of who sells; null: the account itself.</param>
/// <param name="FeeUnits">What the platform keeps of a seller's sale.</param>
public sealed record ChargeCard(Guid PaymentId, Guid CustomerId, long Units, string Currency, string Description, string? Method, string? ReturnUrl, string? Seller, long FeeUnits)
{
    public const string Kind = "payments.stripe-charge";

    public static string KeyOf(Guid payment) => PublicId.Format(PaymentView.Prefix, payment);
}

/// <summary>Makes the payment intent and confirms it. Its key makes a repeat harmless for as long as Stripe remembers keys; an attempt whose answer was lost is looked for
/// among the customer's intents, by our id on them.</summary>
public sealed class ChargeCardHandler(IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options, Database db, Sealer sealer) : EffectHandler<ChargeCard>
{
    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<ChargeCard> attempt, CancellationToken ct)
    {
        var intent = attempt.Intent;
        var known = await CustomerAsync(attempt, ct);
        if (known is not { StripeId: { } customer })
            return known?.StripeProblem is { } problem ? new EffectOutcome.Refused(problem) : new EffectOutcome.NotDone(TimeSpan.FromMilliseconds(200)); // without a problem it is about to be made at Stripe
        var method = intent.Method ?? known.PaymentMethod;
        try
        {
            var made = await new StripeNet.PaymentIntentService(StripeActs.Client(clients, options)).CreateAsync(new()
            {
                Amount = intent.Units, Currency = intent.Currency.ToLowerInvariant(), Customer = customer, Description = intent.Description, PaymentMethod = method, Confirm = method is null ? null : true,
                ReturnUrl = method is null ? null : intent.ReturnUrl, AutomaticPaymentMethods = new() { Enabled = true },
                ApplicationFeeAmount = intent.Seller is null || intent.FeeUnits == 0 ? null : intent.FeeUnits, TransferData = intent.Seller is { } seller ? new() { Destination = seller } : null,
                Metadata = new() { [StripeFacts.PaymentKey] = intent.PaymentId.ToString("N"), [StripeFacts.TenantKey] = attempt.Tenant.Value.ToString("N") },
            }, StripeActs.Once(attempt.Key), ct);
            await IntentAnswers.SaveAsync(db, sealer, attempt.Tenant, intent.PaymentId, made, null);
            return new EffectOutcome.Done(made.Id);
        }
        catch (StripeNet.StripeException e) when (StripeActs.Outcome(e) is { } outcome)
        {
            await IntentAnswers.SaveRefusalAsync(db, sealer, attempt.Tenant, intent.PaymentId, e, outcome);
            return outcome;
        }
    }

    public override async Task<EffectOutcome> ProbeAsync(EffectAttempt<ChargeCard> attempt, CancellationToken ct)
    {
        if (await CustomerAsync(attempt, ct) is not { StripeId: { } customer }) return new EffectOutcome.NotDone(TimeSpan.Zero);
        var service = new StripeNet.PaymentIntentService(StripeActs.Client(clients, options));
        try
        {
            await foreach (var made in service.ListAutoPagingAsync(new() { Customer = customer, Created = new StripeNet.DateRangeOptions { GreaterThanOrEqual = (attempt.StartedAt - StripeActs.ClockDifference).UtcDateTime }, Limit = 100 }, cancellationToken: ct))
            {
                if (made.Metadata?.GetValueOrDefault(StripeFacts.PaymentKey) != attempt.Intent.PaymentId.ToString("N")) continue;
                await IntentAnswers.SaveAsync(db, sealer, attempt.Tenant, attempt.Intent.PaymentId, made, made.LastPaymentError);
                return made.LastPaymentError is { } error && made.Status == "requires_payment_method" ? new EffectOutcome.Refused($"{error.DeclineCode ?? error.Code}: {error.Message}") : new EffectOutcome.Done(made.Id);
            }
            return new EffectOutcome.NotDone(TimeSpan.Zero);
        }
        catch (StripeNet.StripeException e)
        {
            throw StripeActs.Failed(e);
        }
    }

    public override async Task SettledAsync(EffectSettled<ChargeCard> settled, Work work, CancellationToken ct)
    {
        if (settled.Succeeded || await PaymentTable.LockAsync(work, settled.Intent.PaymentId, ct) is not { } payment) return;
        var (code, detail) = settled.Detail?.Split(": ", 2) is [var before, var after] ? (before, after) : ("error", settled.Detail);
        payment.Report(PaymentStatus.Failed, payment.FailureCode ?? code, payment.FailureDetail ?? detail, null);
        await PaymentTable.SaveAsync(work, payment, ct);
    }

    private async Task<Customer?> CustomerAsync(EffectAttempt<ChargeCard> attempt, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(attempt.Tenant, ct);
        return await CustomerTable.FindAsync(work, attempt.Intent.CustomerId, ct);
    }
}
