using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Payments.Heard;

/// <summary>Remembers where a piece belongs, for the entries that name the piece alone.</summary>
[Queue("payments.piece-generated")]
public sealed class HearPieces : IHandle<PieceGenerated>
{
    public Task HandleAsync(PieceGenerated fact, Work work, CancellationToken ct) => work.ExecuteAsync(
        "insert into pieces (id, tenant_id, product_id, niche, platform, prompt_version) values (@PieceId, @TenantId, @ProductId, @Niche, @Platform, @PromptVersion) on conflict (id) do nothing",
        new { fact.PieceId, fact.TenantId, fact.ProductId, fact.Niche, fact.Platform, fact.PromptVersion }, ct);
}

/// <summary>Remembers which piece a publication shows and on which platform, for the entries that name the publication alone.</summary>
[Queue("payments.content-published")]
public sealed class HearPublications : IHandle<ContentPublished>
{
    public Task HandleAsync(ContentPublished fact, Work work, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into publications (id, tenant_id, piece_id, channel, product_id, niche, prompt_version) values (@PublicationId, @TenantId, @PieceId, @Channel, @ProductId, @Niche, @PromptVersion)
        on conflict (id) do nothing
        """, new { fact.PublicationId, fact.TenantId, fact.PieceId, fact.Channel, fact.ProductId, fact.Niche, fact.PromptVersion }, ct);
}
