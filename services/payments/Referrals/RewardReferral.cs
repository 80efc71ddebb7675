using Empire.Contracts;
using Empire.Data;
using Empire.Effects;
using Empire.Messaging;
using Empire.Payments.Heard;
using Empire.Payments.Stripe;
using Empire.Payments.Upgrades;
using Empire.Tiers;
using Microsoft.Extensions.Options;

namespace Empire.Payments.Referrals;

/// <summary>Whoever sent a customer who now pays for the first time gets a month of their own tier as credit: what they pay for a month, or what the price book says; of the cheapest tier where they have none.</summary>
[Queue("payments.payment-succeeded")]
public sealed class RewardReferral(IOptions<PriceBook> prices) : IHandle<PaymentSucceeded>
{
    private const string Cheapest = "professional";

    public async Task HandleAsync(PaymentSucceeded fact, Work work, CancellationToken ct)
    {
        if (fact.CustomerId is not { } referred || fact.Micros == 0 || await ReferralTable.LockAsync(work, referred, ct) is not { } referral || !referral.IsMetBy(fact.Test)) return;
        if (await TakeBackReward.GivenBackAsync(work, fact.PaymentId, ct)) // heard after its refund or its lost dispute: there is nothing to reward, nor later
        {
            await work.ExecuteAsync("update referrals set status = 'taken_back', test = @Test, in_earnest = status <> 'waiting', updated_at = @Now where tenant_id = current_tenant() and id = @Id", new { fact.Test, work.Now, referral.Id }, ct);
            return;
        }
        await Credit.LockAsync(work, referral.ReferrerId, ct); // a subscription whose end is told at this moment is seen here, or sees the reward
        var referrer = await work.QuerySingleAsync<Pays>(
            """
            select c.tier, c.stripe_id, s.amount_micros, s.currency, s.period, coalesce(s.renews, false) as renews from customers c
            left join lateral (
              select s.*, s.status <> 'past_due' and not s.cancel_at_period_end as renews from subscriptions s
              where s.tenant_id = current_tenant() and s.customer_id = c.id and s.test = @Test and s.status in ('active', 'trialing', 'past_due') order by renews desc, s.created_at desc limit 1) s on true
            where c.tenant_id = current_tenant() and c.id = @ReferrerId
            """, new { referral.ReferrerId, fact.Test }, ct);
        var reward = referrer is { Period: "month", AmountMicros: { } month and > 0, Currency: { } own } ? new(month, Currency.Parse(own)) : prices.Value.Of(referrer.Tier == TierTable.Free ? Cheapest : referrer.Tier)!.Value;
        var units = 0L;
        var atStripe = referrer is { Renews: true, StripeId: not null } && StripeMoney.TryTo(reward, out units);
        referral = await work.QuerySingleAsync<Referral>(
            """
            update referrals set status = 'rewarded', payment_id = @PaymentId, reward_micros = @Micros, currency = @currency, at_stripe = @atStripe, test = @Test, in_earnest = status <> 'waiting', updated_at = @Now
            where tenant_id = current_tenant() and id = @Id returning *
            """, new { fact.PaymentId, reward.Micros, currency = reward.Currency.Code, atStripe, fact.Test, work.Now, referral.Id }, ct);
        var rewarded = new ReferralRewarded(referral.ToldAs, referral.ReferrerId, reward.Micros, reward.Currency.Code, atStripe, fact.Test, fact.OccurredAt);
        await HeardEvents.BookAsync(work, referral.ToldAs, rewarded, fact.OccurredAt, HeardBookings.Of(rewarded), ct);
        if (atStripe) await work.PlanAsync(new EffectPlan<MoveCredit>(MoveCredit.KeyOf(referral, MoveCredit.Give), new(referral.Id, referral.ReferrerId, units, reward.Currency.Code, MoveCredit.Give)), ct);
    }

    private sealed record Pays
    {
        public string Tier { get; init; } = "";
        public string? StripeId { get; init; }
        public long? AmountMicros { get; init; }
        public string? Currency { get; init; }
        public string? Period { get; init; }

        /// <summary>There will be a next invoice that takes it.</summary>
        public bool Renews { get; init; }
    }
}

/// <summary>The first payment of somebody who had been sent was given back whole, by us or by the payer's bank: the reward is taken back where it is not spent.</summary>
[Queue("payments.payment-refunded")]
public sealed class TakeBackReward : IHandle<PaymentRefunded>
{
    public Task HandleAsync(PaymentRefunded fact, Work work, CancellationToken ct) => JudgeAsync(work, fact.CustomerId, fact.PaymentId, fact.OccurredAt, ct);

    internal static async Task JudgeAsync(Work work, Guid? customer, Guid payment, DateTimeOffset at, CancellationToken ct)
    {
        if (customer is not { } referred || await ReferralTable.LockAsync(work, referred, ct) is not { Status: "rewarded" } referral || referral.PaymentId != payment || !await GivenBackAsync(work, payment, ct)) return;
        if (referral.AtStripe)
        {
            var units = StripeMoney.To(referral.Reward); // it went there
            await work.PlanAsync(new EffectPlan<MoveCredit>(MoveCredit.KeyOf(referral, MoveCredit.Take), new(referral.Id, referral.ReferrerId, units, referral.Currency!, MoveCredit.Take)), ct);
            return;
        }
        if (await Credit.LeftAsync(work, referral.ReferrerId, referral.Reward.Currency, referral.Test, ct) < referral.Reward) await ReferralTable.SetAsync(work, referral.Id, "kept", ct);
        else await TakeAsync(work, referral, at, ct);
    }

    internal static async Task TakeAsync(Work work, Referral referral, DateTimeOffset at, CancellationToken ct)
    {
        await ReferralTable.SetAsync(work, referral.Id, "taken_back", ct);
        var taken = new ReferralTakenBack(referral.ToldAs, referral.ReferrerId, referral.RewardMicros!.Value, referral.Currency!, referral.AtStripe, referral.Test, at);
        await HeardEvents.BookAsync(work, referral.ToldAs, taken, at, HeardBookings.Of(taken), ct);
    }

    internal static Task<bool> GivenBackAsync(Work work, Guid payment, CancellationToken ct) => work.QuerySingleAsync<bool>(
        """
        select coalesce((select sum(r.amount_micros) from refunds r where r.tenant_id = current_tenant() and r.payment_id = p.id and r.status = 'succeeded'), 0)
          + coalesce((select sum(d.amount_micros) from disputes d where d.tenant_id = current_tenant() and d.payment_id = p.id and d.status = 'lost'), 0) >= p.amount_micros
        from payments p where p.tenant_id = current_tenant() and p.id = @payment
        """, new { payment }, ct);
}

/// <inheritdoc cref="TakeBackReward"/>
[Queue("payments.dispute-lost")]
public sealed class TakeBackDisputedReward : IHandle<DisputeLost>
{
    public Task HandleAsync(DisputeLost fact, Work work, CancellationToken ct) => TakeBackReward.JudgeAsync(work, fact.CustomerId, fact.PaymentId, fact.OccurredAt, ct);
}
