using Empire.Contracts.V1;
using Empire.Data;
using Microsoft.Extensions.Options;

namespace Empire.Autopilot.Cycles.Steps;

/// <summary>Has analytics sum cost and revenue, once the costs of all this cycle's pieces and publications have reached it.</summary>
internal sealed class ComputeStep(Database db, Analytics.AnalyticsClient analytics, ServiceCalls calls, TimeProvider clock, IOptions<CycleOptions> options) : ICycleStep
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    /// <param name="RoiPercent">Decimal with two places; null while nothing was spent.</param>
    public sealed record Line(string By, string Value, decimal Cost, decimal Revenue, string? RoiPercent);

    /// <param name="Complete">False when costs were still on their way at the deadline.</param>
    public sealed record Evidence(decimal Cost, decimal Revenue, string Currency, int Clicks, int Conversions, bool Complete, IReadOnlyList<Line> Returns);

    public string Name => "compute";

    public async Task<StepResult> RunAsync(CycleContext cycle, CancellationToken ct)
    {
        var request = new ComputeReturnsRequest { BatchId = cycle.Id.ToString() };
        await using (var work = await db.BeginAsync(cycle.Tenant, ct))
        {
            request.PieceIds.AddRange(await work.QueryAsync<string>(
                "select piece_id::text from cycle_pieces where tenant_id = current_tenant() and cycle_id = @Id and state = 'generated'", new { cycle.Id }, ct));
            request.PublicationIds.AddRange(await work.QueryAsync<string>(
                "select publication_id::text from cycle_publications where tenant_id = current_tenant() and cycle_id = @Id and state = 'published'", new { cycle.Id }, ct));
        }
        var reply = await analytics.ComputeReturnsAsync(request, calls.For(cycle.Tenant, ct));
        var evidence = new Evidence(
            AmountOf(reply.Cost), AmountOf(reply.Revenue), reply.Cost.Currency, reply.Clicks, reply.Conversions, reply.Complete,
            [.. reply.Returns.Where(r => r.Dimension != "product").Select(r => new Line(
                r.Dimension, r.Value, AmountOf(r.Cost), AmountOf(r.Revenue), r.RoiPercent.Length > 0 ? r.RoiPercent : null))]);
        var late = clock.GetUtcNow() - cycle.StepStartedAt >= options.Value.ComputeDeadline;
        return reply.Complete || late ? new StepResult.Done(evidence) : new StepResult.Waiting(evidence, LookAgain);
    }

    private static decimal AmountOf(Amount amount) => new Money(amount.Micros, Currency.Parse(amount.Currency)).Amount;
}
