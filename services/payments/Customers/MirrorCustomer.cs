using Empire.Data;
using Empire.Effects;
using Empire.Payments.Intake;
using Empire.Payments.Stripe;
using StripeNet = global::Stripe;

namespace Empire.Payments.Customers;

/// <summary>A customer as Stripe is to have them.</summary>
/// <param name="Method">Stripe's token of a payment method to charge by default; null: none.</param>
/// <param name="TestClock">In whose time they are; null: in the real one.</param>
/// <param name="Afresh">They were made in the other of Stripe's modes; in this one they never were.</param>
public sealed record MirrorCustomer(Guid CustomerId, string Email, string? Name, string? Method, string? TestClock = null, bool Afresh = false)
{
    public const string Kind = "payments.stripe-customer";

    /// <summary>Plans it for one who is known there already, or is to be: each time it is another act.</summary>
    /// <returns>The effect's key.</returns>
    internal static async Task<string> AgainAsync(Work work, Customer customer, string? method, CancellationToken ct, bool afresh = false)
    {
        var key = KeyOf(customer.Id, $"{method}:{Guid.CreateVersion7(work.Now):N}");
        await work.PlanAsync(new EffectPlan<MirrorCustomer>(key, new(customer.Id, customer.Email, customer.Name, method, Afresh: afresh)), ct);
        return key;
    }

    public static string KeyOf(Guid customer, string? method) => $"{PublicId.Format(Customer.Prefix, customer)}{(method is null ? "" : $":{method}")}";
}

/// <summary>Makes the customer at Stripe, or finds them there, and attaches their method. Under the effect's key a repeat makes no second one. Whose cards are forgotten loses them there before anything else is given.</summary>
public sealed class MirrorCustomerHandler(IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options, Database db) : EffectHandler<MirrorCustomer>
{
    /// <summary>Until a process with the other key does it, or <see cref="Tiers.ModeKeeper"/> has brought the customer over to this one.</summary>
    private static readonly TimeSpan OtherMode = TimeSpan.FromSeconds(1);

    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<MirrorCustomer> attempt, CancellationToken ct)
    {
        var (intent, stripe) = (attempt.Intent, StripeActs.Client(clients, options));
        var (row, turn) = await FindAsync(attempt, ct);
        if (row is null || intent.Email == Forgotten.Instead || (row.HasForgottenCards && row.Email != intent.Email)) return new EffectOutcome.Refused("customer-erased: For whom this was decided is forgotten.");
        if (row.Test != options.Test) return new EffectOutcome.NotDone(OtherMode);
        if (row.HasForgottenCards && !turn) return new EffectOutcome.NotDone(TimeSpan.FromMilliseconds(200)); // a card that is given meanwhile is not to go with theirs
        try
        {
            var known = row.StripeId;
            var id = known ?? (await new StripeNet.CustomerService(stripe).CreateAsync(new()
            {
                Email = intent.Email, Name = intent.Name, TestClock = intent.TestClock, Metadata = new() { [StripeFacts.CustomerKey] = intent.CustomerId.ToString("N"), [StripeFacts.TenantKey] = attempt.Tenant.Value.ToString("N") },
            }, StripeActs.Once(intent.Afresh || row.HasForgottenCards ? attempt.Key : PublicId.Format(Customer.Prefix, intent.CustomerId)), ct)).Id;
            if (!await SaveAsync(attempt, id, null, ct)) return new EffectOutcome.NotDone(OtherMode);
            if (row.HasForgottenCards)
            {
                await TakeCardsAwayAsync(stripe, id, attempt.Key, ct);
                await using var work = await db.BeginAsync(attempt.Tenant, ct);
                if (!await CustomerTable.CardsForgottenAsync(work, row.Id, intent.Email, id, ct)) return new EffectOutcome.NotDone(TimeSpan.Zero);
                await work.CommitAsync(ct);
            }
            if (intent.Method is { } method)
            {
                var attached = await new StripeNet.PaymentMethodService(stripe).AttachAsync(method, new() { Customer = id }, StripeActs.Once(attempt.Key + ":attach"), ct);
                await new StripeNet.CustomerService(stripe).UpdateAsync(id, new() { Email = intent.Email, Name = intent.Name, InvoiceSettings = new() { DefaultPaymentMethod = attached.Id } }, StripeActs.Once(attempt.Key + ":default"), ct);
                await SaveAsync(attempt, id, attached, ct);
            }
            else if (known is not null) await new StripeNet.CustomerService(stripe).UpdateAsync(id, new() { Email = intent.Email, Name = intent.Name }, StripeActs.Once(attempt.Key + ":person"), ct);
            return new EffectOutcome.Done(id);
        }
        catch (StripeNet.StripeException e) when (StripeActs.Outcome(e) is { } outcome)
        {
            return outcome;
        }
    }

    /// <summary>Under the same keys a repeat is a question.</summary>
    public override Task<EffectOutcome> ProbeAsync(EffectAttempt<MirrorCustomer> attempt, CancellationToken ct) => PerformAsync(attempt, ct);

    public override Task SettledAsync(EffectSettled<MirrorCustomer> settled, Work work, CancellationToken ct) =>
        settled.Succeeded || settled.Intent.Email == Forgotten.Instead ? Task.CompletedTask : CustomerTable.ProblemAsync(work, settled.Intent.CustomerId, settled.Intent.Email, settled.Detail ?? "Stripe refused.", ct);

    /// <summary>What was subscribed to goes on, and is charged as the customer is from now on.</summary>
    private static async Task TakeCardsAwayAsync(StripeNet.IStripeClient stripe, string customer, string key, CancellationToken ct)
    {
        var subscriptions = new StripeNet.SubscriptionService(stripe);
        await foreach (var running in subscriptions.ListAutoPagingAsync(new() { Customer = customer, Limit = 100 }, cancellationToken: ct))
            if (running.DefaultPaymentMethodId is not null) await subscriptions.UpdateAsync(running.Id, new() { DefaultPaymentMethod = "" }, StripeActs.Once($"{key}:{running.Id}"), ct);
        List<string> methods = [];
        await foreach (var method in new StripeNet.CustomerService(stripe).ListPaymentMethodsAutoPagingAsync(customer, new() { Limit = 100 }, cancellationToken: ct)) methods.Add(method.Id);
        foreach (var method in methods) await new StripeNet.PaymentMethodService(stripe).DetachAsync(method, null, StripeActs.Once($"{key}:{method}"), ct);
    }

    /// <returns>The customer, and whether nothing that was decided of them before is under way.</returns>
    private async Task<(Customer? Row, bool Turn)> FindAsync(EffectAttempt<MirrorCustomer> attempt, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(attempt.Tenant, ct);
        var row = await CustomerTable.FindAsync(work, attempt.Intent.CustomerId, ct);
        return (row, row is { HasForgottenCards: false } || !await Turn.HasEarlierAsync(work, attempt.EffectId, "customerId", ct));
    }

    private async Task<bool> SaveAsync(EffectAttempt<MirrorCustomer> attempt, string id, StripeNet.PaymentMethod? method, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(attempt.Tenant, ct);
        var saved = await CustomerTable.MirroredAsync(work, attempt.Intent.CustomerId, attempt.Intent.Email, id, options.Test, method?.Id, method?.Card?.Brand, method?.Card?.Last4, ct);
        await work.CommitAsync(ct);
        return saved;
    }
}
