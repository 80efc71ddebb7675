using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Empire.Gateway.Requests;

/// <summary>Whose word about the client's address, scheme and host counts. From anyone else the headers are dropped, here and for the services behind.</summary>
internal sealed partial class TrustedProxies(RequestDelegate next, IOptions<GatewayOptions> options, ILogger<TrustedProxies> log)
{
    private static readonly string[] Claims = ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Real-IP", "Forwarded"];

    private int warned;

    private readonly IPNetwork[] trusted = [.. options.Value.TrustedProxies.Select(IPNetwork.Parse)];

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (!IsTrusted(Visit.AddressOf(context)))
        {
            if (headers["X-Forwarded-For"].Count > 0 && Interlocked.Exchange(ref warned, 1) == 0) LogUntrusted(log, Visit.AddressOf(context));
            foreach (var claim in Claims) headers.Remove(claim);
            return next(context);
        }
        if (headers["X-Forwarded-For"].Count == 0 && headers["X-Real-IP"] is [{ Length: > 0 } real]) headers["X-Forwarded-For"] = real;
        headers.Remove("X-Real-IP");
        headers.Remove("Forwarded");
        return next(context);
    }

    public static ForwardedHeadersOptions Forwarding(IEnumerable<string> networks)
    {
        var forwarding = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All & ~ForwardedHeaders.XForwardedPrefix, ForwardLimit = null };   // as far as the chain is trusted
        forwarding.KnownProxies.Clear();
        forwarding.KnownIPNetworks.Clear();
        foreach (var network in networks)
            if (IPNetwork.TryParse(network, out var known)) forwarding.KnownIPNetworks.Add(known);   // a wrong one is reported by start-up validation
        return forwarding;
    }

    private bool IsTrusted(IPAddress address)
    {
        foreach (var network in trusted)
            if (network.Contains(address)) return true;
        return false;
    }

    /// <summary>Once: anybody can send the header.</summary>
    [LoggerMessage(1, LogLevel.Warning,
        "{Peer} says for whom it speaks (X-Forwarded-For) and is not in Gateway:TrustedProxies. If it is your reverse proxy, name it there: until then all who come through it are one address, with one limit and one block")]
    private static partial void LogUntrusted(ILogger log, IPAddress peer);
}
