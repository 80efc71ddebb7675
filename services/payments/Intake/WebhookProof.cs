using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Empire.Payments.Intake;

/// <summary>How the providers prove that a webhook is theirs. All comparisons take the same time whatever they compare.</summary>
public static class WebhookProof
{
    /// <summary><c>t=unix,v1=hex[,v1=hex]</c>: HMAC-SHA256 of <c>t.body</c> under the whole <c>whsec_…</c>. Any of several v1 will do: Stripe signs with both while a secret is
    /// being replaced.</summary>
    /// <param name="secrets">Of each endpoint that Stripe sends to: one for the account's own events, one for those of its connected accounts.</param>
    /// <param name="tolerance">How far <c>t</c> may be from now, either way.</param>
    public static bool Stripe(ReadOnlySpan<byte> body, string? header, IReadOnlyList<string> secrets, TimeSpan tolerance, DateTimeOffset now)
    {
        if (header is not { Length: > 0 and < 4096 }) return false;
        string? time = null;
        List<string> signatures = [];
        foreach (var part in header.Split(','))
        {
            if (part.Split('=', 2) is not [var name, var value]) continue;
            if (name.Trim() == "t") time ??= value;
            else if (name.Trim() == "v1") signatures.Add(value);
        }
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || signatures.Count == 0) return false;
        var signed = new byte[time.Length + 1 + body.Length];
        Encoding.ASCII.GetBytes(time, signed);
        signed[time.Length] = (byte)'.';
        body.CopyTo(signed.AsSpan(time.Length + 1));
        Span<byte> wanted = stackalloc byte[32];
        var holds = false;
        foreach (var secret in secrets)
        {
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed, wanted);
            foreach (var signature in signatures) holds |= Equal(wanted, signature);
        }
        return holds && Math.Abs(now.ToUnixTimeSeconds() - (decimal)seconds) <= (decimal)tolerance.TotalSeconds;
    }

    /// <summary>A fixed secret, sent along; it signs nothing, so what it comes with is only a hint to ask.</summary>
    public static bool Flutterwave(string? header, string secret) =>
        header is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header)), SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>HMAC-SHA512 of the body as compact JSON with the keys of every object sorted; numbers and texts as they were written.</summary>
    public static bool NowPayments(ReadOnlySpan<byte> body, string? header, string secret)
    {
        if (header is null) return false;
        byte[] sorted;
        try { sorted = Sorted(body); }
        catch (JsonException) { return false; }
        Span<byte> wanted = stackalloc byte[64];
        HMACSHA512.HashData(Encoding.UTF8.GetBytes(secret.Trim()), sorted, wanted);
        return Equal(wanted, header.Trim());
    }

    /// <exception cref="JsonException">It is no JSON object.</exception>
    internal static byte[] Sorted(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new() { MaxDepth = 32 });
        using var document = JsonDocument.ParseValue(ref reader);
        if (document.RootElement.ValueKind != JsonValueKind.Object || reader.Read()) throw new JsonException("It is no JSON object.");
        using var buffer = new MemoryStream(body.Length);
        Write(document.RootElement, buffer);
        return buffer.ToArray();
    }

    private static void Write(JsonElement element, MemoryStream to)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                to.WriteByte((byte)'{');
                var first = true;
                // Of a name given twice JavaScript keeps the last.
                foreach (var property in element.EnumerateObject().GroupBy(property => property.Name, StringComparer.Ordinal).Select(same => same.Last()).OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    if (!first) to.WriteByte((byte)',');
                    first = false;
                    Text(property.Name, to);
                    to.WriteByte((byte)':');
                    Write(property.Value, to);
                }
                to.WriteByte((byte)'}');
                break;
            case JsonValueKind.Array:
                to.WriteByte((byte)'[');
                for (var i = 0; i < element.GetArrayLength(); i++)
                {
                    if (i > 0) to.WriteByte((byte)',');
                    Write(element[i], to);
                }
                to.WriteByte((byte)']');
                break;
            case JsonValueKind.String:
                Text(element.GetString()!, to);
                break;
            default:
                to.Write(Encoding.UTF8.GetBytes(element.GetRawText())); // a number as it was written: through a double its last digits could differ
                break;
        }
    }

    /// <summary>As JavaScript writes text: only what must be is escaped.</summary>
    private static void Text(string text, MemoryStream to)
    {
        var written = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
            _ = c switch
            {
                '"' => written.Append("\\\""),
                '\\' => written.Append("\\\\"),
                '\b' => written.Append("\\b"),
                '\f' => written.Append("\\f"),
                '\n' => written.Append("\\n"),
                '\r' => written.Append("\\r"),
                '\t' => written.Append("\\t"),
                < ' ' => written.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => written.Append(c),
            };
        to.Write(Encoding.UTF8.GetBytes(written.Append('"').ToString()));
    }

    private static bool Equal(ReadOnlySpan<byte> wanted, string hex)
    {
        Span<byte> given = stackalloc byte[wanted.Length];
        given.Clear();
        var readable = hex.Length == wanted.Length * 2 && Convert.FromHexString(hex, given, out _, out _) == System.Buffers.OperationStatus.Done;
        return CryptographicOperations.FixedTimeEquals(wanted, given) & readable;
    }
}
