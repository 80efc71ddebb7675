using Empire.Data;
using Empire.Http;
using Empire.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Payments.Charges;

/// <summary>One payment.</summary>
public static class GetPayment
{
    /// <param name="id">pay_…, or tx_… of an upgrade.</param>
    public static async Task<Results<Ok<PaymentView>, NotFound>> HandleAsync(string id, Caller caller, Database db, Sealer sealer, CancellationToken ct) =>
        TryParse(id, out var payment) && await ReadAsync(db, caller.Tenant, payment, sealer, ct) is { } view ? TypedResults.Ok(view) : TypedResults.NotFound();

    internal static bool TryParse(string id, out Guid payment) => PublicId.TryParse(PaymentView.Prefix, id, out payment) || PublicId.TryParse("tx", id, out payment);

    internal static async Task<PaymentView?> ReadAsync(Database db, TenantId tenant, Guid id, Sealer sealer, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(tenant, ct);
        return await work.QuerySingleOrDefaultAsync<PaymentView.Row>(PaymentView.Select + " where p.tenant_id = current_tenant() and p.id = @id", new { id }, ct) is { } row ? PaymentView.Of(row, sealer) : null;
    }
}
