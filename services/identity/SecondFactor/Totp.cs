using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Empire.Identity.SecondFactor;

/// <summary>Time-based one-time passwords as authenticator apps make them: RFC 6238 with SHA-1, 30 seconds, 6 digits.</summary>
public static class Totp
{
    public const int Digits = 6, StepSeconds = 30;

    /// <summary>A clock may be off by one step either way (RFC 6238, 5.2).</summary>
    private const int Drift = 1;

    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <returns>160 random bits, as RFC 4226 (4, R6) recommends.</returns>
    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(20);

    /// <param name="step">Number of 30-second steps since 1970.</param>
    /// <param name="digits">6 to 8.</param>
    public static string CodeAt(byte[] secret, long step, int digits = Digits)
    {
        Span<byte> counter = stackalloc byte[8], mac = stackalloc byte[20];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // RFC 6238 authenticators know only SHA-1; HMAC does not rest on its resistance to collisions
        HMACSHA1.HashData(secret, counter, mac);
#pragma warning restore CA5350
        var offset = mac[^1] & 0xf;
        var number = BinaryPrimitives.ReadUInt32BigEndian(mac[offset..]) & 0x7fffffff;
        return (number % (uint)Math.Pow(10, digits)).ToString($"D{digits}");
    }

    public static long StepOf(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    /// <returns>The step whose code it is, at most one from now; null when it is none. All are compared, in constant time.</returns>
    public static long? Match(byte[] secret, string code, DateTimeOffset now)
    {
        long? match = null;
        for (var step = StepOf(now) - Drift; step <= StepOf(now) + Drift; step++)
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CodeAt(secret, step)), Encoding.UTF8.GetBytes(code))) match = step;
        return match;
    }

    /// <summary>RFC 4648 without padding, as people type secrets.</summary>
    public static string ToBase32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var (buffer, bits) = (0, 0);
        foreach (var b in bytes)
        {
            buffer = (buffer << 8) | b;
            for (bits += 8; bits >= 5; bits -= 5) text.Append(Base32[(buffer >> (bits - 5)) & 31]);
            buffer &= (1 << bits) - 1;
        }
        return (bits > 0 ? text.Append(Base32[(buffer << (5 - bits)) & 31]) : text).ToString();
    }

    /// <summary>What an authenticator reads from a QR code (Key Uri Format of Google Authenticator).</summary>
    public static string UriOf(string issuer, string account, byte[] secret) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}?secret={ToBase32(secret)}&issuer={Uri.EscapeDataString(issuer)}&algorithm=SHA1&digits={Digits}&period={StepSeconds}";
}
