using Empire.Data;
using Empire.Http;

namespace Empire.Identity.Access;

public static class ListAccessControls
{
    public sealed record Response(IReadOnlyList<AccessControlView> Data);

    public static async Task<Response> HandleAsync(Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return new([.. (await AccessControlTable.ListAsync(work, ct)).Select(AccessControlView.Of)]);
    }
}
