namespace Empire.Analytics.Links;

/// <summary>The address a tracked link leads to, in the one form in which it can stand in a Location header: absolute, http or https, ASCII.</summary>
public static class Destination
{
    /// <summary>What every browser and network takes; longer ones are cut by somebody on the way.</summary>
    public const int MaxLength = 2048;

    /// <param name="normalised">International host names in punycode, other characters percent-encoded.</param>
    /// <returns>Null when usable, otherwise what is wrong with it.</returns>
    public static string? Check(string? text, out string normalised)
    {
        normalised = "";
        if (string.IsNullOrWhiteSpace(text)) return "A destination is needed.";
        if (text.Length > MaxLength) return $"At most {MaxLength} characters.";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0) return "Not an absolute address.";
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) return "Only http and https lead to a shop.";
        if (uri.UserInfo.Length > 0) return "A name or password in an address would be shown to every visitor.";
        var address = $"{uri.Scheme}://{uri.IdnHost}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}{uri.PathAndQuery}{uri.Fragment}";
        if (address.Length > MaxLength) return $"At most {MaxLength} characters once encoded.";
        normalised = address;
        return null;
    }
}
