using Empire.Data;
using Empire.Http;

namespace Empire.Identity.Access;

public static class ListAccessControls
{
    /// <example>{"data": [{"id": "acc_0199f3a17c5b7d3e8a4b5c6d7e8f9015", "user_id": null, "control_type": "session_timeout", "control_value": "900", "is_active": true,
    /// "created_by": "user:0199f3a17c5b7d3e8a4b5c6d7e8f9012", "created_at": "2026-03-02T08:00:00+00:00"}]}</example>
    public sealed record Response(IReadOnlyList<AccessControlView> Data);

    public static async Task<Response> HandleAsync(Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return new([.. (await AccessControlTable.ListAsync(work, ct)).Select(AccessControlView.Of)]);
    }
}
