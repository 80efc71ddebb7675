using Empire.Content.Prompts;
using Empire.Data;
using Empire.Http;

namespace Empire.Content.Pieces;

/// <summary>Where wishes for pieces become rows, whoever wishes.</summary>
public sealed class PieceRequests(PieceKinds kinds, TimeProvider clock)
{
    /// <returns>The piece: the new one, or the one asked for before under the same key, whatever else was said then.</returns>
    /// <exception cref="InvalidFieldException">No such kind, or the order lacks what the kind needs.</exception>
    public async Task<Piece> AddAsync(Work work, string requestKey, Guid? batchId, string kindName, PieceOrder order, CancellationToken ct)
    {
        var kind = kinds.Find(kindName) ?? throw new InvalidFieldException("kind", $"'{kindName}' is none of {string.Join(", ", kinds.Names)}.");
        var version = await PromptChoices.ActiveAsync(work, kind.Name, ct);
        var piece = Piece.Request(work.Tenant, requestKey, batchId, kind, order.Product, kind.BriefFor(order), version, clock.GetUtcNow());
        return await PieceTable.AddAsync(work, piece, ct) ? piece : (await PieceTable.FindByKeysAsync(work, [requestKey], ct)).Single();
    }
}
