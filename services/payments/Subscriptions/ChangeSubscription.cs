using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Effects;
using Empire.Http;
using Empire.Payments.Stripe;
using Empire.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Payments.Subscriptions;

/// <summary>Moves a subscription to another price, ends it, or goes on with one that was to end.</summary>
public static class ChangeSubscription
{
    /// <example>{"price_id": "price_coffee_yearly", "proration": "always_invoice"}</example>
    /// <param name="PriceId">Stripe's, as price_….</param>
    /// <param name="Proration">create_prorations: the difference stands on the next invoice; always_invoice: it is invoiced now, and the new price holds when it is paid; none: the new price holds from the next period.</param>
    public sealed record PriceRequest([Required, StringLength(100)] string PriceId, [OneOf("create_prorations", "always_invoice", "none")] string Proration = "create_prorations");

    /// <example>{"at_period_end": true}</example>
    /// <param name="AtPeriodEnd">False ends it now.</param>
    public sealed record CancelRequest(bool AtPeriodEnd = true);

    /// <summary>Moves it to another price. Where the difference is invoiced now, the new price, and the tier that it gives, hold when that is paid: until then <c>pending_price_id</c> names it, and <c>action_url</c> where
    /// it is paid; what is not paid within 23 hours is forgotten.</summary>
    public static Task<Results<Ok<SubscriptionView>, NotFound, ProblemHttpResult>> PriceAsync(
        string id, PriceRequest request, Caller caller, Database db, Sealer sealer, [FromKeyedServices(StripeSetup.Provider)] StripeOptions stripe, CancellationToken ct, [FromHeader(Name = "Idempotency-Key")] string? requestKey = null) =>
        ActAsync(id, "change", request.PriceId, request.Proration, caller, db, sealer, stripe, row => row.PendingPrice is { } waits ? waits == request.PriceId : row.Price == request.PriceId, requestKey, ct);

    public static Task<Results<Ok<SubscriptionView>, NotFound, ProblemHttpResult>> CancelAsync(
        string id, CancelRequest request, Caller caller, Database db, Sealer sealer, [FromKeyedServices(StripeSetup.Provider)] StripeOptions stripe, CancellationToken ct, [FromHeader(Name = "Idempotency-Key")] string? requestKey = null) =>
        ActAsync(id, request.AtPeriodEnd ? "cancel-at-end" : "cancel", null, null, caller, db, sealer, stripe, row => request.AtPeriodEnd ? row.CancelAtPeriodEnd : row.Status == "canceled", requestKey, ct);

    public static Task<Results<Ok<SubscriptionView>, NotFound, ProblemHttpResult>> ResumeAsync(
        string id, Caller caller, Database db, Sealer sealer, [FromKeyedServices(StripeSetup.Provider)] StripeOptions stripe, CancellationToken ct, [FromHeader(Name = "Idempotency-Key")] string? requestKey = null) =>
        ActAsync(id, "resume", null, null, caller, db, sealer, stripe, row => !row.CancelAtPeriodEnd, requestKey, ct);

    private static async Task<Results<Ok<SubscriptionView>, NotFound, ProblemHttpResult>> ActAsync(
        string id, string act, string? price, string? proration, Caller caller, Database db, Sealer sealer, StripeOptions stripe, Func<SubscriptionView.Row, bool> wanted, string? requestKey, CancellationToken ct)
    {
        if (!PublicId.TryParse(SubscriptionView.Prefix, id, out var subscription)) return TypedResults.NotFound();
        string key;
        await using (var work = await db.BeginAsync(caller.Tenant, ct))
        {
            if (await work.QuerySingleOrDefaultAsync<Row>("select customer_id, status, provider_ref, test from subscriptions where tenant_id = current_tenant() and id = @subscription for update", new { subscription }, ct) is not { } row) return TypedResults.NotFound();
            key = $"{id}:{act}:{(requestKey is null ? "" : RequestKey.Short(requestKey))}";
            if (requestKey is null || !await RequestKey.DecidedAsync(work, SubscriptionAct.Kind, key, ct))
            {
                if (row.ProviderRef is null || row.Status is "canceled" or "incomplete_expired" or "failed" or "pending") return new Refusal("subscription-not-open", $"A subscription that is {row.Status} cannot be changed.").ToProblem();
                if (row.Test != stripe.Test)
                    return new Refusal("subscription-of-other-mode", $"This subscription is of Stripe's {(row.Test ? "test" : "live")} mode, and the key of this installation is of the other.").ToProblem();
                // Twice the same wish is one act: two who upgrade at once pay once. Only of the last word: after another it is a new one.
                var last = await work.QuerySingleOrDefaultAsync<(string Key, string Act, string? Price)?>(
                    """
                    select key, intent ->> 'act', intent ->> 'price' from kernel.effects where tenant_id = current_tenant() and kind = @Kind and state in ('planned', 'running', 'unknown')
                      and intent ->> 'subscriptionId' = @text order by planned_at desc, id desc limit 1
                    """, new { SubscriptionAct.Kind, text = subscription.ToString() }, ct);
                if (last is var (underWay, wish, to) && wish == act && to == price) key = underWay;
                else
                {
                    if (requestKey is null) key += await work.QuerySingleAsync<int>("update subscriptions set acts = acts + 1 where tenant_id = current_tenant() and id = @subscription returning acts", new { subscription }, ct);
                    await work.PlanAsync(new EffectPlan<SubscriptionAct>(key, new(subscription, row.CustomerId, act, price, null, null, null, proration)), ct);
                    work.Audit($"subscription.{act}", "subscription", id, new { price, proration });
                    await work.CommitAsync(ct);
                }
            }
        }
        var became = await Awaited.SettledAsync(db, caller.Tenant, SubscriptionAct.Kind, key, ct);
        return became is { State: "rejected" } ? CreateSubscription.Refused(became.Detail ?? "", "price_id") : TypedResults.Ok((await Told.ReadAsync(db, sealer, caller.Tenant, subscription, wanted, ct))!);
    }

    private sealed record Row
    {
        public Guid CustomerId { get; init; }
        public string Status { get; init; } = "";
        public string? ProviderRef { get; init; }
        public bool Test { get; init; }
    }
}
