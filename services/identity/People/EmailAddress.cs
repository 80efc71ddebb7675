using System.Net.Mail;
using Empire.Http;

namespace Empire.Identity.People;

/// <summary>An address as it is compared and kept: trimmed, lower case.</summary>
public static class EmailAddress
{
    /// <summary>RFC 5321, 4.5.3.1.3, less the angle brackets.</summary>
    public const int MaxLength = 254;

    /// <exception cref="InvalidFieldException">No address that a mail could reach. Only ASCII: an international domain comes in its xn-- form, since two spellings of one
    /// letter would be two people to us and one to a reader.</exception>
    public static string Parse(string? text, string field = "email")
    {
        var email = text?.Trim().ToLowerInvariant() ?? "";
        return IsValid(email) ? email : throw new InvalidFieldException(field, "wanted: an e-mail address, as in ada@example.com.");
    }

    private static bool IsValid(string email)
    {
        if (email.Length is 0 or > MaxLength || !email.All(c => c is > ' ' and < '\u007f' and not ('<' or '>' or '"' or ',' or ';' or '(' or ')' or '\\'))) return false;
        if (!MailAddress.TryCreate(email, out var address) || address.Address != email) return false;
        var labels = address.Host.Split('.');
        return labels.Length > 1 && labels.All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
    }
}
