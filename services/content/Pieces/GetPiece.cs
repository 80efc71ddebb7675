using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Content.Pieces;

public static class GetPiece
{
    public static async Task<Results<Ok<PieceView>, NotFound>> HandleAsync(PieceId id, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return await PieceTable.FindAsync(work, id, ct) is { } piece ? TypedResults.Ok(PieceView.Of(piece)) : TypedResults.NotFound();
    }
}
