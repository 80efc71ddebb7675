using System.Security.Cryptography;
using System.Text;

namespace Empire.Acquisition.Mail;

/// <summary>One mail, decided: everything its rendering needs. Secrets stay sealed until the moment they are written into the message.</summary>
/// <param name="Template">Its name in Mail/Templates.</param>
/// <param name="Values">Of placeholders.</param>
/// <param name="Secrets">Of placeholders too; opened only in memory.</param>
/// <param name="ExpiresAt">Later than that the mail would only mislead, and is not sent.</param>
public sealed record SendMail(
    string Template, string Recipient, IReadOnlyDictionary<string, string> Values, IReadOnlyDictionary<string, SealedValue> Secrets, DateTimeOffset? ExpiresAt, bool Test)
{
    public const string Kind = "mail.send";

    /// <summary>The same for every attempt at one mail, and for no other: by it a lost one is asked for, and a recipient's server may drop a second copy.</summary>
    public static string MessageId(TenantId tenant, string key, string senderEmail) =>
        $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}/{key}")))[..32]}@{senderEmail[(senderEmail.LastIndexOf('@') + 1)..]}";
}

/// <param name="Purpose">What it was sealed for.</param>
public sealed record SealedValue(string Purpose, string Text);
