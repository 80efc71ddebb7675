using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Effects;
using Empire.Http;
using Empire.Payments.Coupons;
using Empire.Payments.Customers;
using Empire.Payments.Stripe;
using Empire.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Payments.Subscriptions;

/// <summary>Begins to charge a customer each period.</summary>
public static class CreateSubscription
{
    /// <example>{"customer_id": "cust_0199f3a17c5b7d3e8a4b5c6d7e8f9012", "price_id": "price_coffee_monthly", "trial_days": 14}</example>
    /// <param name="CustomerId">cust_….</param>
    /// <param name="PriceId">Stripe's, as price_….</param>
    /// <param name="PaymentMethod">Stripe's token, as pm_…; left out: whatever the customer's default is at each renewal. Never a card number.</param>
    /// <param name="TrialDays">Free at first.</param>
    /// <param name="Coupon">The word of a coupon; Stripe takes it off each invoice for as long as it runs.</param>
    public sealed record Request(
        [Required] string CustomerId, [Required, StringLength(100)] string PriceId, [StringLength(100), RegularExpression("^pm_[A-Za-z0-9_]+$")] string? PaymentMethod = null, [Range(1, 730)] int? TrialDays = null,
        [StringLength(40)] string? Coupon = null);

    public static async Task<Results<Created<SubscriptionView>, Accepted<SubscriptionView>, NotFound, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, Database db, Sealer sealer, [FromKeyedServices(StripeSetup.Provider)] StripeOptions stripe, TimeProvider clock, CancellationToken ct, [FromHeader(Name = "Idempotency-Key")] string? requestKey = null)
    {
        if (!PublicId.TryParse(Customer.Prefix, request.CustomerId, out var customerId)) throw new InvalidFieldException("customer_id", "wanted: cust_….");
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await using (var work = await db.BeginAsync(caller.Tenant, ct))
        {
            if (requestKey is not null && await work.QuerySingleOrDefaultAsync<Guid?>("select id from subscriptions where tenant_id = current_tenant() and request_key = @requestKey", new { requestKey }, ct) is { } known) id = known;
            else
            {
                if (await CustomerTable.FindAsync(work, customerId, ct) is not { } customer) return TypedResults.NotFound();
                if (customer.Erased) return ChangeMethod.Erased.ToProblem();
                if (customer.StripeId is null && customer.StripeProblem is { } lacking) return new Refusal("customer-not-at-stripe", $"Stripe does not have this customer: {lacking}").ToProblem();
                var coupon = request.Coupon is null ? null : await Redemptions.TakeAsync(work, request.Coupon, customer.Id, null, id, "subscription", stripe.Test, ct);
                if (coupon is { StripeId: null, StripeProblem: { } problem }) throw new InvalidFieldException("coupon", $"Stripe does not have it: {problem}");
                await work.ExecuteAsync(
                    "insert into subscriptions (id, tenant_id, customer_id, price, coupon_id, request_key, test, created_at, updated_at) values (@id, @Tenant, @customerId, @PriceId, @couponId, @requestKey, @Test, @now, @now)",
                    new { id, work.Tenant, customerId, request.PriceId, couponId = coupon?.Id, requestKey, stripe.Test, now }, ct);
                await work.PlanAsync(new EffectPlan<SubscriptionAct>(PublicId.Format(SubscriptionView.Prefix, id), new(id, customer.Id, "begin", request.PriceId, request.PaymentMethod, request.TrialDays, coupon?.PublicId, null)), ct);
                work.Audit("subscription.begun", "subscription", PublicId.Format(SubscriptionView.Prefix, id), new { request.PriceId });
                await work.CommitAsync(ct);
            }
        }
        var became = await Awaited.SettledAsync(db, caller.Tenant, SubscriptionAct.Kind, PublicId.Format(SubscriptionView.Prefix, id), ct);
        if (became is { State: "rejected" }) return Refused(became.Detail ?? "", "price_id");
        var view = (await Told.ReadAsync(db, sealer, caller.Tenant, id, row => row.Status is not ("pending" or "incomplete") || row is { Status: "incomplete", ActionInvoice: not null }, ct))!; // begun, it is incomplete for the moment that its first payment takes, and longer where the payer has to do something
        return view.Status == "pending" ? TypedResults.Accepted($"/api/v1/revenue/subscriptions/{view.SubscriptionId}", view) : TypedResults.Created($"/api/v1/revenue/subscriptions/{view.SubscriptionId}", view);
    }

    /// <summary>An unknown price or coupon is the request's fault; a card that is declined is the payer's.</summary>
    internal static ProblemHttpResult Refused(string detail, string field) =>
        detail.StartsWith("resource_missing", StringComparison.Ordinal) || detail.StartsWith("parameter_invalid", StringComparison.Ordinal) || detail.StartsWith("invalid_request_error: The coupon", StringComparison.Ordinal)
            ? throw new InvalidFieldException(detail.Contains("coupon", StringComparison.OrdinalIgnoreCase) ? "coupon" : detail.Replace(" ", "", StringComparison.Ordinal).Contains("paymentmethod", StringComparison.OrdinalIgnoreCase) ? "payment_method" : field, detail)
            : new Refusal("payment-failed", detail).ToProblem(StatusCodes.Status402PaymentRequired);
}
