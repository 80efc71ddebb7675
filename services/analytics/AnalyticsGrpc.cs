using Empire.Analytics.Conversions;
using Empire.Contracts.V1;
using Empire.Data;
using Grpc.Core;

namespace Empire.Analytics;

/// <summary>What the other services ask of analytics.</summary>
internal sealed class AnalyticsGrpc(Database db, CollectConversions collect, TimeProvider clock) : Contracts.V1.Analytics.AnalyticsBase
{
    public override Task<CreateLinkReply> CreateLink(CreateLinkRequest request, ServerCallContext context) =>
        Links.CreateLink.HandleAsync(request, context.Caller().Tenant, db, clock, context.CancellationToken);

    public override Task<CollectConversionsReply> CollectConversions(CollectConversionsRequest request, ServerCallContext context) =>
        collect.HandleAsync(context.Caller().Tenant, context.CancellationToken);

    public override Task<ComputeReturnsReply> ComputeReturns(ComputeReturnsRequest request, ServerCallContext context) =>
        Returns.ComputeReturns.HandleAsync(request, context.Caller().Tenant, db, clock, context.CancellationToken);

    public override Task<ReportCampaignsReply> ReportCampaigns(ReportCampaignsRequest request, ServerCallContext context) =>
        Returns.ReportCampaigns.HandleAsync(request, context.Caller().Tenant, db, context.CancellationToken);
}
