using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Empire.Contracts.V1;
using Empire.Http;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Empire.Acquisition.Tests;

/// <summary>Stands for identity: who owns which account, and which account runs the installation.</summary>
public sealed class StubIdentity : IAsyncDisposable
{
    private WebApplication? app;

    /// <summary>Addresses of the owners, by account.</summary>
    public ConcurrentDictionary<Guid, string[]> Owners { get; } = [];

    public Guid Operator { get; } = Guid.CreateVersion7();
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
        public override Task<GetOwnersReply> GetOwners(GetOwnersRequest request, ServerCallContext context)
        {
            // On whose behalf it is asked; whether the signature is good is for the real one to see.
            var token = context.RequestHeaders.GetValue(CallerToken.Header)!;
            using var caller = JsonDocument.Parse(Base64Url.DecodeFromChars(token.AsSpan(0, token.IndexOf('.', StringComparison.Ordinal))));
            return Task.FromResult(new GetOwnersReply { Emails = { stub.Owners.GetValueOrDefault(caller.RootElement.EnumerateObject().First().Value.GetGuid(), []) } });
        }

        public override Task<GetOperatorReply> GetOperator(GetOperatorRequest request, ServerCallContext context) => Task.FromResult(new GetOperatorReply { TenantId = stub.Operator.ToString() });
    }
}
