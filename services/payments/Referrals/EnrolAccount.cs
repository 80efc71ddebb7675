using Empire.Contracts;
using Empire.Data;
using Empire.Effects;
using Empire.Http;
using Empire.Messaging;
using Empire.Payments.Stripe;
using Empire.Payments.Upgrades;
using Empire.Privacy;
using Grpc.Core;

namespace Empire.Payments.Referrals;

/// <summary>A new account as a customer of whoever runs the installation, so that it has a code to give on, and remembers by whose it came.</summary>
/// <param name="Code">As it was given at sign-up; null: none.</param>
public sealed record EnrolAccount(Guid AccountId, string Email, string? Code)
{
    public const string Kind = "payments.enrol-account";
}

/// <summary>Who runs the installation only identity knows, so the enrolling is an effect and not a part of the hearing.</summary>
[Queue("payments.customer-signed-up")]
public sealed class HearSignUps : IHandle<CustomerSignedUp>
{
    public async Task HandleAsync(CustomerSignedUp fact, Work work, CancellationToken ct)
    {
        if (await ErasedAddresses.HoldsAsync(work, fact.Email, fact.OccurredAt, ct)) return;
        await work.PlanAsync(new EffectPlan<EnrolAccount>($"enrol-{fact.TenantId:N}", new(fact.TenantId, fact.Email.Trim().ToLowerInvariant(), fact.ReferralCode)), ct);
    }
}

/// <summary>Writes one row in one transaction, and where it is there already, none. A code that is nobody's is forgotten: whoever signed up is not to be told of it days later.</summary>
public sealed class EnrolAccountHandler(AccountDirectory accounts, Database db, [FromKeyedServices(StripeSetup.Provider)] StripeOptions stripe) : EffectHandler<EnrolAccount>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<EnrolAccount> attempt, CancellationToken ct)
    {
        TenantId seller;
        try { seller = await accounts.OperatorAsync(attempt.Tenant, ct); }
        catch (RpcException) { return new EffectOutcome.NotDone(Pause); } // identity is away, or nobody runs the installation yet
        var intent = attempt.Intent;
        if (seller.Value == intent.AccountId) return new EffectOutcome.Done(null); // is no customer of their own
        await using var work = await db.BeginSystemAsync(ct);
        await work.ActForAsync(attempt.Tenant, ct);
        var planned = await work.QuerySingleAsync<DateTimeOffset>("select planned_at from kernel.effects where tenant_id = current_tenant() and id = @EffectId", new { attempt.EffectId }, ct);
        if (await ErasedAddresses.HoldsAsync(work, intent.Email, planned, ct)) return new EffectOutcome.Done(null); // or an erasure of the address waits for what is written here
        await work.ActForAsync(seller, ct);
        var customer = await UpgradeAccount.CustomerOfAsync(work, intent.AccountId, intent.Email, null, stripe.Test, ct);
        if (intent.Code is { } code)
        {
            try { await ReferralTable.RecordAsync(work, customer.Id, code, ct); }
            catch (InvalidFieldException) { } // nothing is written before it is known to be somebody's
        }
        work.Audit("customer.enrolled", "customer", customer.PublicId);
        await work.CommitAsync(ct);
        return new EffectOutcome.Done(customer.PublicId);
    }

    public override Task<EffectOutcome> ProbeAsync(EffectAttempt<EnrolAccount> attempt, CancellationToken ct) => PerformAsync(attempt, ct);

    public override Task SettledAsync(EffectSettled<EnrolAccount> settled, Work work, CancellationToken ct) => Task.CompletedTask;
}
