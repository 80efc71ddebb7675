using Empire.Contracts;
using Empire.Data;
using Empire.Payments.Coupons;
using Empire.Payments.Ledger;

namespace Empire.Payments.Charges;

internal static class PaymentTable
{
    public static Task AddAsync(Work work, Payment payment, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into payments (id, tenant_id, provider, purpose, customer_id, tier, amount_micros, currency, description, status, payment_method, seller_id, platform_fee_micros,
          pay_currency, provider_ref, piece_id, product_id, publication_id, coupon_id, discount_micros, credit_micros, test, created_at, updated_at)
        values (@Id, @Tenant, @Provider, @Purpose, @CustomerId, @Tier, @AmountMicros, @currency, @Description, @Status, @PaymentMethod, @SellerId, @PlatformFeeMicros,
          @PayCurrency, @ProviderRef, @PieceId, @ProductId, @PublicationId, @CouponId, @DiscountMicros, @CreditMicros, @Test, @CreatedAt, @CreatedAt)
        on conflict (id) do nothing
        """,
        new
        {
            payment.Id, work.Tenant, payment.Provider, payment.Purpose, payment.CustomerId, payment.Tier, payment.AmountMicros, currency = payment.Currency.Code, payment.Description, payment.Status,
            payment.PaymentMethod, payment.SellerId, payment.PlatformFeeMicros, payment.PayCurrency, payment.ProviderRef, payment.PieceId, payment.ProductId, payment.PublicationId, payment.CouponId, payment.DiscountMicros, payment.CreditMicros, payment.Test, payment.CreatedAt,
        }, ct);

    /// <summary>Until the work ends nobody else changes it; rows that refer to it may be written.</summary>
    public static Task<Payment?> LockAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Payment>("select * from payments where tenant_id = current_tenant() and id = @id for no key update", new { id }, ct);

    public static Task<Payment?> FindAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Payment>("select * from payments where tenant_id = current_tenant() and id = @id", new { id }, ct);

    /// <summary>Writes what a report or money has changed; the use of its coupon follows. One that has come to nothing by it is told of, once for each try that is known here.</summary>
    /// <param name="payment">Locked.</param>
    /// <param name="at">When it changed; null: now.</param>
    public static async Task SaveAsync(Work work, Payment payment, CancellationToken ct, DateTimeOffset? at = null)
    {
        var before = await work.QuerySingleOrDefaultAsync<string>(
            """
            with before as (select status from payments where tenant_id = current_tenant() and id = @Id)
            update payments set status = @Status, failure_code = @FailureCode, failure_detail = @FailureDetail, provider_ref = @ProviderRef, charge_ref = @ChargeRef, action_url = @ActionUrl,
              received_micros = @ReceivedMicros, captured_at = @CapturedAt, tried_at = @TriedAt, updated_at = @Now
            where tenant_id = current_tenant() and id = @Id
            returning (select status from before)
            """,
            new { payment.Status, payment.FailureCode, payment.FailureDetail, payment.ProviderRef, payment.ChargeRef, payment.ActionUrl, payment.ReceivedMicros, payment.CapturedAt, payment.TriedAt, work.Now, payment.Id }, ct);
        if (before is not (null or "failed" or "expired") && payment.Status is ("failed" or "expired"))
            work.Publish(new PaymentFailed { TenantId = work.Tenant.Value, PaymentId = payment.Id, CustomerId = payment.CustomerId, Reason = payment.FailureDetail ?? payment.Status, OccurredAt = at ?? work.Now });
        await Redemptions.FollowAsync(work, payment, ct);
    }

    /// <summary>Keeps a further reference that the provider has for a payment: another address, which may be paid too.</summary>
    /// <param name="payment">Locked.</param>
    public static Task AlsoKnownAsync(Work work, Payment payment, string reference, CancellationToken ct) => reference == payment.ProviderRef ? Task.CompletedTask : work.ExecuteAsync(
        "update payments set further_refs = array_append(further_refs, @reference) where tenant_id = current_tenant() and id = @Id and not @reference = any (further_refs)", new { payment.Id, reference }, ct);

    /// <summary>The payment that a provider speaks of, over all tenants: by its reference, by ours where it was given along, by what took the money. Locked, and the work
    /// narrowed to its tenant. At Stripe a payment has one intent; at the others each page or address that was asked for anew has a reference of its own, and all carry ours.</summary>
    /// <param name="work">Of the system.</param>
    public static async Task<Payment?> LocateAsync(Work work, string provider, string? reference, Guid? ours, string? taken, CancellationToken ct)
    {
        var found = await work.QuerySingleOrDefaultAsync<(Guid Id, Guid Tenant)?>(
            """
            select id, tenant_id from payments
            where provider = @provider and (provider_ref = @reference or (id = @ours and (provider <> 'stripe' or provider_ref is null or @reference::text is null)) or charge_ref = @taken)
            order by provider_ref = @reference desc nulls last limit 1
            """, new { provider, reference, ours, taken }, ct);
        if (found is not { } payment) return null;
        await work.ActForAsync(new(payment.Tenant), ct);
        return await LockAsync(work, payment.Id, ct);
    }

    /// <summary>The payment of a charge that the provider made by itself, for a subscription. Its id follows from the provider's, so that books made anew carry the same.</summary>
    public static Payment OfSubscription(TenantId tenant, Guid customer, Facts.MoneyArrived fact, DateTimeOffset now)
    {
        var payment = new Payment
        {
            Id = Book.IdOf(tenant, $"{fact.Provider}:payment:{fact.Reference}"), Provider = fact.Provider, Purpose = "subscription", CustomerId = customer, AmountMicros = fact.Amount.Micros,
            Currency = fact.Amount.Currency, Description = "Subscription", Test = fact.Test, CreatedAt = now,
        };
        payment.KnownAs(fact.Reference);
        return payment;
    }
}
