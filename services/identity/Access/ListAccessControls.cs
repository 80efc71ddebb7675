using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Access;

/// <summary>The account's rules, newest first, those not in force too.</summary>
public static class ListAccessControls
{
    public static async Task<Ok<Page<AccessControlView>>> HandleAsync([AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await AccessControlTable.ListAsync(work, after, page.Fetch, ct);
        return TypedResults.Ok(page.ToPage(rows, row => (row.CreatedAt, row.Id)).Select(AccessControlView.Of));
    }
}
