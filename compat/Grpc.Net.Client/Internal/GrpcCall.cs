using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>One call: its request, its response and what lies between. Each instance runs once, as one of the four kinds.</summary>
sealed class GrpcCall<TRequest, TResponse> : CallLifetime where TRequest : class where TResponse : class
{
    readonly GrpcChannel channel;
    readonly Method<TRequest, TResponse> method;
    readonly CallOptions options;
    readonly HttpRequestMessage request;
    readonly ICompressionProvider? compression;
    StreamedRequest? streamed;

    public GrpcCall(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, in CallOptions options) : base(channel, method, options)
    {
        this.channel = channel;
        this.method = method;
        this.options = options;
        request = new(HttpMethod.Post, channel.AddressOf(method)) { Version = channel.HttpVersion, VersionPolicy = channel.HttpVersionPolicy };
        if (host is not null) request.Headers.Host = host;
        compression = Provider(RequestHeaders.Add(request.Headers, options.Headers, channel.Compressors.AcceptEncoding, TimeLeft));
        Began(request);
    }

    public Task<TResponse> UnaryAsync(TRequest message) => SingleResponseAsync(() => Framed(message));

    public IAsyncStreamReader<TResponse> ServerStreaming(TRequest message) => Responses(() => Framed(message));

    public (IClientStreamWriter<TRequest> Requests, Task<TResponse> Response) ClientStreaming()
    {
        var requests = Requests();
        return (requests, Observed(SingleResponseAsync(() => streamed!)));
    }

    public (IClientStreamWriter<TRequest> Requests, IAsyncStreamReader<TResponse> Responses) DuplexStreaming()
    {
        var requests = Requests();
        return (requests, Responses(() => streamed!));
    }

    protected override void CloseRequests() => streamed?.End();

    /// <summary>A failure that the caller learns of in another way, or not at all because it stopped looking, is no unobserved one.</summary>
    static Task<T> Observed<T>(Task<T> task)
    {
        _ = task.ContinueWith(
            static failed => _ = failed.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }

    RequestWriter<TRequest> Requests()
    {
        streamed = new StreamedRequest();
        return new(this, streamed, method.RequestMarshaller.ContextualSerializer, compression, channel.MaxSendMessageSize, options.WriteOptions);
    }

    ResponseReader<TResponse> Responses(Func<HttpContent> body) =>
        new(this, Observed(OpenAsync(body, answered: true)), method.ResponseMarshaller.ContextualDeserializer);

    async Task<TResponse> SingleResponseAsync(Func<HttpContent> body)
    {
        var responses = await OpenAsync(body, answered: false);
        try
        {
            var message = await responses!.ReadAsync(method.ResponseMarshaller.ContextualDeserializer, Token);
            if (message is not null && await responses.ReadAsync(method.ResponseMarshaller.ContextualDeserializer, Token) is not null)
                throw new RpcException(new Status(StatusCode.Internal, "One response message was expected and more came."));
            EndAfterBody(answered: message is not null);
            return message!;
        }
        catch (Exception failure)
        {
            throw Failed(failure);
        }
    }

    /// <param name="answered">An OK without a body is an answer, not the lack of one.</param>
    /// <returns>Null when the call ended with OK and without a body.</returns>
    async Task<MessageReader?> OpenAsync(Func<HttpContent> body, bool answered)
    {
        try
        {
            request.Content = body();
            if (channel.CredentialsFor(options.Credentials) is { } credentials)
                RequestHeaders.Add(request.Headers, await credentials(method, Token).WaitAsync(Token));
            var response = await channel.SendAsync(request, Token);
            HeadersArrived(response);
            if (response.Version.Major < 2)
                throw new RpcException(new Status(StatusCode.Internal, $"Bad gRPC response. Response protocol downgraded to HTTP/{response.Version}."));
            if (ResponseStatus.BeforeBody(response) is { } status)
            {
                EndWithoutBody(status, answered);
                return null;
            }

            var pipe = PipeReader.Create(await response.Content.ReadAsStreamAsync(Token));
            return new(pipe, channel.MaxReceiveMessageSize, channel.Compressors, ResponseStatus.Encoding(response), StatusCode.Internal);
        }
        catch (Exception failure)
        {
            throw Failed(failure);
        }
    }

    UnaryRequest Framed(TRequest message)
    {
        var framed = new PooledBuffer();
        try
        {
            var isCompressed = compression is not null && (options.WriteOptions?.Flags & WriteFlags.NoCompress) != WriteFlags.NoCompress;
            new MessageSerializationContext(framed, channel.MaxSendMessageSize)
                .Write(message, method.RequestMarshaller.ContextualSerializer, isCompressed ? compression : null, level: null);
            return new(framed);
        }
        catch
        {
            framed.Release();
            throw;
        }
    }

    ICompressionProvider? Provider(string? encoding)
    {
        if (encoding is null) return null;
        return channel.Compressors.TryGet(encoding, out var provider)
            ? provider
            : throw new InvalidOperationException($"The channel has no compression provider for '{encoding}'; it knows {channel.Compressors.AcceptEncoding}.");
    }
}
