using Empire.Contracts.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Publishing.Tests.Stubs;

/// <summary>Stands for identity: knows who runs the installation.</summary>
public sealed class StubIdentity(Func<TenantId> runsInstallation) : StubServer(HttpProtocols.Http2)
{
    protected override void Configure(IServiceCollection services)
    {
        services.AddGrpc();
        services.AddSingleton(runsInstallation);
    }

    protected override void Map(WebApplication app) => app.MapGrpcService<Service>();

    private sealed class Service(Func<TenantId> runsInstallation) : Identity.IdentityBase
    {
        public override Task<GetOperatorReply> GetOperator(GetOperatorRequest request, ServerCallContext context) => Task.FromResult(new GetOperatorReply { TenantId = $"{runsInstallation().Value}" });
    }
}
