using Empire.Data;
using Empire.Effects;
using Empire.Payments.Customers;
using Empire.Payments.Heard;
using Empire.Payments.Stripe;
using StripeNet = global::Stripe;

namespace Empire.Payments.Referrals;

/// <summary>A reward that a customer's next invoice at Stripe is to take, or shall take no longer.</summary>
/// <param name="Units">In Stripe's smallest unit of <paramref name="Currency"/>; positive.</param>
/// <param name="Act">give; take: it is taken back, all of it; return: what is left of it comes back here, for no invoice will take it there.</param>
public sealed record MoveCredit(Guid ReferralId, Guid CustomerId, long Units, string Currency, string Act)
{
    public const string Kind = "payments.stripe-credit", Give = "give", Take = "take", Return = "return";

    public static string KeyOf(Referral referral, string act) => $"ref-{referral.ToldAs:N}:{act}";

    /// <summary>The last subscription of an account has ended: its rewards at Stripe are to come back here, where its next upgrade takes them. What others have there waits for their next subscription.</summary>
    /// <remarks>The customer is locked: of two subscriptions that end at once the second sees the first one's end, and a reward that is given at this moment is seen here or sees the end.</remarks>
    public static async Task ReturnAsync(Work work, Guid customer, bool test, CancellationToken ct)
    {
        await Credit.LockAsync(work, customer, ct);
        foreach (var referral in await work.QueryAsync<Referral>(
            """
            select r.* from referrals r join customers c on c.tenant_id = current_tenant() and c.id = r.referrer_id and c.account_id is not null
            where r.tenant_id = current_tenant() and r.referrer_id = @customer and r.at_stripe and r.status = 'rewarded' and r.test = @test
              and not exists (select from subscriptions s where s.tenant_id = current_tenant() and s.customer_id = @customer and s.test = @test and s.status in ('active', 'trialing', 'past_due', 'unpaid', 'paused'))
            order by r.id
            """, new { customer, test }, ct))
            await work.PlanAsync(new EffectPlan<MoveCredit>(KeyOf(referral, Return), new(referral.Id, customer, StripeMoney.To(referral.Reward), referral.Currency!, Return)), ct);
    }
}

