using System.Net;
using Empire.Contracts.V1;
using Empire.Gateway.Routing;
using Empire.Http;

namespace Empire.Gateway.Authentication;

/// <summary>Identity's answer, in the form that requests are judged by.</summary>
/// <param name="Token">Good for <see cref="CallerToken.Lifetime"/>, longer than the answer is ever reused.</param>
/// <param name="AskedAt">On the clock's timestamps: what was revoked after it is not believed.</param>
internal sealed record SignedIdentity(Caller Caller, string Token, TimeSpan ReusableFor, long AskedAt)
{
    private static readonly TimeSpan LongestReuse = CallerToken.Lifetime / 2;

    /// <summary>Sessions only.</summary>
    public string? AntiforgeryToken { get; private init; }
    public bool Metered { get; private init; }

    private HashSet<string>? Scopes { get; init; }
    private IPNetwork[] Networks { get; init; } = [];

    public static SignedIdentity From(AuthenticateReply reply, CallerToken tokens, long askedAt)
    {
        var caller = new Caller(new(Guid.Parse(reply.TenantId)), reply.Actor, reply.Role, reply.Operator, reply.Tier is { Length: > 0 } tier ? tier : null);
        var reusable = TimeSpan.FromSeconds(reply.CacheSeconds);
        return new(caller, tokens.Sign(caller), reusable < LongestReuse ? reusable : LongestReuse, askedAt)
        {
            AntiforgeryToken = reply.AntiforgeryToken is { Length: > 0 } token ? token : null,
            Metered = reply.Metered,
            Scopes = reply.Scopes.Count > 0 ? [.. reply.Scopes] : null,
            Networks = [.. reply.AllowedNetworks.Select(IPNetwork.Parse)],
        };
    }

    public bool MayComeFrom(IPAddress address)
    {
        if (Networks.Length == 0) return true;
        foreach (var network in Networks)
            if (network.Contains(address)) return true;
        return false;
    }

    /// <returns>The scope that is missing; null when the key may do this.</returns>
    public string? MissingScope(ServiceRoute route, string method)
    {
        if (Scopes is null) return null;
        var scope = $"{route.Area}:{(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) ? "read" : "write")}";
        return Scopes.Contains(scope) ? null : scope;
    }
}
