using System.Net;
using Empire.Contracts.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Empire.Content.Tests.Stubs;

/// <summary>Stands for identity, on a real port: knows who runs the installation.</summary>
public sealed class StubIdentity : IAsyncDisposable
{
    private readonly WebApplication server;

    private StubIdentity(WebApplication server) => this.server = server;

    public string Address => server.Urls.Single();

    public static async Task<StubIdentity> StartAsync(TenantId runsInstallation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new Service(runsInstallation));
        var built = builder.Build();
        built.MapGrpcService<Service>();
        await built.StartAsync();
        return new(built);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private sealed class Service(TenantId runsInstallation) : Identity.IdentityBase
    {
        public override Task<GetOperatorReply> GetOperator(GetOperatorRequest request, ServerCallContext context) => Task.FromResult(new GetOperatorReply { TenantId = $"{runsInstallation.Value}" });
    }
}
