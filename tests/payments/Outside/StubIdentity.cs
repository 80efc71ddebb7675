using System.Net;
using Empire.Contracts.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Empire.Payments.Tests.Outside;

/// <summary>Stands for identity: whose an address is, and who runs the installation.</summary>
public sealed class StubIdentity : IAsyncDisposable
{
    private WebApplication? app;

    public System.Collections.Concurrent.ConcurrentDictionary<string, Guid> Accounts { get; } = [];
    public Guid Operator { get; init; } = Guid.CreateVersion7();
    public string Address => app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
    }

    private sealed class Service(StubIdentity stub) : Identity.IdentityBase
    {
        public override Task<FindAccountReply> FindAccount(FindAccountRequest request, ServerCallContext context) => stub.Accounts.TryGetValue(request.Email, out var tenant)
            ? Task.FromResult(new FindAccountReply { TenantId = tenant.ToString(), UserId = Guid.CreateVersion7().ToString(), Name = "An account", Tier = "free" })
            : throw new RpcException(new(StatusCode.NotFound, "There is no such account."));

        public override Task<GetOperatorReply> GetOperator(GetOperatorRequest request, ServerCallContext context) => Task.FromResult(new GetOperatorReply { TenantId = stub.Operator.ToString() });
    }
}
