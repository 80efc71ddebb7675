using Empire.Autopilot.Catalogue;
using Empire.Contracts.V1;
using Empire.Data;

namespace Empire.Autopilot.Cycles.Steps;

/// <summary>Asks content for the day's pieces and waits until each is made or given up.</summary>
internal sealed class GenerateStep(
    Database db, Content.ContentClient content, Publishing.PublishingClient publishing, ServiceCalls calls, TimeProvider clock,
    Microsoft.Extensions.Options.IOptions<CycleOptions> options) : ICycleStep
{
    private const int PerCall = 25;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly string[] MealOrder = ["dinner", "breakfast", "lunch", "dessert", "snack"];

    /// <param name="Pending">Not made within the deadline; the cycle went on without them.</param>
    /// <param name="Closed">Channels for which nothing is written, and why the account may not publish there.</param>
    public sealed record Evidence(
        int Planned, int Generated, int Failed, int Pending, IReadOnlyDictionary<string, int> GeneratedByKind, IReadOnlyDictionary<string, string> Closed);

    public string Name => "generate";

    public async Task<StepResult> RunAsync(CycleContext cycle, CancellationToken ct)
    {
        var closed = await ClosedChannelsAsync(cycle, ct);
        await PlanAsync(cycle, closed, ct);
        FaultPoint.Pass("cycle.pieces-planned");
        foreach (var chunk in (await OpenAsync(cycle, ct)).Chunk(PerCall))
        {
            var reply = await content.RequestPiecesAsync(ToRequest(cycle, chunk), calls.For(cycle.Tenant, ct));
            FaultPoint.Pass("cycle.pieces-requested");
            await StoreAsync(cycle, reply, ct);
        }
        var evidence = await CountAsync(cycle, closed, ct);
        var late = clock.GetUtcNow() - cycle.StepStartedAt >= options.Value.GenerateDeadline;
        return evidence.Pending == 0 || late ? new StepResult.Done(evidence) : new StepResult.Waiting(evidence, LookAgain);
    }

    /// <summary>Asked before anything is planned: a piece for a place that refuses it would be paid for and thrown away.</summary>
    private async Task<IReadOnlyDictionary<string, string>> ClosedChannelsAsync(CycleContext cycle, CancellationToken ct) =>
        (await publishing.ListChannelsAsync(new(), calls.For(cycle.Tenant, ct))).Channels.Where(channel => channel.Refusal.Length > 0).ToDictionary(channel => channel.Channel, channel => channel.Refusal);

    private async Task PlanAsync(CycleContext cycle, IReadOnlyDictionary<string, string> closed, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(cycle.Tenant, ct);
        var selection = await work.QueryAsync<(Guid, string)>(
            "select s.product_id, p.niche from cycle_products s join products p on p.id = s.product_id where s.tenant_id = current_tenant() and s.cycle_id = @Id and s.selected order by s.rank", new { cycle.Id }, ct);
        var planned = PiecePlan.For(selection, cycle.Plan, cycle.Day).Where(piece => PiecePlan.ChannelOf(piece.Kind) is not { } channel || !closed.ContainsKey(channel)).ToList();
        await work.ExecuteAsync(
            """
            insert into cycle_pieces (cycle_id, request_key, tenant_id, product_id, kind, requested_at)
            select @Id, key, @Tenant, product, kind, @now from unnest(@keys, @products, @kinds) as p (key, product, kind) on conflict do nothing
            """,
            new
            {
                cycle.Id, cycle.Tenant, now = clock.GetUtcNow(), keys = planned.Select(p => p.Key).ToArray(), products = planned.Select(p => p.ProductId).ToArray(),
                kinds = planned.Select(p => p.Kind).ToArray(),
            }, ct);
        await work.CommitAsync(ct);
    }

    private async Task<IReadOnlyList<OpenPiece>> OpenAsync(CycleContext cycle, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(cycle.Tenant, ct);
        return await work.QueryAsync<OpenPiece, Catalogue.Product>(
            $"""
            select c.request_key, c.kind, {ProductTable.Columns} from cycle_pieces c join products p on p.id = c.product_id
            where c.tenant_id = current_tenant() and c.cycle_id = @Id and c.state not in ('generated', 'failed') order by c.request_key
            """, (piece, product) => piece with { Product = product }, new { cycle.Id }, ct);
    }

    private static RequestPiecesRequest ToRequest(CycleContext cycle, IEnumerable<OpenPiece> pieces) => new()
    {
        BatchId = cycle.Id.ToString(),
        Pieces =
        {
            pieces.Select(piece => new PieceRequest
            {
                RequestKey = piece.RequestKey,
                Kind = piece.Kind,
                Product = piece.Product!.ToContract(),
                Category = piece.Kind == "recipe" ? MealOrder[(int)((uint)piece.Product.ExternalId.Sum(c => c) % MealOrder.Length)] : "",
            }),
        },
    };

    private async Task StoreAsync(CycleContext cycle, RequestPiecesReply reply, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(cycle.Tenant, ct);
        await work.ExecuteAsync(
            """
            update cycle_pieces c set piece_id = r.piece, state = r.state from unnest(@keys, @pieces, @states) as r (key, piece, state)
            where c.tenant_id = current_tenant() and c.cycle_id = @Id and c.request_key = r.key
            """,
            new
            {
                cycle.Id, keys = reply.Pieces.Select(p => p.RequestKey).ToArray(), pieces = reply.Pieces.Select(p => Guid.Parse(p.PieceId)).ToArray(),
                states = reply.Pieces.Select(p => p.State).ToArray(),
            }, ct);
        await work.CommitAsync(ct);
    }

    private async Task<Evidence> CountAsync(CycleContext cycle, IReadOnlyDictionary<string, string> closed, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(cycle.Tenant, ct);
        var rows = await work.QueryAsync<(string Kind, string State, int Count)>(
            "select kind, state, count(*)::int from cycle_pieces where tenant_id = current_tenant() and cycle_id = @Id group by kind, state", new { cycle.Id }, ct);
        int Of(string state) => rows.Where(row => row.State == state).Sum(row => row.Count);
        var (all, generated, failed) = (rows.Sum(row => row.Count), Of("generated"), Of("failed"));
        return new(all, generated, failed, all - generated - failed, rows.Where(r => r.State == "generated").OrderBy(r => r.Kind).ToDictionary(r => r.Kind, r => r.Count), closed);
    }

    private sealed record OpenPiece
    {
        public string RequestKey { get; init; } = "";
        public string Kind { get; init; } = "";
        public Catalogue.Product? Product { get; init; }
    }
}
