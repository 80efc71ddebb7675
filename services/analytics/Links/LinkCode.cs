using System.Buffers;
using System.Security.Cryptography;

namespace Empire.Analytics.Links;

/// <summary>The public name of a tracked link: eight random characters of 0-9A-Za-z. 2×10¹⁴ possibilities, so that nobody finds the links of a
/// business by counting.</summary>
public static class LinkCode
{
    public const int Length = 8;

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> Allowed = SearchValues.Create(Alphabet);

    public static string New() => RandomNumberGenerator.GetString(Alphabet, Length);

    /// <summary>False for what can be no code, so that it costs no look-up.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text) => text.Length == Length && !text.ContainsAnyExcept(Allowed);
}
