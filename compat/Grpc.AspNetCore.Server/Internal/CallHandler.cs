using Grpc.Core;
using Grpc.Net.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Takes the calls of one method from request to status. The four kinds differ only in <see cref="RunAsync"/>.</summary>
abstract class CallHandler<TRequest, TResponse>(Method<TRequest, TResponse> method, MethodSettings settings, ILogger log)
    where TRequest : class where TResponse : class
{
    protected Method<TRequest, TResponse> Method => method;

    public async Task HandleAsync(HttpContext http)
    {
        if (!CanBeServed(http)) return;
        http.Response.ContentType = WireNames.ContentType;
        LiftLimits(http.Features);
        using var call = new HttpServerCallContext(http, settings);
        http.Features.Set<IServerCallContextFeature>(call);
        Status status;
        try
        {
            call.Begin();
            await RunAsync(call);
            status = call.IsDeadlineExceeded ? DeadlineExceeded : call.Status;
        }
        catch (Exception failure)
        {
            status = StatusOf(failure, call);
        }

        if (status.StatusCode == StatusCode.Unimplemented) http.Response.Headers.TryAdd(WireNames.AcceptEncoding, settings.Compressors.AcceptEncoding);
        ResponseStatus.Write(http.Response, status, call.TrailersOrNull);
    }

    protected abstract Task RunAsync(HttpServerCallContext call);

    protected MessageReader Requests(HttpServerCallContext call)
    {
        string? encoding = call.Http.Request.Headers[WireNames.Encoding];
        return new(call.Http.Request.BodyReader, settings.MaxReceiveMessageSize, settings.Compressors, encoding, StatusCode.Unimplemented);
    }

    protected ValueTask<TRequest> SingleRequestAsync(HttpServerCallContext call) =>
        Requests(call).ReadSingleAsync(method.RequestMarshaller.ContextualDeserializer, call.CancellationToken);

    /// <summary>Sent together with the trailers, at the end.</summary>
    protected ValueTask SendSingleAsync(HttpServerCallContext call, TResponse? response)
    {
        if (response is null) throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
        call.CancellationToken.ThrowIfCancellationRequested();
        return call.Responses.WriteAsync(response, method.ResponseMarshaller.ContextualSerializer, call.WriteOptions?.Flags ?? default);
    }

    static readonly Status DeadlineExceeded = new(StatusCode.DeadlineExceeded, "Deadline Exceeded");

    static bool CanBeServed(HttpContext http)
    {
        if (!WireNames.IsContentType(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return false;
        }

        if (!HttpProtocol.IsHttp2(http.Request.Protocol) && !HttpProtocol.IsHttp3(http.Request.Protocol))
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            http.Response.Headers.Upgrade = HttpProtocol.Http2;
            return false;
        }

        return true;
    }

    /// <summary>The size of a message is limited by our own setting; a stream may be as long, and as slow, as its caller likes.</summary>
    void LiftLimits(IFeatureCollection features)
    {
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming
            && features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
    }

    Status StatusOf(Exception failure, HttpServerCallContext call)
    {
        if (failure is RpcException refusal)
        {
            ServerLog.CallRefused(log, method.FullName, refusal.StatusCode, refusal.Status.Detail);
            foreach (var entry in refusal.Trailers) call.ResponseTrailers.Add(entry);
            return refusal.Status;
        }

        if (call.CancellationToken.IsCancellationRequested && failure is OperationCanceledException or IOException)
        {
            var status = call.IsDeadlineExceeded ? DeadlineExceeded : new Status(StatusCode.Cancelled, "The call was cancelled.");
            ServerLog.CallGivenUp(log, method.FullName, status.StatusCode);
            return status;
        }

        ServerLog.HandlerThrew(log, failure, method.FullName);
        const string Detail = "Exception was thrown by handler.";
        return new(StatusCode.Unknown, settings.EnableDetailedErrors ? $"{Detail} {failure.GetType().Name}: {failure.Message}" : Detail, failure);
    }
}
