using System.Security.Cryptography;
using System.Text;
using Empire.Contracts.V1;
using Empire.Http;
using Grpc.Core;

namespace Empire.Acquisition.Campaigns;

/// <summary>Has analytics make the links that count a campaign's clicks.</summary>
public sealed class TrackedLinks(Analytics.AnalyticsClient analytics, ServiceCalls calls)
{
    /// <returns>The code of <c>/r/{code}</c>; the same for the same campaign, label and destination, however often it is asked for.</returns>
    /// <exception cref="InvalidFieldException">The destination is none that a link can lead to.</exception>
    /// <exception cref="RpcException">Analytics is out of reach.</exception>
    public async Task<string> CreateAsync(TenantId tenant, Campaign campaign, string label, string destination, CancellationToken ct)
    {
        // The destination is in the key: after a crash a client may come again with another one, and must not get the link of the first.
        var leadsTo = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(destination)).AsSpan(0, 8));
        try
        {
            var reply = await analytics.CreateLinkAsync(new()
            {
                LinkKey = $"campaign {campaign.Id:N} {label} {leadsTo}", Destination = destination, Platform = campaign.Channel, Campaign = campaign.Name, CampaignId = campaign.Id.ToString(),
            }, calls.For(tenant, ct));
            return reply.Code;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument && e.Status.Detail.StartsWith("destination: ", StringComparison.Ordinal))
        {
            throw new InvalidFieldException("destination", e.Status.Detail["destination: ".Length..]);
        }
    }
}
