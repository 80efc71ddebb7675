using Empire.Analytics.Clicks;
using Empire.Analytics.Links;
using Empire.Data;

namespace Empire.Analytics.Conversions;

internal static class ConversionTable
{
    /// <returns>False when this network told this of this conversion before, however long ago; a concurrent twin is waited for.</returns>
    public static async Task<bool> AddMessageAsync(Work work, string network, NetworkMessage message, string source, DateTimeOffset now, CancellationToken ct) =>
        await work.ExecuteAsync(
            """
            insert into network_messages (network, network_conversion_id, status, sub_id, click_id, network_product_id, sale_micros, commission_micros, currency, occurred_at, source, body,
              received_at)
            values (@network, @ConversionId, @status, @SubId, @click, @ProductId, @sale, @commission, @currency, @OccurredAt, @source, @Body, @now)
            on conflict do nothing
            """,
            new
            {
                network,
                message.ConversionId,
                status = StatusText(message.Status),
                message.SubId,
                click = ClickId.TryParse(message.SubId, out var click) ? click.Value : (Guid?)null,
                message.ProductId,
                sale = message.SaleAmount?.Micros,
                commission = message.Commission.Micros,
                currency = message.Commission.Currency.Code,
                message.OccurredAt,
                source,
                message.Body,
                now,
            }, ct) == 1;

    /// <summary>The message has found its tenant, and leaves the quarantine.</summary>
    public static Task MatchMessageAsync(Work work, string network, NetworkMessage message, TenantId tenant, CancellationToken ct) =>
        work.ExecuteAsync(
            "update network_messages set tenant_id = @tenant where network = @network and network_conversion_id = @ConversionId and status = @status",
            new { tenant, network, message.ConversionId, status = StatusText(message.Status) }, ct);

    /// <summary>Messages without tenant whose click exists by now, locked for this work.</summary>
    public static async Task<IReadOnlyList<QuarantinedMessage>> ClaimReleasableAsync(Work work, int limit, CancellationToken ct) =>
        await work.QueryAsync<QuarantinedMessage>(
            """
            select m.network, m.network_conversion_id as conversion_id, m.status, m.sub_id, m.network_product_id as product_id, m.sale_micros, m.commission_micros,
              m.currency, m.occurred_at, m.body
            from network_messages m
            where m.tenant_id is null and m.click_id is not null and exists (select from clicks c where c.id = m.click_id)
            order by m.received_at limit @limit
            for update of m skip locked
            """, new { limit }, ct);

    /// <summary>The link that a click went through. The click's id names its day, so one partition is searched.</summary>
    public static Task<TrackedLink?> FindLinkOfClickAsync(Work work, ClickId click, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<TrackedLink>(
            "select l.* from clicks c join links l on l.code = c.link_code where c.id = @id and c.occurred_at = @at", new { id = click.Value, at = click.OccurredAt }, ct);

    /// <returns>False when the conversion is booked already, as by the message that took it back.</returns>
    public static async Task<bool> AddAsync(Work work, Conversion conversion, DateTimeOffset now, CancellationToken ct) =>
        await work.ExecuteAsync(
            """
            insert into conversions (id, tenant_id, network, network_conversion_id, click_id, link_code, publication_id, piece_id, product_id, niche, platform, prompt_version,
              campaign_id, sale_micros, commission_micros, currency, test, occurred_at, recorded_at)
            values (@Id, @tenant, @Network, @NetworkConversionId, @click, @Code, @PublicationId, @PieceId, @ProductId, @Niche, @Platform, @PromptVersion,
              @CampaignId, @sale, @commission, @currency, @Test, @OccurredAt, @now)
            on conflict (network, network_conversion_id) do nothing
            """,
            new
            {
                conversion.Id,
                tenant = conversion.Link.TenantId,
                conversion.Network,
                conversion.NetworkConversionId,
                click = conversion.Click.Value,
                conversion.Link.Code,
                conversion.Link.PublicationId,
                conversion.Link.PieceId,
                conversion.Link.ProductId,
                conversion.Link.Niche,
                conversion.Link.Platform,
                conversion.Link.PromptVersion,
                conversion.Link.CampaignId,
                sale = conversion.SaleAmount?.Micros,
                commission = conversion.Commission.Micros,
                currency = conversion.Commission.Currency.Code,
                conversion.Test,
                conversion.OccurredAt,
                now,
            }, ct) == 1;

    /// <returns>What is taken back; null when it was taken back before.</returns>
    public static async Task<(Guid Id, Money Commission)?> ReverseAsync(Work work, string network, string conversionId, DateTimeOffset now, CancellationToken ct)
    {
        var reversed = await work.QuerySingleOrDefaultAsync<ReversedRow>(
            """
            update conversions set reversed_at = @now
            where tenant_id = current_tenant() and network = @network and network_conversion_id = @conversionId and reversed_at is null
            returning id, commission_micros, currency
            """, new { network, conversionId, now }, ct);
        return reversed is null ? null : (reversed.Id, new(reversed.CommissionMicros, Currency.Parse(reversed.Currency)));
    }

    private static string StatusText(ConversionStatus status) => status == ConversionStatus.Approved ? "approved" : "reversed";

    private sealed record ReversedRow
    {
        public Guid Id { get; init; }
        public long CommissionMicros { get; init; }
        public string Currency { get; init; } = "";
    }
}

/// <summary>A row of <c>network_messages</c> that waits for its click.</summary>
internal sealed record QuarantinedMessage
{
    public string Network { get; init; } = "";
    public string ConversionId { get; init; } = "";
    public string Status { get; init; } = "";
    public string? SubId { get; init; }
    public string? ProductId { get; init; }
    public long? SaleMicros { get; init; }
    public long CommissionMicros { get; init; }
    public string Currency { get; init; } = "";
    public DateTimeOffset OccurredAt { get; init; }
    public string Body { get; init; } = "";

    public NetworkMessage ToMessage()
    {
        var currency = Empire.Currency.Parse(Currency);
        return new(ConversionId, Status == "approved" ? ConversionStatus.Approved : ConversionStatus.Reversed, SubId, ProductId,
            SaleMicros is { } sale ? new Money(sale, currency) : null, new(CommissionMicros, currency), OccurredAt, Body);
    }
}
