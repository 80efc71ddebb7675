using System.Buffers;
using System.Text;

namespace Grpc.Net.Wire;

/// <summary>The form of <c>grpc-message</c>: UTF-8 in which every byte but printable ASCII, and the percent sign, is written <c>%XX</c>.</summary>
static class PercentEncoding
{
    const string HexDigits = "0123456789ABCDEF";

    static readonly SearchValues<char> Unescaped =
        SearchValues.Create(" !\"#$&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Unescaped)) return text;
        var encoded = new StringBuilder(text.Length + 16);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (Unescaped.Contains((char)value)) encoded.Append((char)value);
            else encoded.Append('%').Append(HexDigits[value >> 4]).Append(HexDigits[value & 15]);
        }

        return encoded.ToString();
    }

    /// <summary>Leaves alone what is no valid escape: a status message is for people, and a mangled one beats none.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%')) return text;
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes[count++] = Convert.FromHexString(text.AsSpan(i + 1, 2))[0];
                i += 2;
            }
            else
            {
                count += Encoding.UTF8.GetBytes(text.AsSpan(i, 1), bytes.AsSpan(count));
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, count);
    }
}
