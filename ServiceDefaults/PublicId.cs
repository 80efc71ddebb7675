namespace Empire;

/// <summary>How ids look outside: a type prefix and the 32 hex digits of a UUIDv7, as in <c>pub_0199f3…</c>, so that an id pasted
/// into the wrong field is refused by name instead of finding nothing.</summary>
public static class PublicId
{
    public static string Format(string prefix, Guid id) => $"{prefix}_{id:N}";

    /// <returns>False when the text carries another prefix or is no UUID. A bare UUID is accepted.</returns>
    public static bool TryParse(string prefix, string? text, out Guid id)
    {
        id = Guid.Empty;
        if (string.IsNullOrEmpty(text)) return false;
        var separator = text.LastIndexOf('_');
        if (separator >= 0 && !text.AsSpan(0, separator).SequenceEqual(prefix)) return false;
        return Guid.TryParse(text.AsSpan(separator + 1), out id);
    }

    /// <exception cref="FormatException">Another prefix, or no UUID.</exception>
    public static Guid Parse(string prefix, string text) =>
        TryParse(prefix, text, out var id) ? id : throw new FormatException($"'{text}' is not an id of the form {prefix}_….");
}
