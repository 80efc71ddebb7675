using Empire.Contracts.V1;
using Empire.Publishing.Pieces;

namespace Empire.Publishing.Publications;

/// <summary>Has analytics make the link that counts a publication's clicks.</summary>
public sealed class TrackedLinks(Analytics.AnalyticsClient analytics, ServiceCalls calls)
{
    /// <returns>The code of <c>/r/{code}</c>; the same for the same publication, however often it is asked for.</returns>
    /// <exception cref="Grpc.Core.RpcException">Analytics is out of reach.</exception>
    public async Task<string> CreateAsync(Publication publication, ProductMention product, CancellationToken ct)
    {
        var reply = await analytics.CreateLinkAsync(new()
        {
            LinkKey = publication.LinkKey,
            Destination = product.Url,
            PublicationId = publication.Id.ToString(),
            PieceId = publication.PieceId.ToString(),
            ProductId = product.Id.ToString(),
            Network = product.Network,
            Niche = publication.Niche ?? "",
            Platform = publication.Channel,
            PromptVersion = publication.PromptVersion,
            Campaign = publication.Kind,
        }, calls.For(publication.Tenant, ct));
        return reply.Code;
    }
}
