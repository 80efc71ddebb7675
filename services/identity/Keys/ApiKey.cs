using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Empire.Identity.Keys;

/// <summary>The secret by which a program is known: <c>gopt_</c> and 24 random letters and digits (143 bits). Shown once, kept as a hash.</summary>
public static partial class ApiKey
{
    public const string Prefix = "gopt_";
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string Generate() => Prefix + RandomNumberGenerator.GetString(Alphabet, 24);

    public static bool IsWellFormed(string text) => Pattern().IsMatch(text);

    /// <returns>SHA-256, 32 bytes.</returns>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    [GeneratedRegex("^gopt_[A-Za-z0-9]{24}$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
