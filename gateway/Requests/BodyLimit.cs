using Empire.Gateway.Routing;
using Empire.Gateway.Security;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace Empire.Gateway.Requests;

/// <summary>No body is longer than its route allows: a declared length is refused at once, an undeclared one when it gets there.</summary>
/// <remarks>Who signs what they send knows how long it may be: too much from such a sender is a guess, as a wrong signature is.</remarks>
internal sealed class BodyLimit(RequestDelegate next, SecurityEvents events, Blocks blocks, IOptions<GatewayOptions> options)
{
    /// <summary>So Kestrel renames a Content-Length that stands beside Transfer-Encoding. A proxy in front that went by it would take for one request what are two here.</summary>
    private const string DisbelievedLength = "X-Content-Length";

    private readonly long common = options.Value.MaxBodyBytes;

    public Task InvokeAsync(HttpContext context)
    {
        var visit = Visit.Of(context);
        var route = visit.Route;
        if (route is { Grpc: true })
        {
            // A stream of samples has no length, and may be silent for minutes; each message has the limit of the gRPC server.
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } stream) stream.MaxRequestBodySize = null;
            if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
            return next(context);
        }
        if (context.Request.Headers.TransferEncoding.Count > 0 && context.Request.Headers.ContainsKey(DisbelievedLength))
        {
            context.Response.Headers.Connection = "close";
            return new Refusal("ambiguous-length", "Give the body's length by Content-Length or by Transfer-Encoding, not by both.").ToProblem(StatusCodes.Status400BadRequest).ExecuteAsync(context);
        }
        var limit = route?.MaxBodyBytes ?? common;
        if (context.Request.ContentLength > limit) return RefuseAsync(context, visit, limit);
        if (limit != common && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limit;
        return next(context);
    }

    private async Task RefuseAsync(HttpContext context, Visit visit, long limit)
    {
        if (visit.Route is { Access: Access.Signed })
        {
            events.Record("bad_signature", visit, "too long");
            await blocks.FailedAsync(visit, Failure.Signature);
        }
        context.Response.Headers.Connection = "close"; // the body is still on its way: what follows it on this connection would be lost with it
        await new Refusal("content-too-large", $"A request body here has at most {limit} bytes.").ToProblem(StatusCodes.Status413PayloadTooLarge).ExecuteAsync(context);
    }
}
