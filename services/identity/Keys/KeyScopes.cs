using System.Text.RegularExpressions;
using Empire.Http;

namespace Empire.Identity.Keys;

/// <summary>What a key may be used for: <c>{area}:read</c> or <c>{area}:write</c>, where the area is the first word of the path after <c>/api/v1/</c> or <c>/api/</c>,
/// and <c>telemetry</c> for the agent's gRPC stream. None allows all that the key's role allows. The gateway enforces them.</summary>
internal static partial class KeyScopes
{
    private const int Most = 50;

    /// <exception cref="InvalidFieldException">A scope of another form, or too many.</exception>
    public static string[] Parse(IReadOnlyList<string>? scopes)
    {
        if (scopes is null) return [];
        if (scopes.Count > Most) throw new InvalidFieldException("scopes", $"wanted: at most {Most}.");
        if (scopes.FirstOrDefault(scope => scope is null || !Pattern().IsMatch(scope)) is { } wrong)
            throw new InvalidFieldException("scopes", $"'{wrong}' is not of the form area:read or area:write, as in content:read.");
        return [.. scopes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>Whether one key may make another: never one that may do more than itself.</summary>
    /// <param name="own">Of the key that asks; empty allows all.</param>
    public static bool Cover(string[] own, string[] wanted) => own.Length == 0 || (wanted.Length > 0 && wanted.All(own.Contains));

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}:(?:read|write)$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
