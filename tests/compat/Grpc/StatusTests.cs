using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Grpc.Tests;

public sealed class StatusTests
{
    [Theory(Timeout = 20_000)]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.FailedPrecondition)]
    [InlineData(StatusCode.Unauthenticated)]
    public async Task A_refusal_arrives_with_its_detail_and_trailers(StatusCode code)
    {
        await using var server = await EchoServer.StartAsync();
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
            await server.Client().SayAsync(new Words { Text = "tschüß", FailWith = (int)code }));
        Assert.Equal(code, failure.StatusCode);
        Assert.Equal("Zurückgewiesen: 100 % „tschüß“", failure.Status.Detail);
        Assert.Equal("asked for", failure.Trailers.GetValue("x-reason"));
        Assert.Equal([0, 1, 254, 255], failure.Trailers.GetValueBytes("x-proof-bin"));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_stream_that_fails_after_messages_gives_them_first()
    {
        await using var server = await EchoServer.StartAsync();
        using var call = server.Client().Repeat(new Words { Text = "m", Times = 3, FailWith = (int)StatusCode.Aborted });
        for (var i = 0; i < 3; i++) Assert.True(await call.ResponseStream.MoveNext());
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Aborted, failure.StatusCode);
        Assert.Equal("asked for", call.GetTrailers().GetValue("x-reason"));
    }

    [Fact(Timeout = 20_000)]
    public async Task An_exception_in_a_handler_tells_callers_nothing()
    {
        await using var server = await EchoServer.StartAsync();
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await server.Client().SayAsync(new Words { Text = "throw" }));
        Assert.Equal(StatusCode.Unknown, failure.StatusCode);
        Assert.Equal("Exception was thrown by handler.", failure.Status.Detail);
    }

    [Fact(Timeout = 20_000)]
    public async Task Detailed_errors_tell_the_cause()
    {
        await using var server = await EchoServer.StartAsync(grpc => grpc.EnableDetailedErrors = true);
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await server.Client().SayAsync(new Words { Text = "throw" }));
        Assert.Equal("Exception was thrown by handler. InvalidOperationException: the secret cause", failure.Status.Detail);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("grpc.tests.v1.Echo", "Whisper", "Method is unimplemented.")]
    [InlineData("grpc.tests.v1.Nobody", "Say", "Service is unimplemented.")]
    public async Task What_is_not_there_is_unimplemented(string service, string method, string detail)
    {
        await using var server = await EchoServer.StartAsync();
        var unknown = new Method<Words, Words>(MethodType.Unary, service, method, WordsMarshaller, WordsMarshaller);
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
            await server.Channel().CreateCallInvoker().AsyncUnaryCall(unknown, host: null, default, new Words()));
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
        Assert.Equal(detail, failure.Status.Detail);
    }

    [Fact(Timeout = 20_000)]
    public async Task An_ordinary_request_to_an_unknown_path_is_not_found()
    {
        await using var server = await EchoServer.StartAsync();
        using var http = RawCall.Http2();
        using var response = await http.GetAsync(new Uri(server.Address + "/some/page"));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{FreePort()}");
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await new Echo.EchoClient(channel).SayAsync(new Words()));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    [Theory(Timeout = 20_000)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    public async Task The_answer_of_something_else_between_is_mapped(int httpStatus, StatusCode code)
    {
        await using var server = await EchoServer.StartAsync(map: app => app.Run(http =>
        {
            http.Response.StatusCode = httpStatus;
            return http.Response.WriteAsync("<h1>no</h1>");
        }));
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await server.Client().SayAsync(new Words()));
        Assert.Equal(code, failure.StatusCode);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_web_page_is_no_answer()
    {
        await using var server = await EchoServer.StartAsync(map: app => app.Run(http => http.Response.WriteAsync("<h1>welcome</h1>")));
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await server.Client().SayAsync(new Words()));
        Assert.Contains("Invalid content-type", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task An_http1_request_is_told_to_upgrade()
    {
        await using var server = await EchoServer.StartAsync(protocols: HttpProtocols.Http1);
        using var http = new HttpClient();
        using var body = new ByteArrayContent([]);
        body.Headers.ContentType = new("application/grpc");
        using var response = await http.PostAsync(new Uri(server.Address + "/grpc.tests.v1.Echo/Say"), body);
        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
    }

    [Fact(Timeout = 20_000)]
    public async Task Another_content_type_is_refused()
    {
        await using var server = await EchoServer.StartAsync();
        using var http = RawCall.Http2();
        using var body = new StringContent("{}");
        using var response = await http.PostAsync(new Uri(server.Address + "/grpc.tests.v1.Echo/Say"), body);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_connection_that_dies_in_a_call_is_unavailable()
    {
        await using var server = await EchoServer.StartAsync(map: app => app.Run(async http =>
        {
            http.Response.ContentType = "application/grpc";
            await http.Response.BodyWriter.WriteAsync(new byte[] { 0, 0, 0, 0, 9, 1 });
            await http.Response.BodyWriter.FlushAsync();
            http.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
        }));
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await server.Client().SayAsync(new Words()));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    static readonly Marshaller<Words> WordsMarshaller =
        Marshallers.Create(words => Google.Protobuf.MessageExtensions.ToByteArray(words), Words.Parser.ParseFrom);

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
