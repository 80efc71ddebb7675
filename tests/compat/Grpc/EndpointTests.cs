using System.Security.Claims;
using System.Text.Encodings.Web;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.Tests;

/// <summary>What endpoint routing offers holds for gRPC methods too.</summary>
public sealed class EndpointTests
{
    [Fact(Timeout = 20_000)]
    public async Task A_service_behind_authorization_wants_to_know_its_caller()
    {
        await using var server = await EchoServer.StartAsync(services: AddKeys, map: app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapGrpcService<EchoService>().RequireAuthorization();
        });
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await server.Client().SayAsync(new Words()));
        Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
        await server.Client().SayAsync(new Words(), new Metadata { { "x-key", "known" } });
    }

    [Fact(Timeout = 20_000)]
    public async Task Attributes_of_class_and_method_are_on_the_endpoint()
    {
        await using var server = await EchoServer.StartAsync(services: AddKeys, map: app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapGrpcService<GuardedService>();
        });
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await server.Client().SayAsync(new Words()));
        Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
        using var call = server.Client().Repeat(new Words());
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal("Repeat of GuardedService", call.ResponseStream.Current.Text);
    }

    [Fact(Timeout = 20_000)]
    public async Task Services_live_in_the_scope_of_their_call_and_are_disposed()
    {
        var disposals = new Disposals();
        await using var server = await EchoServer.StartAsync(services: services => services.AddSingleton(disposals), map: app => app.MapGrpcService<DisposedService>());
        await server.Client().SayAsync(new Words());
        await server.Client().SayAsync(new Words());
        Assert.Equal(2, disposals.Count);
    }

    [Fact(Timeout = 20_000)]
    public async Task Mapping_a_class_that_no_proto_describes_is_an_error() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => EchoServer.StartAsync(map: app => app.MapGrpcService<Disposals>()));

    static void AddKeys(IServiceCollection services)
    {
        services.AddAuthentication("key").AddScheme<AuthenticationSchemeOptions, KeyHandler>("key", configureOptions: null);
        services.AddAuthorization();
    }

    [Authorize]
    sealed class GuardedService : Echo.EchoBase
    {
        public override Task<Words> Say(Words request, ServerCallContext context) => Task.FromResult(request);

        [AllowAnonymous]
        public override Task Repeat(Words request, IServerStreamWriter<Words> responseStream, ServerCallContext context)
        {
            var metadata = context.GetHttpContext().GetEndpoint()!.Metadata.GetRequiredMetadata<GrpcMethodMetadata>();
            return responseStream.WriteAsync(new Words { Text = $"{metadata.Method.Name} of {metadata.ServiceType.Name}" });
        }
    }

    public sealed class Disposals
    {
        public int Count { get; set; }
    }

    sealed class DisposedService(Disposals disposals) : Echo.EchoBase, IAsyncDisposable
    {
        public override Task<Words> Say(Words request, ServerCallContext context) => Task.FromResult(request);

        public ValueTask DisposeAsync()
        {
            disposals.Count++;
            return default;
        }
    }

    sealed class KeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers["x-key"] == "known"
            ? AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity([], Scheme.Name)), Scheme.Name))
            : AuthenticateResult.NoResult());
    }
}
