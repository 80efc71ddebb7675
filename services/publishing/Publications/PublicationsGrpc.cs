using Empire.Contracts.V1;
using Empire.Publishing.X;
using Grpc.Core;

namespace Empire.Publishing.Publications;

/// <summary>The gRPC face of <see cref="PlanPublications"/>.</summary>
public sealed class PublicationsGrpc(PlanPublications plan, XAccess x) : Contracts.V1.Publishing.PublishingBase
{
    public override async Task<PlanPublicationsReply> PlanPublications(PlanPublicationsRequest request, ServerCallContext context)
    {
        var batch = request.BatchId.Length == 0 ? (Guid?)null : Id("batch_id", request.BatchId);
        var wishes = request.Publications.Select((wish, i) => new PlanPublications.Wish(Id($"publications[{i}].piece_id", wish.PieceId), wish.Channel)).ToList();
        var answers = await plan.HandleAsync(context.Caller().Tenant, batch, wishes, context.CancellationToken);
        var reply = new PlanPublicationsReply();
        reply.Publications.AddRange(answers.Select(Show));
        return reply;
    }

    public override async Task<ListChannelsReply> ListChannels(ListChannelsRequest request, ServerCallContext context)
    {
        var closedX = await x.CheckAsync(context.Caller().Tenant, context.CancellationToken);
        var reply = new ListChannelsReply();
        reply.Channels.AddRange(Channel.All.Select(channel => new ChannelStanding { Channel = channel, Refusal = channel == Channel.X && closedX is { } closed ? $"{closed.Code}: {closed.Detail}" : "" }));
        return reply;
    }

    private static PlannedPublication Show(PlanPublications.Answer answer)
    {
        var shown = new PlannedPublication { PieceId = answer.Wish.PieceId.ToString(), Channel = answer.Wish.Channel };
        if (answer.Publication is { } publication)
        {
            shown.PublicationId = publication.Id.ToString();
            shown.State = publication.State == "publishing" ? "planned" : publication.State; // the contract tells apart only what a caller acts on
            shown.Refusal = publication.Failure ?? "";
        }
        else
        {
            shown.State = "refused";
            shown.Refusal = $"{answer.Refusal!.Code}: {answer.Refusal.Detail}";
        }
        return shown;
    }

    private static Guid Id(string field, string text) =>
        Guid.TryParse(text, out var id) ? id : throw new RpcException(new Status(StatusCode.InvalidArgument, $"{field}: '{text}' is not a UUID."));
}
