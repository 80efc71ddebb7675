using Empire.Analytics.Clicks;
using Empire.Analytics.Links;
using Empire.Contracts;

namespace Empire.Analytics.Conversions;

/// <summary>A sale that a network credited to one of our clicks: money, with the lineage of the link it came through.</summary>
/// <param name="Test">The network is the sandbox's.</param>
public sealed record Conversion(
    Guid Id, string Network, string NetworkConversionId, ClickId Click, TrackedLink Link, Money? SaleAmount, Money Commission, bool Test, DateTimeOffset OccurredAt)
{
    public static Conversion From(string network, NetworkMessage message, ClickId click, TrackedLink link, bool test, DateTimeOffset now) =>
        new(Guid.CreateVersion7(now), network, message.ConversionId, click, link, message.SaleAmount, message.Commission, test, message.OccurredAt);

    public ConversionRecorded ToEvent() => new()
    {
        TenantId = Link.TenantId.Value,
        ConversionId = Id,
        Network = Network,
        NetworkConversionId = NetworkConversionId,
        ClickId = Click.Value,
        PublicationId = Link.PublicationId,
        PieceId = Link.PieceId,
        ProductId = Link.ProductId,
        Niche = Link.Niche,
        Platform = Link.Platform,
        PromptVersion = Link.PromptVersion,
        CampaignId = Link.CampaignId,
        CommissionMicros = Commission.Micros,
        Currency = Commission.Currency.Code,
        Test = Test,
        OccurredAt = OccurredAt,
    };
}
