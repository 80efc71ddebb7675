using System.Globalization;
using Empire.Contracts.V1;
using Empire.Data;
using Grpc.Core;

namespace Empire.Analytics.Returns;

/// <summary>The clicks, conversions and revenue of an account's campaigns: the figures of <see cref="ReportReturns"/> by campaign, for acquisition to set beside what it knows was spent.</summary>
internal static class ReportCampaigns
{
    /// <exception cref="RpcException">InvalidArgument, naming the field.</exception>
    public static async Task<ReportCampaignsReply> HandleAsync(ReportCampaignsRequest request, TenantId tenant, Database db, CancellationToken ct)
    {
        var (from, to) = (Day("from", request.From), Day("to", request.To));
        if (from > to) throw Invalid("from", "must not be after 'to'.");
        await using var work = await db.BeginAsync(tenant, ct);
        var reply = new ReportCampaignsReply();
        reply.Revenues.AddRange((await ReturnTable.MoneyAsync(work, Dimension.Campaign, new(from, to), ct)).Where(row => row.Value != Dimension.Unattributed && row.Conversions + row.Reversed > 0)
            .Select(row => new CampaignRevenue
            {
                CampaignId = IdOf(row.Value), Revenue = new() { Micros = row.RevenueMicros, Currency = row.Currency }, Conversions = row.Conversions, Reversed = row.Reversed, Test = row.Test,
            }));
        reply.Clicks.AddRange((await ReturnTable.CountsAsync(work, Dimension.Campaign, new(from, to), ct)).Where(row => row.Value != Dimension.Unattributed)
            .Select(row => new CampaignClicks { CampaignId = IdOf(row.Value), Clicks = row.Clicks, BotClicks = row.Bots }));
        return reply;
    }

    private static string IdOf(string value) => PublicId.Parse(LineageFilter.CampaignPrefix, value).ToString();

    private static DateOnly? Day(string field, string text) =>
        text.Length == 0 ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw Invalid(field, $"'{text}' is no day as in 2026-03-01.");

    private static RpcException Invalid(string field, string problem) => new(new Status(StatusCode.InvalidArgument, $"{field}: {problem}"));
}
