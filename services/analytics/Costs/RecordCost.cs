using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Analytics.Costs;

/// <summary>Books what another service spent. The cost's id makes a repeat harmless, also one that comes as a new message.</summary>
[Queue("analytics.cost-incurred")]
public sealed class RecordCost : IHandle<CostIncurred>
{
    public Task HandleAsync(CostIncurred fact, Work work, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into costs (id, tenant_id, category, micros, currency, piece_id, publication_id, product_id, niche, platform, prompt_version, campaign_id, description, test, occurred_at, energy_joules)
        values (@CostId, @TenantId, @Category, @Micros, @Currency, @PieceId, @PublicationId, @ProductId, @Niche, @Platform, @PromptVersion, @CampaignId, @Description, @Test, @OccurredAt, @EnergyJoules)
        on conflict (id) do nothing
        """, fact, ct);
}
