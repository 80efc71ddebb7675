using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Payments.Customers;

/// <summary>One customer.</summary>
public static class GetCustomer
{
    /// <param name="id">cust_….</param>
    public static async Task<Results<Ok<CustomerView>, NotFound>> HandleAsync(string id, Caller caller, Database db, CancellationToken ct) =>
        PublicId.TryParse(Customer.Prefix, id, out var customer) && await ReadAsync(db, caller.Tenant, customer, ct) is { } view ? TypedResults.Ok(view) : TypedResults.NotFound();

    internal static async Task<CustomerView?> ReadAsync(Database db, TenantId tenant, Guid id, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(tenant, ct);
        return await work.QuerySingleOrDefaultAsync<CustomerView.Row>($"select {CustomerView.Columns} from customers where tenant_id = current_tenant() and id = @id", new { id }, ct) is { } row ? CustomerView.Of(row) : null;
    }
}
