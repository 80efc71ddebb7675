namespace Empire.Publishing.Publications;

/// <summary>A publication as the API shows it.</summary>
/// <example>{"id": "pub_0199f3a17c5b7d3e8a4b5c6d7e8f9018", "piece_id": "piece_0199f3a17c5b7d3e8a4b5c6d7e8f9017", "channel": "blog", "state": "published", "kind": "blog_post",
/// "title": "Which pan holds its heat", "batch_id": null, "product_id": null, "niche": "kitchen", "prompt_version": "blog_post@1", "test": true,
/// "url": "https://blog.example.com/blog/which-pan-holds-its-heat", "platform_id": null, "failure": null, "planned_at": "2026-03-02T08:00:00+00:00",
/// "settled_at": "2026-03-02T08:00:05+00:00"}</example>
public sealed record PublicationView(
    string Id, string PieceId, string Channel, string State, string Kind, string Title, string? BatchId, string? ProductId, string? Niche, string PromptVersion, bool Test,
    string? Url, string? PlatformId, string? Failure, DateTimeOffset PlannedAt, DateTimeOffset? SettledAt)
{
    public static PublicationView Of(Publication publication) => new(
        PublicId.Format(Publication.Prefix, publication.Id), PublicId.Format("piece", publication.PieceId), publication.Channel, publication.State, publication.Kind,
        publication.Title, publication.BatchId is { } batch ? PublicId.Format("cyc", batch) : null, publication.ProductId is { } product ? PublicId.Format("prod", product) : null,
        publication.Niche, publication.PromptVersion, publication.Test, publication.Url, publication.PlatformId, publication.Failure, publication.PlannedAt, publication.SettledAt);
}
