using System.Net.Mail;

namespace Empire.Acquisition.Mail;

/// <summary>What may stand between the angle brackets of an envelope. Whatever could end a header line, name a second recipient or needs SMTPUTF8 is none.</summary>
public static class Address
{
    private const int Longest = 254;

    /// <returns>Null when nobody can be reached by it.</returns>
    public static MailAddress? Parse(string text)
    {
        if (text.Length is 0 or > Longest || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or ',' or ';' or '"')) return null;
        return MailAddress.TryCreate(text, out var address) && address.Address == text && address.User.All(char.IsAscii) ? address : null;
    }

    /// <summary>For showing and logging an address that is none: in one line, and not endless.</summary>
    public static string Shown(string text)
    {
        var line = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        return line.Length <= Longest ? line : line[..Longest];
    }
}
