using Empire.Data;
using Empire.Http;
using Empire.Payments.Customers;
using Empire.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Payments.Subscriptions;

/// <summary>The subscriptions of the caller's account, the newest first.</summary>
public static class ListSubscriptions
{
    /// <param name="customerId">cust_…; null is all.</param>
    /// <param name="status">As a subscription's status; null is all.</param>
    public static async Task<Page<SubscriptionView>> HandleAsync(
        [FromQuery(Name = "customer_id")] string? customerId, string? status, [AsParameters] PageRequest page, Caller caller, Database db, Sealer sealer, CancellationToken ct)
    {
        var customer = customerId is null ? (Guid?)null : PublicId.TryParse(Customer.Prefix, customerId, out var parsed) ? parsed : throw new InvalidFieldException("customer_id", "wanted: cust_….");
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<SubscriptionView.Row>(
            SubscriptionView.Select + """

            where tenant_id = current_tenant() and (@customer::uuid is null or customer_id = @customer) and (@status::text is null or status = @status)
              and (@at::timestamptz is null or (created_at, id) < (@at, @id))
            order by created_at desc, id desc limit @Fetch
            """, new { customer, status, at = after?.At, id = after?.Id, page.Fetch }, ct);
        return page.ToPage(rows, row => (row.CreatedAt, row.Id)).Select(row => SubscriptionView.Of(row, sealer));
    }

    /// <summary>One subscription.</summary>
    /// <param name="id">sub_….</param>
    public static async Task<Results<Ok<SubscriptionView>, NotFound>> OneAsync(string id, Caller caller, Database db, Sealer sealer, CancellationToken ct) =>
        PublicId.TryParse(SubscriptionView.Prefix, id, out var subscription) && await Told.ReadAsync(db, sealer, caller.Tenant, subscription, _ => true, ct) is { } view ? TypedResults.Ok(view) : TypedResults.NotFound();
}
