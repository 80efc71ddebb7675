using Empire.Data;
using Empire.Effects;
using Empire.Payments.Customers;
using Empire.Payments.Heard;
using Empire.Payments.Stripe;
using StripeNet = global::Stripe;

namespace Empire.Payments.Referrals;

/// <summary>A reward that a customer's next invoice at Stripe is to take, or shall take no longer.</summary>
/// <param name="Units">In Stripe's smallest unit of <paramref name="Currency"/>; positive.</param>
/// <param name="Act">give or take.</param>
public sealed record MoveCredit(Guid ReferralId, Guid CustomerId, long Units, string Currency, string Act)
{
    public const string Kind = "payments.stripe-credit", Give = "give", Take = "take";

    public static string KeyOf(Guid referral, string act) => $"ref-{referral:N}:{act}";
}

/// <summary>Moves the balance that a customer has at Stripe, where less than zero is their credit. Our id stands on each movement, by which one whose answer was lost is found.</summary>
public sealed class MoveCreditHandler(IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options, Database db) : EffectHandler<MoveCredit>
{
    private const string ReferralKey = "empire_referral";

    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<MoveCredit> attempt, CancellationToken ct)
    {
        var (intent, stripe) = (attempt.Intent, StripeActs.Client(clients, options));
        if (await CustomerAsync(attempt, ct) is not { } customer) return new EffectOutcome.Refused("Stripe does not have this customer.");
        if (intent.Act == MoveCredit.Take && await GivenAsync(attempt, ct) is not "succeeded" and var given) return given == "rejected" ? new EffectOutcome.Refused("It is kept here.") : new EffectOutcome.NotDone(TimeSpan.FromMilliseconds(200));
        try
        {
            if (intent.Act == MoveCredit.Take && (await new StripeNet.CustomerService(stripe).GetAsync(customer, cancellationToken: ct)).Balance > -intent.Units) return new EffectOutcome.Refused("It is spent.");
            var moved = await new StripeNet.CustomerBalanceTransactionService(stripe).CreateAsync(customer, new()
            {
                Amount = intent.Act == MoveCredit.Give ? -intent.Units : intent.Units, Currency = intent.Currency.ToLowerInvariant(), Description = intent.Act == MoveCredit.Give ? "Reward for a referral" : "Reward for a referral, taken back",
                Metadata = new() { [ReferralKey] = attempt.Key },
            }, StripeActs.Once(attempt.Key), ct);
            return new EffectOutcome.Done(moved.Id);
        }
        catch (StripeNet.StripeException e) when (StripeActs.Outcome(e) is { } outcome)
        {
            return outcome;
        }
    }

    public override async Task<EffectOutcome> ProbeAsync(EffectAttempt<MoveCredit> attempt, CancellationToken ct)
    {
        if (await CustomerAsync(attempt, ct) is not { } customer) return new EffectOutcome.NotDone(TimeSpan.Zero);
        try
        {
            await foreach (var moved in new StripeNet.CustomerBalanceTransactionService(StripeActs.Client(clients, options)).ListAutoPagingAsync(customer, new() { Limit = 100 }, cancellationToken: ct))
                if (moved.Metadata?.GetValueOrDefault(ReferralKey) == attempt.Key) return new EffectOutcome.Done(moved.Id);
            return new EffectOutcome.NotDone(TimeSpan.Zero);
        }
        catch (StripeNet.StripeException e)
        {
            throw StripeActs.Failed(e);
        }
    }

    /// <summary>What Stripe would not take is kept here; what it would not give back is spent.</summary>
    public override async Task SettledAsync(EffectSettled<MoveCredit> settled, Work work, CancellationToken ct)
    {
        if (await ReferralTable.LockAsync(work, settled.Intent.ReferralId, ct) is not { } referral) return;
        if (settled.Intent.Act == MoveCredit.Take)
        {
            if (settled.Succeeded || (!referral.AtStripe && await Credit.LeftAsync(work, referral.ReferrerId, referral.Reward.Currency, referral.Test, ct) >= referral.Reward)) await TakeBackReward.TakeAsync(work, referral, settled.At, ct);
            else await ReferralTable.SetAsync(work, referral.Id, "kept", ct);
            return;
        }
        if (settled.Succeeded) return;
        await work.ExecuteAsync("update referrals set at_stripe = false, updated_at = @At where tenant_id = current_tenant() and id = @Id", new { settled.At, referral.Id }, ct);
        var here = new ReferralKeptHere(referral.Id, referral.ReferrerId, referral.RewardMicros!.Value, referral.Currency!, referral.Test, settled.At);
        await HeardEvents.BookAsync(work, referral.Id, here, settled.At, HeardBookings.Of(here), ct);
    }

    /// <returns>The state of the giving that this takes back.</returns>
    private async Task<string?> GivenAsync(EffectAttempt<MoveCredit> attempt, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(attempt.Tenant, ct);
        return await work.QuerySingleOrDefaultAsync<string>("select state from kernel.effects where tenant_id = current_tenant() and kind = @Kind and key = @key", new { MoveCredit.Kind, key = MoveCredit.KeyOf(attempt.Intent.ReferralId, MoveCredit.Give) }, ct);
    }

    private async Task<string?> CustomerAsync(EffectAttempt<MoveCredit> attempt, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(attempt.Tenant, ct);
        return (await CustomerTable.FindAsync(work, attempt.Intent.CustomerId, ct))?.StripeId;
    }
}
