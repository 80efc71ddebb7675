using System.Globalization;

namespace Empire.Acquisition.Mail;

internal static class MailTime
{
    /// <summary>For people, with its zone: readers' own zones are not known.</summary>
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
