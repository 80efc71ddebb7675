using Empire.Contracts.V1;
using Empire.Data;
using Grpc.Core;

namespace Empire.Analytics.Links;

/// <summary>Makes a tracked link, or finds the one made before under the same key: publishing may ask again after a crash and must get the same address.</summary>
internal static class CreateLink
{
    private const int MaxTextLength = 200;

    /// <exception cref="RpcException">InvalidArgument, naming the field.</exception>
    public static async Task<CreateLinkReply> HandleAsync(CreateLinkRequest request, TenantId tenant, Database db, TimeProvider clock, CancellationToken ct)
    {
        for (; ; ) // again only when a random code is taken already, once in 10¹⁴ / links
        {
            var link = From(request, tenant, clock.GetUtcNow());
            await using var work = await db.BeginAsync(tenant, ct);
            if (await LinkTable.AddAsync(work, link, ct) is not { } code) continue;
            await work.CommitAsync(ct);
            return new() { Code = code };
        }
    }

    private static TrackedLink From(CreateLinkRequest request, TenantId tenant, DateTimeOffset now)
    {
        if (Destination.Check(request.Destination, out var destination) is { } problem) throw Invalid("destination", problem);
        return new()
        {
            Code = LinkCode.New(),
            TenantId = tenant,
            LinkKey = Text("link_key", request.LinkKey) ?? throw Invalid("link_key", "A key is needed; it makes a repeat harmless."),
            Destination = destination,
            PublicationId = Id("publication_id", request.PublicationId),
            PieceId = Id("piece_id", request.PieceId),
            ProductId = Id("product_id", request.ProductId),
            Network = Text("network", request.Network),
            Niche = Text("niche", request.Niche),
            Platform = Text("platform", request.Platform),
            PromptVersion = Text("prompt_version", request.PromptVersion),
            Campaign = Text("campaign", request.Campaign) ?? Text("niche", request.Niche) ?? "always-on",
            CampaignId = Id("campaign_id", request.CampaignId),
            CreatedAt = now,
        };
    }

    private static string? Text(string field, string text) =>
        text.Length > MaxTextLength ? throw Invalid(field, $"At most {MaxTextLength} characters.") : string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static Guid? Id(string field, string text) =>
        text.Length == 0 ? null : Guid.TryParse(text, out var id) ? id : throw Invalid(field, $"'{text}' is not a UUID.");

    private static RpcException Invalid(string field, string problem) => new(new Status(StatusCode.InvalidArgument, $"{field}: {problem}"));
}
