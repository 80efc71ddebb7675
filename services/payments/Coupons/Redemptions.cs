using Empire.Data;
using Empire.Http;
using Empire.Payments.Charges;
using Empire.Payments.Upgrades;

namespace Empire.Payments.Coupons;

/// <summary>The uses of coupons. One is taken in the transaction that decides what it is for, and its row carries that decision's id, so that a repeat takes none; what becomes of it follows from
/// what becomes of the payment.</summary>
internal static class Redemptions
{
    /// <summary>The field of requests.</summary>
    private const string Field = "coupon";

    /// <summary>Of the row <c>held</c>; with <c>@PagesOver</c>.</summary>
    public const string Counted = $"(held.status = 'used' or (held.status = 'held' and not {OpenCheckout.Over}))";

    /// <summary>Takes a coupon for a customer. Who has used it before has it for as long as it runs, whatever became of it since, and counts once.</summary>
    /// <param name="code">As typed.</param>
    /// <param name="amount">What it is to be taken off; null: the provider knows.</param>
    /// <param name="decision">The id of the payment or subscription.</param>
    /// <param name="source">payment or subscription.</param>
    /// <param name="test">Whether Stripe, where each coupon is too, is in test mode: coupons of the other mode are not to be had.</param>
    /// <exception cref="InvalidFieldException">coupon: there is none of this code, or it is not to be had, and why.</exception>
    public static async Task<Coupon> TakeAsync(Work work, string code, Guid customer, Money? amount, Guid decision, string source, bool test, CancellationToken ct)
    {
        if (Coupon.CodeOf(code) is not { } wanted || await CouponTable.LockAsync(work, wanted, test, ct) is not { } coupon) throw new InvalidFieldException(Field, "is no code that can be used.");
        if (amount is { } paid && coupon.Unfit(paid.Currency) is { } unfit) throw new InvalidFieldException(Field, unfit);
        var own = await work.QuerySingleOrDefaultAsync<(string Status, DateTimeOffset At)?>(
            $"""
            select status, created_at from coupon_redemptions held where tenant_id = current_tenant() and coupon_id = @Id and customer_id = @customer and {Counted}
            order by status = 'used' desc, created_at limit 1
            """, new { coupon.Id, customer, PagesOver = OpenCheckout.PagesOver(work.Now) }, ct);
        if (own is ("used", var first)) return coupon.StillRuns(first, work.Now) ? coupon : throw new InvalidFieldException(Field, "was used by this customer already.");
        if (own is not null) throw new InvalidFieldException(Field, "is held by another payment of this customer, which is not settled yet.");
        if (coupon.Over(work.Now) is { } over) throw new InvalidFieldException(Field, over);
        await RequireLeftAsync(work, coupon, ct);
        await work.ExecuteAsync(
            """
            insert into coupon_redemptions (id, tenant_id, coupon_id, customer_id, source, created_at, updated_at) values (@decision, @Tenant, @Id, @customer, @source, @Now, @Now)
            """, new { decision, work.Tenant, coupon.Id, customer, source, work.Now }, ct);
        return coupon;
    }

    /// <summary>The coupon that a customer has in use for what they pay each month; the one that takes off most of <paramref name="amount"/>.</summary>
    /// <returns>Null where none runs.</returns>
    public static async Task<Coupon?> RunningAsync(Work work, Guid customer, Money amount, bool test, CancellationToken ct)
    {
        var used = await work.QueryAsync<(Guid Coupon, DateTimeOffset At)>(
            "select coupon_id, min(created_at) from coupon_redemptions where tenant_id = current_tenant() and customer_id = @customer and source = 'payment' and status = 'used' group by coupon_id", new { customer }, ct);
        List<Coupon> running = [];
        foreach (var (id, first) in used)
            if (await CouponTable.FindAsync(work, id, ct) is { } coupon && coupon.Test == test && coupon.StillRuns(first, work.Now) && coupon.Unfit(amount.Currency) is null) running.Add(coupon);
        return running.MaxBy(coupon => coupon.Off(amount).Micros);
    }

    /// <summary>A payment that had failed is tried again at its price: its use is taken again.</summary>
    /// <exception cref="InvalidFieldException">coupon: others have used it up meanwhile.</exception>
    public static async Task TakeAgainAsync(Work work, Payment payment, CancellationToken ct)
    {
        if (payment.CouponId is not { } id || await CouponTable.LockAsync(work, id, ct) is not { } coupon) return;
        if (!await work.QuerySingleAsync<bool>("select exists (select from coupon_redemptions where tenant_id = current_tenant() and id = @Id and status = 'released')", new { payment.Id }, ct)) return;
        await RequireLeftAsync(work, coupon, ct);
        await SetAsync(work, payment.Id, "held", ct);
    }

    /// <summary>What stands of a payment decides what stands of its use. What is paid after all is used, also where it had been given back.</summary>
    public static Task FollowAsync(Work work, Payment payment, CancellationToken ct) => payment switch
    {
        { CouponId: null } => Task.CompletedTask,
        { Succeeded: true } => SetAsync(work, payment.Id, "used", ct),
        { Status: "expired" or "canceled" } or { Status: "failed", Purpose: "sale" } or { Status: "failed", FailureCode: Payment.RefusedByProvider } => SetAsync(work, payment.Id, "released", ct),
        _ => Task.CompletedTask, // a page on which a card was declined takes another
    };

    /// <param name="status">held, used or released.</param>
    public static Task SetAsync(Work work, Guid decision, string status, CancellationToken ct) => work.ExecuteAsync(
        "update coupon_redemptions set status = @status, updated_at = @Now where tenant_id = current_tenant() and id = @decision and status <> @status", new { decision, status, work.Now }, ct);

    private static async Task RequireLeftAsync(Work work, Coupon coupon, CancellationToken ct)
    {
        if (coupon.MaxRedemptions is { } most && await work.QuerySingleAsync<int>($"select count(*)::int from coupon_redemptions held where tenant_id = current_tenant() and coupon_id = @Id and {Counted}", new { coupon.Id, PagesOver = OpenCheckout.PagesOver(work.Now) }, ct) >= most)
            throw new InvalidFieldException(Field, "was used as often as it may be.");
    }
}
