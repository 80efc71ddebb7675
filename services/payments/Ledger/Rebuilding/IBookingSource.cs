using Empire.Data;

namespace Empire.Payments.Ledger.Rebuilding;

/// <summary>A raw log, read as what it says about money. All sources together give the whole books of an account, and nothing but its books.</summary>
public interface IBookingSource
{
    /// <summary>The bookings that the facts of the tenant make, however often the log was read before; of two with one cause the first stands, as in the books.</summary>
    /// <param name="work">Sees the log as it was at one moment, and may see other tenants' rows too: filter by <c>tenant_id = current_tenant()</c>. Nothing else runs on it until the last booking is
    /// taken, so a source may stream.</param>
    IAsyncEnumerable<Booking> ReadAsync(Work work, CancellationToken ct);
}
