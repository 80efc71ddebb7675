using Empire.Http;

namespace Empire.Identity.People;

/// <summary>What may be a password: length, not composition (NIST SP 800-63B, 5.1.1.2). A long phrase is better than "P@ssw0rd!".</summary>
public static class PasswordRule
{
    public const int MinLength = 12, MaxLength = 256;

    /// <summary>What is tried first, of those long enough to pass by length.</summary>
    private static readonly HashSet<string> Common = new(StringComparer.OrdinalIgnoreCase)
    {
        "password1234", "passwordpassword", "password12345", "password123456", "123456789012", "1234567890123", "12345678901234", "123456789012345", "1234567890123456",
        "qwertyuiop12", "qwertyuiop123", "qwertyuiopasdfghjkl", "1q2w3e4r5t6y", "1qaz2wsx3edc", "q1w2e3r4t5y6", "qazwsxedcrfv", "zaq12wsxcde3", "asdfghjkl123", "adminadminadmin",
        "administrator", "administrator1", "letmeinletmein", "welcome12345", "welcome123456", "iloveyou1234", "iloveyouiloveyou", "changeme1234", "changemechangeme",
        "correcthorsebatterystaple", "correct horse battery staple", "abcdefghijkl", "abcdefghijklm", "abcd12345678", "aaaaaaaaaaaa", "111111111111", "000000000000", "qwerty123456",
        "trustno1trustno1", "superman1234", "football1234", "baseball1234", "sunshine1234", "princess1234", "monkeymonkey", "dragondragon", "masterpassword",
    };

    /// <exception cref="InvalidFieldException">Too short, too long, among the most common, or made of the person's own address.</exception>
    public static void Require(string password, string email, string field = "password")
    {
        if (password.Length is < MinLength or > MaxLength) throw new InvalidFieldException(field, $"wanted: {MinLength} to {MaxLength} characters.");
        if (Common.Contains(password) || password.Distinct().Count() < 4) throw new InvalidFieldException(field, "is among the first that are tried; choose another.");
        var name = email.Split('@')[0];
        if (password.Contains(email, StringComparison.OrdinalIgnoreCase) || (name.Length >= 4 && Rest(password, name) < 6))
            throw new InvalidFieldException(field, "is made of your address; choose another.");
    }

    /// <summary>How much is left to guess when the name is known.</summary>
    private static int Rest(string password, string name) => password.Replace(name, "", StringComparison.OrdinalIgnoreCase).Length;
}
