namespace Empire.Payments.Cards;

/// <summary>Finds what looks like the number of a payment card: 13 to 19 digits, in groups or not, of a card network's range, with a right check digit (ISO/IEC 7812).</summary>
public static class CardNumbers
{
    private const int Shortest = 13, Longest = 19, WidestGap = 4;

    public static bool AreIn(ReadOnlySpan<byte> text)
    {
        Span<byte> digits = stackalloc byte[Longest];
        for (var start = 0; start < text.Length; start++)
        {
            if (text[start] is < (byte)'2' or > (byte)'6' || (start > 0 && Continues(text[start - 1]))) continue; // 2 to 6: Mastercard, Amex and Diners, Visa, Mastercard, Discover and UnionPay
            var (count, at) = (0, start);
            while (at < text.Length)
            {
                if (char.IsAsciiDigit((char)text[at]))
                {
                    if (count == Longest) { count++; break; }
                    digits[count++] = (byte)(text[at++] - '0');
                }
                else if (AfterGap(text, at) is var next && next > at) at = next;
                else break;
            }
            if (count is >= Shortest and <= Longest && !(at < text.Length && Continues(text[at])) && HasCheckDigit(digits[..count])) return true;
            while (start + 1 < text.Length && char.IsAsciiDigit((char)text[start + 1])) start++; // no number begins in the middle of another
        }
        return false;
    }

    /// <returns>Where the next digit stands behind the spaces or dashes that begin here; the same place where none does.</returns>
    private static int AfterGap(ReadOnlySpan<byte> text, int at)
    {
        var end = at;
        while (end < text.Length && end - at < WidestGap && text[end] is (byte)' ' or (byte)'-') end++;
        return end < text.Length && char.IsAsciiDigit((char)text[end]) ? end : at;
    }

    /// <summary>As JSON means it: characters that are written as <c>\u0034</c> are what they stand for.</summary>
    /// <returns>Null where nothing is written so.</returns>
    public static byte[]? Unescaped(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf("\\u00"u8) < 0) return null;
        var (plain, length) = (new byte[text.Length], 0);
        for (var at = 0; at < text.Length; at++)
            if (text[at..] is [(byte)'\\', (byte)'u', (byte)'0', (byte)'0', var high, var low, ..] && char.IsAsciiHexDigit((char)high) && char.IsAsciiHexDigit((char)low))
            {
                plain[length++] = Convert.FromHexString([(char)high, (char)low])[0];
                at += 5;
            }
            else plain[length++] = text[at];
        return plain[..length];
    }

    private static bool Continues(byte c) => char.IsAsciiLetterOrDigit((char)c) || c is (byte)'_' or (byte)'.';

    private static bool HasCheckDigit(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            int digit = digits[^(i + 1)];
            if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
            sum += digit;
        }
        return sum % 10 == 0;
    }
}
