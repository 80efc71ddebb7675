namespace Empire.Payments.Cards;

/// <summary>Finds what looks like the number of a payment card: 13 to 19 digits, in groups or not, of a card network's range, with a right check digit (ISO/IEC 7812).</summary>
public static class CardNumbers
{
    private const int Shortest = 13, Longest = 19;

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
                else if (text[at] is (byte)' ' or (byte)'-' && at + 1 < text.Length && char.IsAsciiDigit((char)text[at + 1])) at++;
                else break;
            }
            if (count is >= Shortest and <= Longest && !(at < text.Length && Continues(text[at])) && HasCheckDigit(digits[..count])) return true;
            while (start + 1 < text.Length && char.IsAsciiDigit((char)text[start + 1])) start++; // no number begins in the middle of another
        }
        return false;
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
