namespace Empire.Publishing.Publications;

/// <summary>A publication as the API shows it.</summary>
public sealed record PublicationView(
    string Id, string PieceId, string Channel, string State, string Kind, string Title, string? BatchId, string? ProductId, string? Niche, string PromptVersion, bool Test,
    string? Url, string? PlatformId, string? Failure, DateTimeOffset PlannedAt, DateTimeOffset? SettledAt)
{
    public static PublicationView Of(Publication publication) => new(
        PublicId.Format(Publication.Prefix, publication.Id), PublicId.Format("piece", publication.PieceId), publication.Channel, publication.State, publication.Kind,
        publication.Title, publication.BatchId is { } batch ? PublicId.Format("cyc", batch) : null, publication.ProductId is { } product ? PublicId.Format("prod", product) : null,
        publication.Niche, publication.PromptVersion, publication.Test, publication.Url, publication.PlatformId, publication.Failure, publication.PlannedAt, publication.SettledAt);
}
