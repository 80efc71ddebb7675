using Empire.Data;
using Empire.Http;
using Grpc.Core;
using V1 = Empire.Contracts.V1;

namespace Empire.Content.Pieces;

/// <summary>Pieces for the other services: ask for a batch, read one.</summary>
public sealed class PiecesGrpc(Database db, PieceRequests requests, DuePieces due) : V1.Content.ContentBase
{
    /// <summary>Enough for a cycle of fifty products with four pieces each.</summary>
    private const int MostPieces = 500;

    public override async Task<V1.RequestPiecesReply> RequestPieces(V1.RequestPiecesRequest request, ServerCallContext context)
    {
        var batch = request.BatchId.Length == 0 ? (Guid?)null : Id(request.BatchId, "batch_id");
        if (request.Pieces.Count > MostPieces) throw Invalid("pieces", $"at most {MostPieces} at once.");
        var reply = new V1.RequestPiecesReply();
        await using var work = await db.BeginAsync(context.Caller().Tenant, context.CancellationToken);
        for (var i = 0; i < request.Pieces.Count; i++)
        {
            var wish = request.Pieces[i];
            if (wish.RequestKey.Length is 0 or > 200) throw Invalid($"pieces[{i}].request_key", "1 to 200 characters are wanted.");
            var piece = await AddAsync(work, batch, wish, i, context.CancellationToken);
            reply.Pieces.Add(new V1.RequestedPiece { RequestKey = wish.RequestKey, PieceId = piece.Id.Value.ToString(), State = StateOf(piece) });
        }
        await work.CommitAsync(context.CancellationToken);
        due.Announce(request.Pieces.Count);
        return reply;
    }

    public override async Task<V1.Piece> GetPiece(V1.GetPieceRequest request, ServerCallContext context)
    {
        await using var work = await db.BeginAsync(context.Caller().Tenant, context.CancellationToken);
        return await PieceTable.FindAsync(work, new(Id(request.PieceId, "piece_id")), context.CancellationToken) is { } piece
            ? PieceMessage.Of(piece)
            : throw new RpcException(new Status(StatusCode.NotFound, $"There is no piece {request.PieceId}."));
    }

    private async Task<Piece> AddAsync(Work work, Guid? batch, V1.PieceRequest wish, int index, CancellationToken ct)
    {
        try
        {
            var order = new PieceOrder(wish.Product is null ? null : PieceMessage.ToSnapshot(wish.Product, Id(wish.Product.Id, $"pieces[{index}].product.id")), wish.Audience, wish.Category);
            return await requests.AddAsync(work, wish.RequestKey, batch, wish.Kind, order, ct);
        }
        catch (InvalidFieldException e)
        {
            throw Invalid($"pieces[{index}].{e.Field}", e.Wanted);
        }
    }

    /// <summary>To others a piece under way is still requested.</summary>
    internal static string StateOf(Piece piece) => piece.State == Piece.Generating ? Piece.Requested : piece.State;

    private static Guid Id(string text, string field) => Guid.TryParse(text, out var id) ? id : throw Invalid(field, $"'{text}' is no UUID.");

    private static RpcException Invalid(string field, string wanted) => new(new Status(StatusCode.InvalidArgument, $"{field}: {wanted}"));
}
