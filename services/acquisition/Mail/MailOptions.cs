using System.ComponentModel.DataAnnotations;

namespace Empire.Acquisition.Mail;

/// <summary>Section "Mail": the server that takes our mail, and in whose name it goes out.</summary>
public sealed class MailOptions
{
    [Required] public string Server { get; set; } = "";
    [Range(1, 65535)] public int Port { get; set; } = 587;

    /// <summary>Off only for a server on the same machine that cannot: the password and the keys in the mails would travel in clear. Refused in Production.</summary>
    public bool StartTls { get; set; } = true;

    /// <summary>Null: the sender's address, as most servers want it.</summary>
    public string? User { get; set; }
    [Required] public string Password { get; set; } = "";

    /// <summary>The variable from which the password came, as whoever runs the installation knows it: SENDER_PASSWORD. Null: the setting's own name.</summary>
    public string? PasswordVariable { get; set; }

    [Required, EmailAddress] public string SenderEmail { get; set; } = "";

    /// <summary>Also the name of the installation in the mails.</summary>
    [Required, StringLength(60)] public string SenderName { get; set; } = "Empire";

    /// <summary>Null: answers go to the sender.</summary>
    [EmailAddress] public string? ReplyTo { get; set; }

    /// <summary>Where people reach this installation: links begin with it.</summary>
    [Required] public Uri PublicUrl { get; set; } = new("http://localhost:8080");

    /// <summary>Mails of one account in an hour; more wait for the next hour.</summary>
    [Range(1, 1_000_000)] public int PerHour { get; set; } = 200;

    /// <summary>What the provider takes for one mail, in <see cref="Currency"/>, to six decimals: a cost of the account that it is sent for. 0 where mails cost nothing by the piece.</summary>
    [Range(typeof(decimal), "0", "100", ParseLimitsInInvariantCulture = true)] public decimal Price { get; set; }

    /// <summary>ISO 4217.</summary>
    [Required] public string Currency { get; set; } = "USD";

    /// <summary>The shortest pause after the server refused for now; many refuse a stranger's first try for a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")] public TimeSpan RetryAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>One delivery, from the first byte to the server's last word.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:30")] public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The server is the sandbox: its certificate is trusted, and mails are marked <c>test</c>. Refused in Production.</summary>
    public bool Sandbox { get; set; }

    public string Root => PublicUrl.AbsoluteUri.TrimEnd('/');
}
