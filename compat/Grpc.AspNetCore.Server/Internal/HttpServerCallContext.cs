using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>A call that came as an HTTP request.</summary>
sealed class HttpServerCallContext(HttpContext http, MethodSettings settings) : ServerCallContext, IServerCallContextFeature, IDisposable
{
    CallDeadline? deadline;
    Metadata? requestHeaders;
    Metadata? responseTrailers;
    AuthContext? authContext;
    ResponseMessages? responses;

    public HttpContext Http => http;

    public MethodSettings Settings => settings;

    ServerCallContext IServerCallContextFeature.ServerCallContext => this;

    public bool IsDeadlineExceeded => deadline?.IsExceeded == true;

    public ResponseMessages Responses => responses ??= new(this);

    /// <summary>Null when the handler added none.</summary>
    public Metadata? TrailersOrNull => responseTrailers;

    /// <summary>Starts the clock, if the caller set a deadline.</summary>
    public void Begin()
    {
        if (GrpcTimeout.TryParse(http.Request.Headers[WireNames.Timeout], out var timeout)) deadline = new(timeout, http.RequestAborted);
    }

    public void Dispose() => deadline?.Dispose();

    protected override string MethodCore => http.Request.Path.Value!;

    protected override string HostCore => http.Request.Host.Value ?? "";

    protected override string PeerCore => http.Connection.RemoteIpAddress switch
    {
        null => "unknown",
        { AddressFamily: AddressFamily.InterNetwork } address => $"ipv4:{address}:{http.Connection.RemotePort}",
        { IsIPv4MappedToIPv6: true } address => $"ipv4:{address.MapToIPv4()}:{http.Connection.RemotePort}",
        IPAddress address => $"ipv6:[{address}]:{http.Connection.RemotePort}",
    };

    protected override DateTime DeadlineCore => deadline?.At ?? DateTime.MaxValue;

    protected override Metadata RequestHeadersCore
    {
        get
        {
            if (requestHeaders is not null) return requestHeaders;
            var metadata = new Metadata();
            foreach (var (name, values) in http.Request.Headers)
            {
                foreach (var value in values) MetadataWire.Add(metadata, name, value);
            }

            return requestHeaders = metadata;
        }
    }

    protected override CancellationToken CancellationTokenCore => deadline?.Token ?? http.RequestAborted;

    protected override Metadata ResponseTrailersCore => responseTrailers ??= [];

    protected override Status StatusCore { get; set; } = Status.DefaultSuccess;

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => authContext ??= PeerCertificate.ToAuthContext(http.Connection.ClientCertificate);

    protected override IDictionary<object, object> UserStateCore => http.Items!;

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        return Responses.SendHeadersAsync(responseHeaders);
    }
}
