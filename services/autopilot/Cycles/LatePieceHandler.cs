using Empire.Autopilot.Cycles.Steps;
using Empire.Contracts;
using Empire.Contracts.V1;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Autopilot.Cycles;

/// <summary>Publishes what was made after its cycle had gone on without it, as a piece that had to wait for the next day's budget: it is paid for.</summary>
[Queue("autopilot.piece-generated")]
public sealed class LatePieceHandler(Publishing.PublishingClient publishing, ServiceCalls calls) : IHandle<PieceGenerated>
{
    public async Task HandleAsync(PieceGenerated fact, Work work, CancellationToken ct)
    {
        if (PiecePlan.ChannelOf(fact.Kind) is not { } channel) return;
        // While its cycle waits for it, the cycle itself will see it.
        var cycles = await work.QueryAsync<Guid>(
            """
            update cycle_pieces p set state = 'generated'
            where p.tenant_id = current_tenant() and p.piece_id = @PieceId and p.state not in ('generated', 'failed')
              and exists (select from cycle_steps s where s.cycle_id = p.cycle_id and s.name = 'generate' and s.state = 'succeeded')
              and exists (select from cycles c where c.id = p.cycle_id and c.state in ('running', 'completed'))
            returning p.cycle_id
            """, new { fact.PieceId }, ct);
        if (cycles.Count == 0) return;
        // Asked twice it answers the same, so that a repeat of this event does no harm.
        var request = new PlanPublicationsRequest { BatchId = cycles[0].ToString(), Publications = { new PublicationRequest { PieceId = fact.PieceId.ToString(), Channel = channel } } };
        var planned = (await publishing.PlanPublicationsAsync(request, calls.For(new TenantId(fact.TenantId), ct))).Publications[0];
        await work.ExecuteAsync(
            """
            insert into cycle_publications (cycle_id, piece_id, channel, tenant_id, publication_id, state, refusal)
            select cycle, @PieceId, @channel, @TenantId, @publication, @State, nullif(@Refusal, '') from unnest(@cycles) as c (cycle) on conflict do nothing
            """,
            new
            {
                cycles = cycles.ToArray(), fact.PieceId, fact.TenantId, channel, publication = planned.PublicationId.Length > 0 ? Guid.Parse(planned.PublicationId) : (Guid?)null, planned.State, planned.Refusal,
            }, ct);
    }
}
