using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Analytics.Publications;

/// <summary>Remembers where a piece belongs, for the costs and links that name the piece alone.</summary>
[Queue("analytics.piece-generated")]
public sealed class RegisterPiece : IHandle<PieceGenerated>
{
    public Task HandleAsync(PieceGenerated fact, Work work, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into pieces (id, tenant_id, batch_id, kind, title, product_id, niche, platform, prompt_version, test, generated_at)
        values (@PieceId, @TenantId, @BatchId, @Kind, @Title, @ProductId, @Niche, @Platform, @PromptVersion, @Test, @OccurredAt)
        on conflict (id) do nothing
        """, fact, ct);
}
