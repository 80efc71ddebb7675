using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Aspire.Hosting;

/// <summary>Opens a connection and closes it again, as a client does (AMQP 0-9-1, 2.2.4 and 4.2). Only a whole exchange proves that the broker lets
/// its user in, and only one that ends in good order leaves no warning in the broker's log.</summary>
internal static class AmqpHandshake
{
    private const ushort Connection = 10, Start = 10, StartOk = 11, Tune = 30, TuneOk = 31, Open = 40, OpenOk = 41, Close = 50, CloseOk = 51;
    private const byte MethodFrame = 1, FrameEnd = 0xCE;

    /// <returns>Null when the broker went all the way, otherwise what it said instead.</returns>
    public static async Task<string?> TryAsync(string host, int port, string user, string password, CancellationToken ct)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host, port, ct);
        await using var stream = new NetworkStream(socket);
        try
        {
            await stream.WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray(), ct);
            await ExpectAsync(stream, Start, ct);
            await SendAsync(stream, StartOk, [.. Long(0), .. ShortText("PLAIN"), .. LongText($"\0{user}\0{password}"), .. ShortText("en_US")], ct);
            var limits = await ExpectAsync(stream, Tune, ct);
            await SendAsync(stream, TuneOk, [.. limits[..6], 0, 0], ct); // the broker's own channel and frame limits, no heartbeat
            await SendAsync(stream, Open, [.. ShortText("/"), .. ShortText(""), 0], ct);
            await ExpectAsync(stream, OpenOk, ct);
            await SendAsync(stream, Close, [0, 200, .. ShortText(""), 0, 0, 0, 0], ct);
            await ExpectAsync(stream, CloseOk, ct);
            return null;
        }
        catch (IOException)
        {
            return "the broker closed the connection; does it know another password?";
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }

    /// <returns>The method's arguments.</returns>
    private static async Task<byte[]> ExpectAsync(NetworkStream stream, ushort method, CancellationToken ct)
    {
        var header = new byte[7];
        await stream.ReadExactlyAsync(header, ct);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(3));
        if (header[0] != MethodFrame || length is < 4 or > 1 << 16) throw new InvalidDataException("the answer is not AMQP 0-9-1");
        var payload = new byte[length + 1];
        await stream.ReadExactlyAsync(payload, ct);
        var (type, given) = (BinaryPrimitives.ReadUInt16BigEndian(payload), BinaryPrimitives.ReadUInt16BigEndian(payload.AsSpan(2)));
        if (payload[^1] != FrameEnd || type != Connection) throw new InvalidDataException("the answer is not AMQP 0-9-1");
        if (given == Close) throw new InvalidDataException(Encoding.UTF8.GetString(payload.AsSpan(7, payload[6])));
        return given == method ? payload[4..^1] : throw new InvalidDataException($"the broker answered connection method {given} where {method} is due");
    }

    private static ValueTask SendAsync(NetworkStream stream, ushort method, byte[] arguments, CancellationToken ct) => stream.WriteAsync(
        (byte[])[MethodFrame, 0, 0, .. Long((uint)arguments.Length + 4), 0, (byte)Connection, 0, (byte)method, .. arguments, FrameEnd], ct);

    private static byte[] Long(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] ShortText(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static byte[] LongText(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. Long((uint)bytes.Length), .. bytes];
    }
}
