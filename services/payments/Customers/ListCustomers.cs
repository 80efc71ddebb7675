using Empire.Data;
using Empire.Http;

namespace Empire.Payments.Customers;

/// <summary>The customers of the caller's account, the newest first.</summary>
public static class ListCustomers
{
    /// <param name="email">The whole address; null is all.</param>
    /// <param name="tier">free, professional or enterprise; null is all.</param>
    public static async Task<Page<CustomerView>> HandleAsync(string? email, string? tier, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        if (tier is not (null or "free" or "professional" or "enterprise")) throw new InvalidFieldException("tier", "wanted: free, professional or enterprise.");
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<CustomerView.Row>(
            $"""
            select {CustomerView.Columns} from customers
            where tenant_id = current_tenant() and (@email::text is null or email = lower(@email)) and (@tier::text is null or tier = @tier)
              and (@at::timestamptz is null or (created_at, id) < (@at, @id))
            order by created_at desc, id desc limit @Fetch
            """, new { email, tier, at = after?.At, id = after?.Id, page.Fetch }, ct);
        return page.ToPage(rows, row => (row.CreatedAt, row.Id)).Select(CustomerView.Of);
    }
}
