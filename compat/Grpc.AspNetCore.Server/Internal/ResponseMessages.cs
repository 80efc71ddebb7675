using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Net.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Sends the headers and messages of a response.</summary>
sealed class ResponseMessages(HttpServerCallContext call)
{
    readonly HttpResponse response = call.Http.Response;
    readonly MessageSerializationContext framing = new(call.Http.Response.BodyWriter, call.Settings.MaxSendMessageSize);
    string? algorithm = call.Settings.ResponseCompressionAlgorithm;
    ICompressionProvider? compression;

    /// <exception cref="InvalidOperationException">Headers or messages were sent before.</exception>
    public async Task SendHeadersAsync(Metadata headers)
    {
        if (response.HasStarted) throw new InvalidOperationException("Response headers can be sent only once, and before the first message.");
        if (headers.Get(WireNames.CompressionRequest) is { } chosen) algorithm = chosen.Value;
        ResponseStatus.Add(response.Headers, headers);
        await StartAsync();
        await response.BodyWriter.FlushAsync(call.CancellationToken);
    }

    /// <summary>Puts a message into the response. It leaves at the next flush, at the end of the call at the latest.</summary>
    public ValueTask WriteAsync<T>(T message, Action<T, SerializationContext> serializer, WriteFlags flags) where T : class
    {
        if (response.HasStarted)
        {
            Frame(message, serializer, flags);
            return default;
        }

        return StartAndWriteAsync(message, serializer, flags);
    }

    public async ValueTask FlushAsync() => await response.BodyWriter.FlushAsync(call.CancellationToken);

    async ValueTask StartAndWriteAsync<T>(T message, Action<T, SerializationContext> serializer, WriteFlags flags) where T : class
    {
        await StartAsync();
        Frame(message, serializer, flags);
    }

    void Frame<T>(T message, Action<T, SerializationContext> serializer, WriteFlags flags) where T : class =>
        framing.Write(message, serializer, flags.HasFlag(WriteFlags.NoCompress) ? null : compression, call.Settings.ResponseCompressionLevel);

    Task StartAsync()
    {
        if (algorithm is not (null or WireNames.Identity)
            && call.Settings.Compressors.TryGet(algorithm, out var provider)
            && Compressors.IsListed(algorithm, response.HttpContext.Request.Headers[WireNames.AcceptEncoding].ToString()))
        {
            compression = provider;
            response.Headers[WireNames.Encoding] = algorithm;
        }

        return response.StartAsync(call.CancellationToken);
    }
}
