using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Tests.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Tests;

public sealed class InterceptorTests
{
    [Fact(Timeout = 20_000)]
    public async Task Server_interceptors_see_a_call_in_the_order_of_registration()
    {
        var trace = new Trace();
        await using var server = await EchoServer.StartAsync(
            grpc =>
            {
                grpc.Interceptors.Add<Tracing>("outer");
                grpc.Interceptors.Add<Tracing>("inner");
            },
            services => services.AddSingleton(trace));
        await server.Client().SayAsync(new Words { Text = "unary" });
        using var call = server.Client().Chat();
        await call.RequestStream.CompleteAsync();
        await call.ResponseStream.MoveNext();
        Assert.Equal(
            ["outer > /grpc.tests.v1.Echo/Say", "inner > /grpc.tests.v1.Echo/Say", "inner < /grpc.tests.v1.Echo/Say", "outer < /grpc.tests.v1.Echo/Say",
             "outer > /grpc.tests.v1.Echo/Chat", "inner > /grpc.tests.v1.Echo/Chat", "inner < /grpc.tests.v1.Echo/Chat", "outer < /grpc.tests.v1.Echo/Chat"],
            trace.Lines);
    }

    [Fact(Timeout = 20_000)]
    public async Task Interceptors_of_one_service_come_after_those_of_all()
    {
        var trace = new Trace();
        await using var server = await EchoServer.StartAsync(
            grpc => grpc.Interceptors.Add<Tracing>("all"),
            services => services.AddSingleton(trace).AddGrpc().AddServiceOptions<EchoService>(own => own.Interceptors.Add<Tracing>("own")));
        await server.Client().SayAsync(new Words());
        Assert.Equal(["all", "own", "own", "all"], trace.Lines.Select(line => line[..3]));
    }

    [Fact(Timeout = 20_000)]
    public async Task An_interceptor_may_refuse_a_call()
    {
        await using var server = await EchoServer.StartAsync(grpc => grpc.Interceptors.Add<Refusing>());
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await server.Client().SayAsync(new Words()));
        Assert.Equal(StatusCode.PermissionDenied, failure.StatusCode);
    }

    [Fact(Timeout = 20_000)]
    public async Task Client_interceptors_wrap_each_other_and_may_add_headers()
    {
        await using var server = await EchoServer.StartAsync();
        var invoker = server.Channel()
            .Intercept(headers => [.. headers, new("x-last", "inner")])
            .Intercept(headers => [.. headers, new("x-first", headers.Count == 0 ? "outer" : "not outer")]);
        using var call = new Echo.EchoClient(invoker).SayAsync(new Words());
        var headers = await call.ResponseHeadersAsync;
        Assert.Equal("outer", headers.GetValue("x-first"));
        Assert.Equal("inner", headers.GetValue("x-last"));
        await call;
    }

    public sealed class Trace
    {
        readonly List<string> lines = [];

        public IReadOnlyList<string> Lines
        {
            get { lock (lines) return [.. lines]; }
        }

        public void Add(string line)
        {
            lock (lines) lines.Add(line);
        }
    }

    public sealed class Tracing(Trace trace, string name) : Interceptor
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            trace.Add($"{name} > {context.Method}");
            var response = await continuation(request, context);
            trace.Add($"{name} < {context.Method}");
            return response;
        }

        public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            trace.Add($"{name} > {context.Method}");
            await continuation(requestStream, responseStream, context);
            trace.Add($"{name} < {context.Method}");
        }
    }

    public sealed class Refusing : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.PermissionDenied, "not you"));
    }
}
