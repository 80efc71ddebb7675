using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.ClientFactory;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Tests;

public sealed class ClientFactoryTests
{
    [Fact(Timeout = 20_000)]
    public async Task A_registered_client_is_injected_and_reaches_its_address()
    {
        await using var server = await EchoServer.StartAsync();
        await using var services = new ServiceCollection()
            .Also(it => it.AddGrpcClient<Echo.EchoClient>(client => client.Address = new Uri(server.Address)))
            .BuildServiceProvider();
        Assert.Equal("injected", (await services.GetRequiredService<Echo.EchoClient>().SayAsync(new Words { Text = "injected" })).Text);
    }

    [Fact(Timeout = 20_000)]
    public async Task Names_keep_clients_apart()
    {
        await using var one = await EchoServer.StartAsync();
        await using var other = await EchoServer.StartAsync(grpc => grpc.Interceptors.Add<InterceptorTests.Refusing>());
        await using var services = new ServiceCollection()
            .Also(it => it.AddGrpcClient<Echo.EchoClient>("one", client => client.Address = new Uri(one.Address)))
            .Also(it => it.AddGrpcClient<Echo.EchoClient>("other", client => client.Address = new Uri(other.Address)))
            .BuildServiceProvider();
        var factory = services.GetRequiredService<GrpcClientFactory>();
        await factory.CreateClient<Echo.EchoClient>("one").SayAsync(new Words());
        await Assert.ThrowsAsync<RpcException>(async () => await factory.CreateClient<Echo.EchoClient>("other").SayAsync(new Words()));
        Assert.Throws<InvalidOperationException>(() => factory.CreateClient<Echo.EchoClient>("third"));
    }

    [Fact]
    public void A_client_without_address_is_named_in_the_error()
    {
        using var services = new ServiceCollection().Also(it => it.AddGrpcClient<Echo.EchoClient>()).BuildServiceProvider();
        var error = Assert.Throws<InvalidOperationException>(services.GetRequiredService<Echo.EchoClient>);
        Assert.Contains("EchoClient", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Interceptors_credentials_and_channel_options_apply()
    {
        await using var server = await EchoServer.StartAsync();
        await using var services = new ServiceCollection()
            .AddSingleton<Marking>()
            .Also(it => it.AddGrpcClient<Echo.EchoClient>(client => client.Address = new Uri(server.Address))
                .AddInterceptor<Marking>()
                .AddCallCredentials((context, metadata) =>
                {
                    metadata.Add("x-token", $"{context.MethodName} of {context.ServiceUrl}");
                    return Task.CompletedTask;
                })
                .ConfigureChannel(channel =>
                {
                    channel.UnsafeUseInsecureChannelCallCredentials = true;
                    channel.MaxReceiveMessageSize = 100;
                }))
            .BuildServiceProvider();
        var client = services.GetRequiredService<Echo.EchoClient>();
        using var call = client.SayAsync(new Words());
        var headers = await call.ResponseHeadersAsync;
        Assert.Equal("was here", headers.GetValue("x-mark"));
        Assert.Equal($"Say of {server.Address}/grpc.tests.v1.Echo", headers.GetValue("x-token"));
        await call;
        await Assert.ThrowsAsync<RpcException>(async () => await client.SayAsync(new Words { Text = new string('x', 200) }));
    }

    [Fact(Timeout = 20_000)]
    public async Task Call_credentials_do_not_go_over_plain_text_unasked()
    {
        await using var server = await EchoServer.StartAsync();
        var asked = false;
        var credentials = CallCredentials.FromInterceptor((_, _) =>
        {
            asked = true;
            return Task.CompletedTask;
        });
        await server.Client().SayAsync(new Words(), new CallOptions(credentials: credentials));
        Assert.False(asked);
    }

    [Fact(Timeout = 20_000)]
    public async Task Message_handlers_of_the_http_client_builder_stand_in_the_way()
    {
        await using var server = await EchoServer.StartAsync();
        await using var services = new ServiceCollection()
            .Also(it => it.AddGrpcClient<Echo.EchoClient>(client => client.Address = new Uri(server.Address))
                .AddHttpMessageHandler(() => new AddingHeader()))
            .BuildServiceProvider();
        using var call = services.GetRequiredService<Echo.EchoClient>().SayAsync(new Words());
        Assert.Equal("yes", (await call.ResponseHeadersAsync).GetValue("x-handled"));
        await call;
    }

    [Fact(Timeout = 20_000)]
    public async Task A_handlers_own_calls_inherit_its_deadline_and_cancellation()
    {
        await using var inner = await EchoServer.StartAsync();
        await using var outer = await EchoServer.StartAsync(
            services: services => services.AddGrpcClient<Echo.EchoClient>(client => client.Address = new Uri(inner.Address)).EnableCallContextPropagation(),
            map: app => app.MapGrpcService<ForwardingService>());
        using var cancellation = new CancellationTokenSource();
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1);
        var answer = outer.Client().SayAsync(new Words { Hang = true }, deadline: deadline, cancellationToken: cancellation.Token);
        await inner.Record.Hanging.Task;
        Assert.Equal(deadline, inner.Record.Deadline, TimeSpan.FromSeconds(15));
        await cancellation.CancelAsync();
        await inner.Record.Cancelled.Task;
        await Assert.ThrowsAsync<RpcException>(async () => await answer);
    }

    [Fact(Timeout = 20_000)]
    public async Task Propagation_outside_of_a_call_is_an_error_unless_allowed()
    {
        await using var server = await EchoServer.StartAsync();
        await using var strict = Propagating(server, _ => { });
        Assert.Throws<InvalidOperationException>(() => { _ = strict.GetRequiredService<Echo.EchoClient>().SayAsync(new Words()); });
        await using var lenient = Propagating(server, options => options.SuppressContextNotFoundErrors = true);
        await lenient.GetRequiredService<Echo.EchoClient>().SayAsync(new Words());
    }

    static ServiceProvider Propagating(EchoServer server, Action<Grpc.AspNetCore.ClientFactory.GrpcContextPropagationOptions> configure) =>
        new ServiceCollection()
            .Also(it => it.AddGrpcClient<Echo.EchoClient>(client => client.Address = new Uri(server.Address)).EnableCallContextPropagation(configure))
            .BuildServiceProvider();

    sealed class ForwardingService(Echo.EchoClient next) : Echo.EchoBase
    {
        public override async Task<Words> Say(Words request, ServerCallContext context) => await next.SayAsync(request);
    }

    sealed class Marking : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
            continuation(request, new(context.Method, context.Host, context.Options.WithHeaders([.. context.Options.Headers ?? [], new("x-mark", "was here")])));
    }

    sealed class AddingHeader : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("x-handled", "yes");
            return base.SendAsync(request, cancellationToken);
        }
    }
}

static class Chaining
{
    public static IServiceCollection Also(this IServiceCollection services, Action<IServiceCollection> add)
    {
        add(services);
        return services;
    }
}
