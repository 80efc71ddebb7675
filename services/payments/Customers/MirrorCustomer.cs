using Empire.Data;
using Empire.Effects;
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

/// <summary>Makes the customer at Stripe, or finds them there, and attaches their method. Under the effect's key a repeat makes no second one.</summary>
public sealed class MirrorCustomerHandler(IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options, Database db) : EffectHandler<MirrorCustomer>
{
    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<MirrorCustomer> attempt, CancellationToken ct)
    {
        var (intent, stripe) = (attempt.Intent, StripeActs.Client(clients, options));
        try
        {
            var known = await KnownAsync(attempt, ct);
            var id = known ?? (await new StripeNet.CustomerService(stripe).CreateAsync(new()
            {
                Email = intent.Email, Name = intent.Name, TestClock = intent.TestClock, Metadata = new() { [StripeFacts.CustomerKey] = intent.CustomerId.ToString("N"), [StripeFacts.TenantKey] = attempt.Tenant.Value.ToString("N") },
            }, StripeActs.Once(intent.Afresh ? attempt.Key : PublicId.Format(Customer.Prefix, intent.CustomerId)), ct)).Id;
            await SaveAsync(attempt, id, null, ct);
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
        settled.Succeeded ? Task.CompletedTask : CustomerTable.ProblemAsync(work, settled.Intent.CustomerId, settled.Detail ?? "Stripe refused.", ct);

    private async Task<string?> KnownAsync(EffectAttempt<MirrorCustomer> attempt, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(attempt.Tenant, ct);
        return (await CustomerTable.FindAsync(work, attempt.Intent.CustomerId, ct))?.StripeId;
    }

    private async Task SaveAsync(EffectAttempt<MirrorCustomer> attempt, string id, StripeNet.PaymentMethod? method, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(attempt.Tenant, ct);
        await CustomerTable.MirroredAsync(work, attempt.Intent.CustomerId, id, method?.Id, method?.Card?.Brand, method?.Card?.Last4, ct);
        await work.CommitAsync(ct);
    }
}
