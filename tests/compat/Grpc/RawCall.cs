using System.Buffers.Binary;
using System.Net;
using Google.Protobuf;
using Grpc.Tests.V1;

namespace Grpc.Tests;

/// <summary>A call of <c>Echo/Say</c> written by hand, byte by byte, so that a test sees the wire and may break its rules.</summary>
public sealed class RawCall : IDisposable
{
    readonly HttpClient http = Http2();

    public RawCall(string address)
    {
        Request = new(HttpMethod.Post, new Uri(address + "/grpc.tests.v1.Echo/Say"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Request.Headers.TE.ParseAdd("trailers");
    }

    public HttpRequestMessage Request { get; }

    public static HttpClient Http2() => new()
    {
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public static byte[] Framed(Words words) => Framed(words.ToByteArray(), isCompressed: false);

    public static byte[] Framed(byte[] payload, bool isCompressed)
    {
        var framed = new byte[5 + payload.Length];
        framed[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), payload.Length);
        payload.CopyTo(framed, 5);
        return framed;
    }

    public async Task<Answer> SendAsync(byte[] body)
    {
        Request.Content = new ByteArrayContent(body);
        Request.Content.Headers.ContentType = new("application/grpc");
        using var response = await http.SendAsync(Request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new(
            One(response.TrailingHeaders, "grpc-status") ?? One(response.Headers, "grpc-status"),
            One(response.TrailingHeaders, "grpc-message") ?? One(response.Headers, "grpc-message"),
            One(response.Headers, "grpc-encoding"), One(response.Headers, "grpc-accept-encoding"), bytes);
    }

    public void Dispose()
    {
        Request.Dispose();
        http.Dispose();
    }

    static string? One(System.Net.Http.Headers.HttpHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    public sealed record Answer(string? Status, string? Message, string? Encoding, string? AcceptEncoding, byte[] Body)
    {
        public bool IsCompressed => Body[0] == 1;
    }
}
