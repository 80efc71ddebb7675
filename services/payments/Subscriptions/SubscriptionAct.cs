using Empire.Data;
using Empire.Effects;
using Empire.Payments.Charges;
using Empire.Payments.Coupons;
using Empire.Payments.Customers;
using Empire.Payments.Stripe;
using Empire.Security;
using StripeNet = global::Stripe;

namespace Empire.Payments.Subscriptions;

/// <summary>Something done to a subscription at Stripe, decided.</summary>
/// <param name="Act">begin, change, cancel, cancel-at-end or resume.</param>
/// <param name="Price">Of begin and change.</param>
/// <param name="Coupon">Of begin: Stripe's id, which is ours.</param>
/// <param name="Proration">Of change: create_prorations, always_invoice or none.</param>
public sealed record SubscriptionAct(Guid SubscriptionId, Guid CustomerId, string Act, string? Price, string? Method, int? TrialDays, string? Coupon, string? Proration)
{
    public const string Kind = "payments.stripe-subscription";
}

/// <summary>Does it, once: under the effect's key Stripe answers a repeat with what the first did, and a subscription whose answer was lost is found by our id on it.</summary>
public sealed class SubscriptionActHandler(IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options, Database db, Sealer sealer) : EffectHandler<SubscriptionAct>
{
    /// <summary>What is to be paid comes with the subscription.</summary>
    private const string Owed = "latest_invoice.payment_intent";

    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<SubscriptionAct> attempt, CancellationToken ct)
    {
        if (attempt.Intent.Act is "begin" or "change" or "resume" && await ClosedAsync(attempt, ct)) return new EffectOutcome.Refused("account-closed: The account is closed; nothing is charged for it any more.");
        return await NotItsTurnAsync(attempt, ct) ?? await ActAsync(attempt, ct);
    }

    private async Task<EffectOutcome> ActAsync(EffectAttempt<SubscriptionAct> attempt, CancellationToken ct)
    {
        var (intent, service) = (attempt.Intent, new StripeNet.SubscriptionService(StripeActs.Client(clients, options)));
        var (reference, customer, problem, forgotten) = await KnownAsync(attempt, ct);
        if (forgotten && intent.Act is "begin" or "change") customer = null; // or their card pays
        if (customer is null && problem is not null) return new EffectOutcome.Refused(problem);
        if (customer is null || (reference is null && intent.Act != "begin")) return new EffectOutcome.NotDone(TimeSpan.FromMilliseconds(200)); // about to be made at Stripe, or to be rid of them
        try
        {
            var once = StripeActs.Once(attempt.Key);
            var stands = intent.Act switch
            {
                "begin" => await service.CreateAsync(new()
                {
                    Customer = customer, Items = [new() { Price = intent.Price }], DefaultPaymentMethod = intent.Method, TrialPeriodDays = intent.TrialDays, Coupon = intent.Coupon,
                    PaymentBehavior = "allow_incomplete", Metadata = new() { [StripeFacts.SubscriptionKey] = intent.SubscriptionId.ToString("N"), [StripeFacts.TenantKey] = attempt.Tenant.Value.ToString("N") },
                    Expand = [Owed],
                }, once, ct),
                "change" => await ChangeAsync(service, reference!, intent, attempt.Key, ct),
                "cancel" => await service.CancelAsync(reference, new(), once, ct),
                "cancel-at-end" => await service.UpdateAsync(reference, new() { CancelAtPeriodEnd = true }, once, ct),
                "resume" => await service.UpdateAsync(reference, new() { CancelAtPeriodEnd = false }, once, ct),
                _ => throw new InvalidOperationException($"There is no act '{intent.Act}'."),
            };
            await KeepAsync(attempt, stands);
            return new EffectOutcome.Done(stands.Id);
        }
        catch (StripeNet.StripeException e) when (StripeActs.Outcome(e) is { } outcome)
        {
            return outcome;
        }
    }

    public override async Task<EffectOutcome> ProbeAsync(EffectAttempt<SubscriptionAct> attempt, CancellationToken ct)
    {
        if (attempt.Intent.Act != "begin") return await ActAsync(attempt, ct); // each says how it shall be, and the key makes the repeat a question
        var (_, customer, _, _) = await KnownAsync(attempt, ct);
        if (customer is null) return new EffectOutcome.NotDone(TimeSpan.Zero);
        try
        {
            await foreach (var made in new StripeNet.SubscriptionService(StripeActs.Client(clients, options)).ListAutoPagingAsync(new() { Customer = customer, Status = "all", Limit = 100, Expand = [$"data.{Owed}"] }, cancellationToken: ct))
            {
                if (made.Metadata?.GetValueOrDefault(StripeFacts.SubscriptionKey) != attempt.Intent.SubscriptionId.ToString("N")) continue;
                await KeepAsync(attempt, made);
                return new EffectOutcome.Done(made.Id);
            }
            return new EffectOutcome.NotDone(TimeSpan.Zero);
        }
        catch (StripeNet.StripeException e)
        {
            throw StripeActs.Failed(e);
        }
    }

    /// <summary>How it stands is told by Stripe's events, which come in order or are put in order; here only what no event tells.</summary>
    public override async Task SettledAsync(EffectSettled<SubscriptionAct> settled, Work work, CancellationToken ct)
    {
        if (settled.Intent is { Act: "begin", Coupon: not null })
        {
            // Locked: that its first payment was not made in time may be told before this is written, or at this moment.
            var status = await work.QuerySingleOrDefaultAsync<string>("select status from subscriptions where tenant_id = current_tenant() and id = @SubscriptionId for update", new { settled.Intent.SubscriptionId }, ct);
            await Redemptions.SetAsync(work, settled.Intent.SubscriptionId, settled.Succeeded && status != "incomplete_expired" ? "used" : "released", ct);
        }
        if (settled.Succeeded)
            await work.ExecuteAsync("update subscriptions set provider_ref = coalesce(provider_ref, @Reference), updated_at = @At where tenant_id = current_tenant() and id = @SubscriptionId", new { settled.Reference, settled.At, settled.Intent.SubscriptionId }, ct);
        else
            await work.ExecuteAsync(
                "update subscriptions set status = case when @begin and status = 'pending' then 'failed' else status end, failure_detail = @Detail, updated_at = @At where tenant_id = current_tenant() and id = @SubscriptionId",
                new { begin = settled.Intent.Act == "begin", settled.Detail, settled.At, settled.Intent.SubscriptionId }, ct);
    }

    private async Task<StripeNet.Subscription> ChangeAsync(StripeNet.SubscriptionService service, string reference, SubscriptionAct intent, string key, CancellationToken ct)
    {
        var now = await service.GetAsync(reference, new() { Expand = [Owed] }, cancellationToken: ct);
        // Changed already, or waiting for its payment, and not told of it when this was decided. Once more would be invoiced once more.
        if (now.PendingUpdate?.SubscriptionItems?[0].Price.Id == intent.Price) return now;
        if (now.Items.Data[0].Price.Id != intent.Price)
            return await service.UpdateAsync(reference, new()
            {
                Items = [new() { Id = now.Items.Data[0].Id, Price = intent.Price }], ProrationBehavior = intent.Proration, Expand = [Owed],
                PaymentBehavior = intent.Proration == "always_invoice" ? "pending_if_incomplete" : null, // what is not paid is not had
            }, StripeActs.Once(key), ct);
        if (now is not { PendingUpdate: not null, LatestInvoice.Id: { } unpaid }) return now;
        // A change away that waits for its payment is given up with its invoice.
        await new StripeNet.InvoiceService(StripeActs.Client(clients, options)).VoidInvoiceAsync(unpaid, null, StripeActs.Once($"{key}:void"), ct);
        return await service.GetAsync(reference, new() { Expand = [Owed] }, cancellationToken: ct);
    }

    /// <summary>What is done to one subscription is done in the order in which it was decided, so that the last word is the last: nothing overtakes what is still under way, and what a person has held and sends off again after a
    /// later word was carried out comes too late, also where that is just being carried out.</summary>
    /// <returns>Null: it is its turn.</returns>
    private async Task<EffectOutcome?> NotItsTurnAsync(EffectAttempt<SubscriptionAct> attempt, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(attempt.Tenant, ct);
        var (waits, late) = await work.QuerySingleAsync<(bool, bool)>(
            """
            select coalesce(bool_or(e.state in ('running', 'unknown')), false), coalesce(bool_or(e.state = 'succeeded'), false)
            from kernel.effects own join kernel.effects e on e.tenant_id = own.tenant_id and e.kind = own.kind and e.intent ->> 'subscriptionId' = own.intent ->> 'subscriptionId'
              and (e.planned_at, e.id) > (own.planned_at, own.id) and (e.intent ->> 'act' = 'change') = (own.intent ->> 'act' = 'change')
            where own.tenant_id = current_tenant() and own.id = @EffectId and own.attempts_forgiven > 0
            """, new { attempt.EffectId }, ct);
        waits |= await Turn.HasEarlierAsync(work, attempt.EffectId, "subscriptionId", ct);
        return late ? new EffectOutcome.Refused("overtaken: Something else was decided and done since.") : waits ? new EffectOutcome.NotDone(TimeSpan.FromMilliseconds(200)) : null;
    }

    /// <summary>Where its invoice is not paid yet: what the payer goes on with. How the invoice stands is told by events.</summary>
    private async Task KeepAsync(EffectAttempt<SubscriptionAct> attempt, StripeNet.Subscription stands)
    {
        if (stands.LatestInvoice is not { Status: "open" } invoice || invoice.PaymentIntent is not { Status: "requires_action" or "requires_payment_method" or "requires_confirmation" } intent) return;
        // Once the call has gone out its answer is kept, whoever has stopped waiting.
        await using var work = await db.BeginAsync(attempt.Tenant, CancellationToken.None);
        work.NothingToAudit();
        await work.ExecuteAsync(
            "update subscriptions set action_invoice = @invoice, action_url = @HostedInvoiceUrl, client_secret = @secret where tenant_id = current_tenant() and id = @SubscriptionId",
            new { invoice = invoice.Id, invoice.HostedInvoiceUrl, secret = intent.ClientSecret is { } secret ? sealer.Seal(secret, Payment.ClientSecretPurpose) : null, attempt.Intent.SubscriptionId }, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    /// <summary>Whoever sells it, or whoever it is for.</summary>
    private async Task<bool> ClosedAsync(EffectAttempt<SubscriptionAct> attempt, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        var payer = await work.QuerySingleOrDefaultAsync<Guid?>("select account_id from customers where tenant_id = @Tenant and id = @CustomerId", new { attempt.Tenant, attempt.Intent.CustomerId }, ct);
        return await ClosedAccount.FindAsync(work, attempt.Tenant.Value, payer, ct) is not null;
    }

    /// <returns>Without a customer and without a problem they are about to be made at Stripe.</returns>
    private async Task<(string? Reference, string? Customer, string? Problem, bool ForgottenCards)> KnownAsync(EffectAttempt<SubscriptionAct> attempt, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(attempt.Tenant, ct);
        var reference = await work.QuerySingleOrDefaultAsync<string>("select provider_ref from subscriptions where tenant_id = current_tenant() and id = @SubscriptionId", new { attempt.Intent.SubscriptionId }, ct);
        var customer = await CustomerTable.FindAsync(work, attempt.Intent.CustomerId, ct);
        return (reference, customer?.StripeId, customer?.StripeProblem, customer is { HasForgottenCards: true });
    }
}
