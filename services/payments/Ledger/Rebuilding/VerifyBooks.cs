using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Payments.Ledger.Rebuilding;

/// <summary><c>POST /api/v1/ledger/rebuild</c>: makes the books of an account anew from the raw logs and says whether they are the same, byte for byte.</summary>
public static class VerifyBooks
{
    /// <example>{}</example>
    /// <param name="Tenant">Whose books; without it the caller's own.</param>
    public sealed record Request(TenantId? Tenant = null);

    /// <param name="Books">As it stands in the books; null where it is missing there.</param>
    /// <param name="Rebuilt">As the raw logs make it; null where nothing in them does.</param>
    public sealed record DifferenceRow(string EntryId, string? Books, string? Rebuilt);

    /// <param name="Entries">In the books.</param>
    /// <param name="RebuiltEntries">Made of the raw logs.</param>
    /// <param name="BooksSha256">Over the canonical text of all entries and lines, in the order of the entries' ids.</param>
    /// <param name="Differences">The first ten.</param>
    /// <example>{"tenant": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9013", "equal": true, "entries": 1204, "rebuilt_entries": 1204,
    /// "books_sha256": "9b74c9897bac770ffc029102a200c5de5d1f5a1b3c2e4f60718293a4b5c6d7e8", "rebuilt_sha256": "9b74c9897bac770ffc029102a200c5de5d1f5a1b3c2e4f60718293a4b5c6d7e8",
    /// "differences": [], "seconds": 0.318}</example>
    public sealed record Response(
        TenantId Tenant, bool Equal, long Entries, long RebuiltEntries, string BooksSha256, string RebuiltSha256, IReadOnlyList<DifferenceRow> Differences, decimal Seconds);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Request? request, Caller caller, Rebuild rebuild, CancellationToken ct)
    {
        if (!caller.Operator) return new Refusal("operator-needed", "Only the operator of the installation has books made anew: it reads every raw log.").ToProblem(StatusCodes.Status403Forbidden);
        var tenant = request?.Tenant ?? caller.Tenant;
        var result = await rebuild.VerifyAsync(tenant, ct);
        return TypedResults.Ok(new Response(tenant, result.Equal, result.Entries, result.Rebuilt, result.BooksSha256, result.RebuiltSha256,
            [.. result.Differences.Select(difference => new DifferenceRow(PublicId.Format(EntryTable.Prefix, difference.EntryId), difference.Books, difference.Rebuilt))],
            decimal.Round((decimal)result.Elapsed.TotalSeconds, 3)));
    }
}
