using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Analytics.Publications;

/// <summary>Remembers which piece a publication shows and on which platform, for the costs that name the publication alone.</summary>
[Queue("analytics.content-published")]
public sealed class RegisterPublication : IHandle<ContentPublished>
{
    public Task HandleAsync(ContentPublished fact, Work work, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into publications (id, tenant_id, piece_id, channel, url, product_id, niche, prompt_version, test, published_at)
        values (@PublicationId, @TenantId, @PieceId, @Channel, @Url, @ProductId, @Niche, @PromptVersion, @Test, @OccurredAt)
        on conflict (id) do nothing
        """, fact, ct);
}
