using Empire.Data;
using Empire.Publishing.Pieces;
using Empire.Publishing.X;

namespace Empire.Publishing.Publications;

/// <summary>Decides that pieces shall be public; <see cref="PublicationWorker"/> makes them so. A piece that is planned on its channel already is not planned twice.</summary>
public sealed class PlanPublications(Database db, PieceSource pieces, PublicationSignal signal, [FromKeyedServices(XSetup.Provider)] XOptions x, XAccess access, TimeProvider clock)
{
    private const int FetchedAtOnce = 8;

    public readonly record struct Wish(Guid PieceId, string Channel);

    /// <summary>What became of one wish: exactly one of the two is set.</summary>
    public sealed record Answer(Wish Wish, Publication? Publication, Refusal? Refusal);

    /// <param name="batch">What asks, as a cycle; null when a person does.</param>
    /// <returns>In the order of <paramref name="wishes"/>.</returns>
    public async Task<IReadOnlyList<Answer>> HandleAsync(TenantId tenant, Guid? batch, IReadOnlyList<Wish> wishes, CancellationToken ct)
    {
        var known = await KnownAsync(tenant, wishes, ct);
        var wanted = wishes.Distinct().Where(wish => !known.ContainsKey(wish)).ToList();
        var decisions = new Dictionary<Wish, Answer>();
        await Parallel.ForEachAsync(wanted, new ParallelOptions { MaxDegreeOfParallelism = FetchedAtOnce, CancellationToken = ct }, async (wish, stop) =>
        {
            var decision = await DecideAsync(tenant, batch, wish, stop);
            lock (decisions) decisions[wish] = decision;
        });
        await StoreAsync(tenant, [.. wanted.Select(wish => decisions[wish].Publication).OfType<Publication>()], ct);
        if (decisions.Count > 0) known = await KnownAsync(tenant, wishes, ct); // a twin of this call may have been first
        return [.. wishes.Select(wish => known.TryGetValue(wish, out var publication) ? new Answer(wish, publication, null) : decisions[wish])];
    }

    private async Task<Answer> DecideAsync(TenantId tenant, Guid? batch, Wish wish, CancellationToken ct)
    {
        if (Channel.Check(wish.Channel) is { } unknown) return new(wish, null, unknown);
        if (wish.Channel == Channel.X && await access.CheckAsync(tenant, ct) is { } closed) return new(wish, null, closed);
        var (piece, missing) = await pieces.GetAsync(tenant, wish.PieceId, ct);
        if (piece is null) return new(wish, null, missing);
        if ((Channel.Check(wish.Channel, piece.Kind) ?? ContentRules.Check(piece)) is { } refusal) return new(wish, null, refusal);
        var now = clock.GetUtcNow();
        return new(wish, new()
        {
            Id = Guid.CreateVersion7(now), TenantId = tenant.Value, PieceId = wish.PieceId, Channel = wish.Channel, State = "planned", BatchId = batch, Kind = piece.Kind,
            Title = piece.Title, ProductId = piece.Product?.Id, Niche = piece.Niche, PromptVersion = piece.PromptVersion, Test = piece.Test || (wish.Channel == Channel.X && x.Sandbox),
            PlannedAt = now,
        }, null);
    }

    private async Task StoreAsync(TenantId tenant, IReadOnlyList<Publication> planned, CancellationToken ct)
    {
        if (planned.Count == 0) return;
        await using var work = await db.BeginAsync(tenant, ct);
        foreach (var publication in planned) await PublicationTable.PlanAsync(work, publication, ct);
        await work.CommitAsync(ct);
        signal.Set();
    }

    private async Task<Dictionary<Wish, Publication>> KnownAsync(TenantId tenant, IReadOnlyList<Wish> wishes, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(tenant, ct);
        var publications = await PublicationTable.OfPiecesAsync(work, [.. wishes.Select(wish => wish.PieceId).Distinct()], ct);
        return publications.ToDictionary(publication => new Wish(publication.PieceId, publication.Channel));
    }
}
