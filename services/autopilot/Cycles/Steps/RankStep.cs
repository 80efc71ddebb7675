using System.Text.Json;
using Empire.Autopilot.Catalogue;
using Empire.Autopilot.Networks;
using Empire.Autopilot.Ranking;
using Empire.Data;
using Microsoft.Extensions.Options;

namespace Empire.Autopilot.Cycles.Steps;

/// <summary>Orders the candidates by composite score and keeps each one's components with the cycle.</summary>
internal sealed class RankStep(Database db, IEnumerable<INetwork> networks, IOptionsMonitor<RankingOptions> weights) : ICycleStep
{
    private const int Shown = 10;

    public sealed record Best(int Rank, string Product, string Niche, double Score, ScoreComponents Components);

    /// <param name="Partial">How many candidates lack a trend, a conversion rate or a competition figure, which then counts as average.</param>
    public sealed record Evidence(int Candidates, int Partial, IReadOnlyList<Best> Top);

    public string Name => "rank";

    public async Task<StepResult> RunAsync(CycleContext cycle, CancellationToken ct)
    {
        var open = networks.Where(network => !network.Off).Select(network => network.Name).ToArray();
        if (cycle.FeedId is null && open.Length == 0) return new StepResult.Done(new Evidence(0, 0, [])); // nobody's products are advertised until the owner sends a feed
        await using var work = await db.BeginAsync(cycle.Tenant, ct);
        var candidates = await work.QueryAsync<Product>(
            $"""
            select {ProductTable.Columns} from products p
            where p.tenant_id = @Tenant and p.in_stock
              and case when @FeedId::uuid is null then p.network = any (@open)
                  else exists (select from feed_products f where f.feed_id = @FeedId and f.product_id = p.id) end
            """, new { cycle.Tenant, cycle.FeedId, open }, ct);
        if (candidates.Count == 0) throw new InvalidOperationException("There is no product in stock to rank.");
        var ranked = CompositeScore.Rank(candidates, weights.CurrentValue);
        await work.ExecuteAsync("delete from cycle_products where tenant_id = current_tenant() and cycle_id = @Id", new { cycle.Id }, ct);
        await work.ExecuteAsync(
            """
            insert into cycle_products (cycle_id, product_id, tenant_id, rank, score, components)
            select @Id, product, @Tenant, rank, score, components::jsonb from unnest(@products, @ranks, @scores, @components) as r (product, rank, score, components)
            """,
            new
            {
                cycle.Id, cycle.Tenant, products = ranked.Select(r => r.Product.Id).ToArray(), ranks = ranked.Select(r => r.Rank).ToArray(),
                scores = ranked.Select(r => (decimal)r.Score).ToArray(), components = ranked.Select(r => JsonSerializer.Serialize(r.Components, EvidenceJson.Options)).ToArray(),
            }, ct);
        await work.CommitAsync(ct);
        return new StepResult.Done(new Evidence(ranked.Count, ranked.Count(r => r.Partial),
            [.. ranked.Take(Shown).Select(r => new Best(r.Rank, r.Product.Name, r.Product.Niche, r.Score, r.Components))]));
    }
}
