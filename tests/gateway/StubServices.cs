using System.Collections.Concurrent;
using System.Net;
using Empire.Contracts.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Empire.Gateway.Tests;

/// <summary>What stands behind the gateway: an identity that knows two keys, and services that answer what they were sent.</summary>
public sealed class StubServices : IAsyncDisposable
{
    public const string OperatorKey = "gopt_operatoroperatoroperator";
    public const string MemberKey = "gopt_membermembermembermember";

    private readonly WebApplication app;

    private StubServices(WebApplication app, StubIdentity identity) => (this.app, Identity) = (app, identity);

    internal StubIdentity Identity { get; }

    public string Http => Addresses.First();
    public string Grpc => Addresses.Last();

    /// <summary>The caller tokens that halted this "service".</summary>
    public ConcurrentQueue<string> Halts { get; } = new();

    private ICollection<string> Addresses => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

    public static async Task<StubServices> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        var identity = new StubIdentity();
        builder.Services.AddSingleton(identity);
        builder.Services.AddGrpc();
        var server = builder.Build();
        var stub = new StubServices(server, identity);
        server.MapGrpcService<StubIdentity>();
        server.MapPost("/api/v1/publishing/effects/{verb}", (HttpContext context) => stub.Halts.Enqueue(context.Request.Headers["X-Empire-Caller"].ToString()));
        server.Map("/{**path}", (HttpContext context) => Results.Json(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString())));
        await server.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

internal sealed class StubIdentity : Identity.IdentityBase
{
    public static Guid Tenant { get; } = Guid.CreateVersion7();

    private int asked;

    public int Asked => asked;

    public override Task<AuthenticateReply> Authenticate(AuthenticateRequest request, ServerCallContext context)
    {
        Interlocked.Increment(ref asked);
        return request.ApiKey is StubServices.OperatorKey or StubServices.MemberKey
            ? Task.FromResult(new AuthenticateReply
            {
                TenantId = Tenant.ToString(), Actor = "key:1", Role = "owner", Tier = "free", Operator = request.ApiKey == StubServices.OperatorKey, CacheSeconds = 10,
            })
            : throw new RpcException(new Status(StatusCode.Unauthenticated, "The API key is not valid."));
    }
}
