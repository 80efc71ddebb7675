using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Empire.AppHost.Operating.Doctor;

/// <summary>Opens the mail server's door as far as AUTH, and sends nothing.</summary>
internal static class MailCheck
{
    private const int Submission = 587;

    public static Check For(Installation installation)
    {
        var settings = installation.Settings;
        if (settings["SENDER_EMAIL"] is { } sender && settings["SENDER_PASSWORD"] is { } password)
        {
            var port = int.TryParse(settings.MailPort(), out var given) ? given : Submission;
            return new("mail", ct => LogInAsync(settings.MailServer(), port, sender, password, ct));
        }
        return settings["MAIL_SERVER"] is null
            ? new("mail", null, "SENDER_EMAIL and SENDER_PASSWORD are not set: the sandbox takes the mail.")
            : new("mail", _ => throw new DistributedApplicationException("MAIL_SERVER is set, so SENDER_EMAIL and SENDER_PASSWORD must be too."));
    }

    private static async Task<string> LogInAsync(string server, int port, string sender, string password, CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server, port, ct);
        await using var plain = client.GetStream();
        await ExpectAsync(plain, "220", ct);
        if (!(await TellAsync(plain, "EHLO empire", "250", ct)).Contains("STARTTLS", StringComparison.OrdinalIgnoreCase)) throw new IOException($"{server}:{port} offers no STARTTLS.");
        await TellAsync(plain, "STARTTLS", "220", ct);
        await using var secure = new SslStream(plain);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server }, ct);
        await TellAsync(secure, "EHLO empire", "250", ct);
        await TellAsync(secure, "AUTH PLAIN " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{sender}\0{password}")), "235", ct);
        await TellAsync(secure, "QUIT", "221", ct);
        return $"{server}:{port} lets {sender} in over {secure.SslProtocol}";
    }

    private static async Task<string> TellAsync(Stream stream, string line, string expected, CancellationToken ct)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), ct);
        return await ExpectAsync(stream, expected, ct);
    }

    /// <summary>A whole reply: its last line has a space after the code, the others a hyphen.</summary>
    private static async Task<string> ExpectAsync(Stream stream, string expected, CancellationToken ct)
    {
        const int longest = 64 * 1024;
        var reply = new StringBuilder();
        var one = new byte[1];
        for (var line = new StringBuilder(); reply.Length < longest;)
        {
            if (await stream.ReadAsync(one, ct) == 0) throw new IOException("The server hung up.");
            line.Append((char)one[0]);
            if (one[0] != '\n') continue;
            reply.Append(line);
            if (line.Length < 4 || line[3] != '-') break;
            line.Clear();
        }
        var text = reply.ToString().Trim();
        return text.StartsWith(expected, StringComparison.Ordinal) ? text : throw new IOException($"The server answers: {text}");
    }
}