/// <summary>Moves the balance that a customer has at Stripe, where less than zero is their credit. Our id stands on each movement, by which one whose answer was lost is found.</summary>
public sealed class MoveCreditHandler(IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options, Database db) : EffectHandler<MoveCredit>
{
    private const string ReferralKey = "empire_referral";

    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<MoveCredit> attempt, CancellationToken ct)
    {
        var (intent, stripe) = (attempt.Intent, StripeActs.Client(clients, options));
        if (await CustomerAsync(attempt, ct) is not { } customer) return new EffectOutcome.Refused("Stripe does not have this customer.");
        if (await RefusedAsync(attempt, ct) is { } refused) return refused;
        if (intent.Act != MoveCredit.Give && await NotThereAsync(attempt, ct) is { } outcome) return outcome;
        try
        {
            var units = intent.Units;
            if (intent.Act != MoveCredit.Give)
            {
                var left = -(await new StripeNet.CustomerService(stripe).GetAsync(customer, cancellationToken: ct)).Balance;
                if (left <= 0 || (left < units && intent.Act == MoveCredit.Take)) return new EffectOutcome.Refused("It is spent.");
                units = Math.Min(units, left);
            }
            var moved = await new StripeNet.CustomerBalanceTransactionService(stripe).CreateAsync(customer, new()
            {
                Amount = intent.Act == MoveCredit.Give ? -units : units, Currency = intent.Currency.ToLowerInvariant(),
                Description = intent.Act switch { MoveCredit.Give => "Reward for a referral", MoveCredit.Take => "Reward for a referral, taken back", _ => "Reward for a referral, kept for the next upgrade" },
                Metadata = new() { [ReferralKey] = attempt.Key },
            }, StripeActs.Once(attempt.Key), ct);
            return await DoneAsync(attempt, moved);
        }
        catch (StripeNet.StripeException e) when (StripeActs.Outcome(e) is { } told)
        {
            return told;
        }
    }

    public override async Task<EffectOutcome> ProbeAsync(EffectAttempt<MoveCredit> attempt, CancellationToken ct)
    {
        if (await CustomerAsync(attempt, ct) is not { } customer) return new EffectOutcome.NotDone(TimeSpan.Zero);
        try
        {
            await foreach (var moved in new StripeNet.CustomerBalanceTransactionService(StripeActs.Client(clients, options)).ListAutoPagingAsync(customer, new() { Limit = 100 }, cancellationToken: ct))
                if (moved.Metadata?.GetValueOrDefault(ReferralKey) == attempt.Key) return await DoneAsync(attempt, moved);
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
        if (await ReferralTable.LockAsync(work, settled.Intent.ReferralId, ct) is not { } referral || settled.Key != MoveCredit.KeyOf(referral, settled.Intent.Act)) return;
        if (settled.Intent.Act == MoveCredit.Take)
        {
            if (settled.Succeeded || (!referral.AtStripe && await Credit.LeftAsync(work, referral.ReferrerId, referral.Reward.Currency, referral.Test, ct) >= referral.Reward)) await TakeBackReward.TakeAsync(work, referral, settled.At, ct);
            else await ReferralTable.SetAsync(work, referral.Id, "kept", ct);
            return;
        }
        if (settled is { Succeeded: false, Intent.Act: MoveCredit.Give }) await KeepHereAsync(work, referral, referral.Reward, settled.At, ct);
        if (settled is { Succeeded: true, Intent.Act: MoveCredit.Return } && referral.AtStripe) await KeepHereAsync(work, referral, referral.Reward, settled.At, ct); // a person said so
    }

    /// <summary>How much has come back, only Stripe's answer says: it is booked before the effect is settled, by the same words each time.</summary>
    private async Task<EffectOutcome> DoneAsync(EffectAttempt<MoveCredit> attempt, StripeNet.CustomerBalanceTransaction moved)
    {
        if (attempt.Intent.Act == MoveCredit.Return)
        {
            await using var work = await db.BeginAsync(attempt.Tenant, CancellationToken.None);
            if (await ReferralTable.LockAsync(work, attempt.Intent.ReferralId, CancellationToken.None) is { } referral && attempt.Key == MoveCredit.KeyOf(referral, attempt.Intent.Act))
            {
                await KeepHereAsync(work, referral, StripeMoney.From(moved.Amount, attempt.Intent.Currency), new(moved.Created, TimeSpan.Zero), CancellationToken.None);
                await work.CommitAsync(CancellationToken.None);
            }
        }
        return new EffectOutcome.Done(moved.Id);
    }

    private static async Task KeepHereAsync(Work work, Referral referral, Money amount, DateTimeOffset at, CancellationToken ct)
    {
        await work.ExecuteAsync("update referrals set at_stripe = false, updated_at = @Now where tenant_id = current_tenant() and id = @Id", new { work.Now, referral.Id }, ct);
        var here = new ReferralKeptHere(referral.ToldAs, referral.ReferrerId, amount.Micros, referral.Currency!, referral.Test, at);
        await HeardEvents.BookAsync(work, referral.ToldAs, here, at, HeardBookings.Of(here), ct);
    }

    /// <summary>One after the other: nothing leaves Stripe that is still on its way there, what is taken back does not come back here as well, and of what is left of a balance no two take the same.</summary>
    /// <returns>Null: it is there.</returns>
    private async Task<EffectOutcome?> NotThereAsync(EffectAttempt<MoveCredit> attempt, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(attempt.Tenant, ct);
        var (referral, other) = ((await ReferralTable.FindAsync(work, attempt.Intent.ReferralId, ct))!, attempt.Intent.Act == MoveCredit.Take ? MoveCredit.Return : MoveCredit.Take);
        var states = (await work.QueryAsync<(string Key, string State)>(
            "select key, state from kernel.effects where tenant_id = current_tenant() and kind = @Kind and key = any (@keys)",
            new { MoveCredit.Kind, keys = (string[])[MoveCredit.KeyOf(referral, MoveCredit.Give), MoveCredit.KeyOf(referral, other)] }, ct)).ToDictionary(row => row.Key, row => row.State);
        var (given, moved) = (states.GetValueOrDefault(MoveCredit.KeyOf(referral, MoveCredit.Give)), states.GetValueOrDefault(MoveCredit.KeyOf(referral, other)));
        if (given == "rejected" || (moved == "succeeded" && other == MoveCredit.Return)) return new EffectOutcome.Refused("It is kept here.");
        if (other == MoveCredit.Take && moved is not (null or "rejected" or "cancelled")) return new EffectOutcome.Refused("It is taken back.");
        var ready = given == "succeeded" && moved is null or "rejected" or "cancelled" or "held" && !await Turn.HasEarlierAsync(work, attempt.EffectId, "customerId", ct);
        return ready ? null : new EffectOutcome.NotDone(TimeSpan.FromMilliseconds(200));
    }

    private async Task<EffectOutcome?> RefusedAsync(EffectAttempt<MoveCredit> attempt, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(attempt.Tenant, ct);
        var referral = await ReferralTable.FindAsync(work, attempt.Intent.ReferralId, ct);
        return referral?.Test == options.Test && attempt.Key == MoveCredit.KeyOf(referral, attempt.Intent.Act) ? null
            : new EffectOutcome.Refused("What was earned in test mode is no money, and what is money is not moved in test mode.");
    }

    private async Task<string?> CustomerAsync(EffectAttempt<MoveCredit> attempt, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(attempt.Tenant, ct);
        return (await CustomerTable.FindAsync(work, attempt.Intent.CustomerId, ct))?.StripeId;
    }
}
