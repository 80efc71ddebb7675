using Empire.Data;

namespace Empire.Payments.Coupons;

internal static class CouponTable
{
    /// <returns>False when an active coupon has this code already.</returns>
    public static async Task<bool> AddAsync(Work work, Coupon coupon, string? requestKey, CancellationToken ct) => await work.ExecuteAsync(
        """
        insert into coupons (id, tenant_id, code, name, percent_off, amount_off_micros, currency, duration, duration_months, redeem_by, max_redemptions, request_key, test, created_at)
        values (@Id, @Tenant, @Code, @Name, @PercentOff, @AmountOffMicros, @Currency, @Duration, @DurationMonths, @RedeemBy, @MaxRedemptions, @requestKey, @Test, @CreatedAt) on conflict do nothing
        """,
        new
        {
            coupon.Id, work.Tenant, coupon.Code, coupon.Name, coupon.PercentOff, coupon.AmountOffMicros, coupon.Currency, coupon.Duration, coupon.DurationMonths, coupon.RedeemBy, coupon.MaxRedemptions, requestKey,
            coupon.Test, coupon.CreatedAt,
        }, ct) == 1;

    public static Task<Coupon?> FindAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Coupon>("select * from coupons where tenant_id = current_tenant() and id = @id", new { id }, ct);

    /// <summary>Held until the work ends: of two who take the last one, the second sees the first.</summary>
    public static Task<Coupon?> LockAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Coupon>("select * from coupons where tenant_id = current_tenant() and id = @id for update", new { id }, ct);

    /// <inheritdoc cref="LockAsync(Work, Guid, CancellationToken)"/>
    public static Task<Coupon?> LockAsync(Work work, string code, bool test, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Coupon>("select * from coupons where tenant_id = current_tenant() and code = @code and test = @test and active for update", new { code, test }, ct);
}
