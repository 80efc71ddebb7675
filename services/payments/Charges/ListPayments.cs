using Empire.Data;
using Empire.Http;
using Empire.Payments.Customers;
using Empire.Security;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Payments.Charges;

/// <summary>The payments of the caller's account, the newest first.</summary>
public static class ListPayments
{
    /// <param name="customerId">cust_…; null is all.</param>
    /// <param name="status">As a payment's status; null is all.</param>
    public static async Task<Page<PaymentView>> HandleAsync(
        [FromQuery(Name = "customer_id")] string? customerId, string? status, [AsParameters] PageRequest page, Caller caller, Database db, Sealer sealer, CancellationToken ct)
    {
        var customer = customerId is null ? (Guid?)null : PublicId.TryParse(Customer.Prefix, customerId, out var parsed) ? parsed : throw new InvalidFieldException("customer_id", "wanted: cust_….");
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<PaymentView.Row>(
            PaymentView.Select + """

            where p.tenant_id = current_tenant() and (@customer::uuid is null or p.customer_id = @customer) and (@status::text is null or p.status = @status)
              and (@at::timestamptz is null or (p.created_at, p.id) < (@at, @id))
            order by p.created_at desc, p.id desc limit @Fetch
            """, new { customer, status, at = after?.At, id = after?.Id, page.Fetch }, ct);
        return page.ToPage(rows, row => (row.CreatedAt, row.Id)).Select(row => PaymentView.Of(row, sealer));
    }
}
