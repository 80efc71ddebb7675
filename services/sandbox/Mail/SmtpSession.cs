using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Empire.Sandbox.Faults;

namespace Empire.Sandbox.Mail;

/// <summary>One connection of a mail client: RFC 5321 with STARTTLS (3207), AUTH PLAIN and LOGIN (4954), SIZE (1870), 8BITMIME (6152) and PIPELINING (2920). Any name
/// and password will do, but there must be one, and only over TLS, as at the real ones.</summary>
sealed class SmtpSession(Socket socket, X509Certificate2 certificate, Mailbox mailbox, FaultBook faults, RequestLog log, SandboxOptions options, TimeProvider clock) : IAsyncDisposable
{
    const int MostRecipients = 100, MostErrors = 50, LongestCommand = 2048;
    static readonly TimeSpan Idle = TimeSpan.FromMinutes(2);

    Stream stream = new NetworkStream(socket);
    LineReader lines = new(Stream.Null);
    bool greeted, tls;
    string user = "";
    string? from;
    readonly List<string> to = [];
    int errors;

    public async Task RunAsync(CancellationToken stopping)
    {
        lines = new(stream);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Idle);
        await SayAsync("220 sandbox ESMTP ready", patience.Token);
        try
        {
            while (errors < MostErrors && await lines.ReadAsync(patience.Token) is { } line)
            {
                patience.CancelAfter(Idle);
                if (!await ObeyAsync(Encoding.Latin1.GetString(line.Span), patience.Token)) return;
            }
            if (errors >= MostErrors) await SayAsync("421 4.7.0 Too many errors", patience.Token);
        }
        catch (LineTooLongException)
        {
            await SayAsync("500 5.5.2 Line too long", patience.Token);
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    /// <returns>False when the connection shall end.</returns>
    async Task<bool> ObeyAsync(string line, CancellationToken ct)
    {
        if (line.Length > LongestCommand) return await RefuseAsync("500 5.5.2 Line too long", ct);
        var space = line.IndexOf(' ');
        var (verb, rest) = space < 0 ? (line, "") : (line[..space], line[(space + 1)..].Trim());
        switch (verb.ToUpperInvariant())
        {
            case "EHLO" when rest.Length > 0: return await GreetAsync(ct);
            case "HELO" when rest.Length > 0: greeted = true; Forget(); return await SayAsync("250 sandbox", ct);
            case "NOOP": return await SayAsync("250 2.0.0 OK", ct);
            case "RSET": Forget(); return await SayAsync("250 2.0.0 Forgotten", ct);
            case "VRFY": return await SayAsync("252 2.5.0 Send the mail and see", ct);
            case "QUIT": await SayAsync("221 2.0.0 Bye", ct); return false;
            case "STARTTLS": return await StartTlsAsync(rest, ct);
            case "AUTH": return await AuthenticateAsync(rest, ct);
            case "MAIL": return await MailAsync(rest, ct);
            case "RCPT": return await RecipientAsync(rest, ct);
            case "DATA": return await DataAsync(ct);
            default: return await RefuseAsync("500 5.5.1 Command not understood", ct);
        }
    }

    async Task<bool> GreetAsync(CancellationToken ct)
    {
        greeted = true;
        Forget();
        string[] offers = ["sandbox", "PIPELINING", "8BITMIME", $"SIZE {options.MailMaxBytes}", tls ? "AUTH PLAIN LOGIN" : "STARTTLS"];
        return await SayAsync(string.Join("\r\n", offers.Select((offer, i) => $"250{(i == offers.Length - 1 ? ' ' : '-')}{offer}")), ct);
    }

    async Task<bool> StartTlsAsync(string rest, CancellationToken ct)
    {
        if (rest.Length > 0) return await RefuseAsync("501 5.5.4 No parameters, please", ct);
        if (tls) return await RefuseAsync("503 5.5.1 TLS is on already", ct);
        lines.Discard(); // whatever was sent along in clear is not part of what TLS protects
        await SayAsync("220 2.0.0 Go ahead", ct);
        var secure = new SslStream(stream);
        try { await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, ct); }
        catch (AuthenticationException) { return false; } // the client does not trust us: its right
        (stream, lines, tls, greeted, user) = (secure, new(secure), true, false, "");
        Forget();
        return true;
    }

    async Task<bool> AuthenticateAsync(string rest, CancellationToken ct)
    {
        if (!tls) return await RefuseAsync("538 5.7.11 Encryption required", ct);
        if (user.Length > 0) return await RefuseAsync("503 5.5.1 Signed in already", ct);
        var words = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string? name = null, password = null;
        switch (words.FirstOrDefault()?.ToUpperInvariant())
        {
            case "PLAIN":
                var parts = Decoded(words.Length > 1 ? words[1] : await AskAsync("", ct))?.Split('\0');
                if (parts is [_, var plainName, var plainPassword]) (name, password) = (plainName, plainPassword);
                break;
            case "LOGIN":
                name = Decoded(words.Length > 1 ? words[1] : await AskAsync("VXNlcm5hbWU6", ct)); // "Username:"
                password = Decoded(await AskAsync("UGFzc3dvcmQ6", ct)); // "Password:"
                break;
            default: return await RefuseAsync("504 5.5.4 PLAIN or LOGIN", ct);
        }
        var fault = await FaultAsync("AUTH", name ?? "", ct);
        if (fault?.Kind == FaultKind.CutBefore) return Cut("AUTH", name ?? "", fault);
        if (fault?.Kind == FaultKind.Temporary) return await LoggedAsync("AUTH", name ?? "", 454, "454 4.7.0 Temporary authentication failure", fault, ct);
        if (string.IsNullOrEmpty(name) || string.IsNullOrEmpty(password) || fault?.Kind == FaultKind.Permanent)
            return await LoggedAsync("AUTH", name ?? "", 535, "535 5.7.8 Not accepted", fault, ct);
        user = name;
        return await SayAsync("235 2.7.0 Welcome", ct);
    }

    async Task<bool> MailAsync(string rest, CancellationToken ct)
    {
        if (!greeted) return await RefuseAsync("503 5.5.1 EHLO first", ct);
        if (!tls) return await RefuseAsync("530 5.7.0 Must issue a STARTTLS command first", ct);
        if (user.Length == 0) return await RefuseAsync("530 5.7.0 Authentication required", ct);
        if (from is not null) return await RefuseAsync("503 5.5.1 One sender at a time", ct);
        if (Path(rest, "FROM:") is not { } path) return await RefuseAsync("501 5.5.4 MAIL FROM:<address>", ct);
        foreach (var parameter in path.Parameters)
        {
            if (parameter.StartsWith("SIZE=", StringComparison.OrdinalIgnoreCase))
            {
                if (!long.TryParse(parameter.AsSpan(5), out var size)) return await RefuseAsync("501 5.5.4 SIZE is a number", ct);
                if (size > options.MailMaxBytes) return await RefuseAsync("552 5.3.4 Message too big", ct);
            }
            else if (!parameter.Equals("BODY=8BITMIME", StringComparison.OrdinalIgnoreCase) && !parameter.Equals("BODY=7BIT", StringComparison.OrdinalIgnoreCase))
                return await RefuseAsync($"555 5.5.4 Parameter not understood", ct);
        }
        from = path.Address;
        return await SayAsync("250 2.1.0 OK", ct);
    }

    async Task<bool> RecipientAsync(string rest, CancellationToken ct)
    {
        if (from is null) return await RefuseAsync("503 5.5.1 MAIL first", ct);
        if (Path(rest, "TO:") is not { Address.Length: > 0 } path) return await RefuseAsync("501 5.5.4 RCPT TO:<address>", ct);
        if (to.Count == MostRecipients) return await RefuseAsync("452 4.5.3 Too many recipients", ct);
        var fault = await FaultAsync("RCPT", path.Address, ct);
        if (fault?.Kind is FaultKind.CutBefore) return Cut("RCPT", path.Address, fault);
        if (fault?.Kind == FaultKind.Temporary) return await LoggedAsync("RCPT", path.Address, 450, "450 4.2.1 Try again later", fault, ct);
        if (fault?.Kind == FaultKind.Permanent) return await LoggedAsync("RCPT", path.Address, 550, "550 5.1.1 No such mailbox", fault, ct);
        to.Add(path.Address);
        return await SayAsync("250 2.1.5 OK", ct);
    }

    async Task<bool> DataAsync(CancellationToken ct)
    {
        if (to.Count == 0) return await RefuseAsync("503 5.5.1 RCPT first", ct);
        await SayAsync("354 End with a line that has only a dot", ct);
        if (await ReadMessageAsync(ct) is not { } message) return false;
        var recipients = string.Join(',', to);
        if (message.TooBig)
        {
            Forget();
            return await LoggedAsync("DATA", recipients, 552, "552 5.3.4 Message too big", null, ct);
        }
        var fault = await FaultAsync("DATA", recipients, ct);
        if (fault?.Kind == FaultKind.CutBefore) return Cut("DATA", recipients, fault);
        if (fault?.Kind is FaultKind.Temporary or FaultKind.Permanent)
        {
            Forget();
            return fault.Kind == FaultKind.Temporary
                ? await LoggedAsync("DATA", recipients, 451, "451 4.3.0 Try again later", fault, ct)
                : await LoggedAsync("DATA", recipients, 554, "554 5.7.1 Not wanted", fault, ct);
        }
        var now = clock.GetUtcNow();
        var mail = new ReceivedMail($"mail_{Guid.CreateVersion7(now):N}", now, from!, [.. to], tls, user, message.Raw);
        mailbox.Accept(mail);
        Forget();
        if (fault?.Kind == FaultKind.CutAfter) return Cut("DATA", recipients, fault);
        return await LoggedAsync("DATA", recipients, 250, $"250 2.0.0 Taken as {mail.Id}", fault, ct);
    }

    /// <returns>Null when the client left in the middle, so that there is no message.</returns>
    async Task<(byte[] Raw, bool TooBig)?> ReadMessageAsync(CancellationToken ct)
    {
        using var raw = new MemoryStream();
        long size = 0;
        while (await lines.ReadAsync(ct) is { } read)
        {
            var line = read;
            if (line.Span is [(byte)'.']) return (raw.ToArray(), size > options.MailMaxBytes);
            if (line.Span is [(byte)'.', ..]) line = line[1..];
            size += line.Length + 2;
            if (size > 4L * options.MailMaxBytes) return null; // it was told the limit; reading on would only cost
            if (size > options.MailMaxBytes) continue;
            raw.Write(line.Span);
            raw.Write("\r\n"u8);
        }
        return null;
    }

    async Task<string?> AskAsync(string challenge, CancellationToken ct)
    {
        await SayAsync($"334 {challenge}", ct);
        return await lines.ReadAsync(ct) is { } line ? Encoding.ASCII.GetString(line.Span) : null;
    }

    static string? Decoded(string? text)
    {
        if (text is null) return null;
        try { return Encoding.UTF8.GetString(Convert.FromBase64String(text)); }
        catch (FormatException) { return null; }
    }

    static (string Address, string[] Parameters)? Path(string rest, string word)
    {
        if (!rest.StartsWith(word, StringComparison.OrdinalIgnoreCase)) return null;
        rest = rest[word.Length..].TrimStart();
        var close = rest.IndexOf('>');
        if (rest is not ['<', ..] || close < 0 || close > 320) return null;
        var address = rest[1..close];
        if (address.Length > 0 && (address.IndexOf('@') <= 0 || address[^1] == '@' || address.Any(c => c is ' ' or '<' || char.IsControl(c)))) return null;
        return (address, rest[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    async Task<Fault?> FaultAsync(string command, string about, CancellationToken ct)
    {
        var fault = faults.Take(Provider.Mail, command, about);
        if (fault?.LatencyMs is > 0 and var latency) await Task.Delay(TimeSpan.FromMilliseconds(latency), clock, ct);
        return fault;
    }

    async Task<bool> LoggedAsync(string command, string about, int status, string answer, Fault? fault, CancellationToken ct)
    {
        log.Add(new(clock.GetUtcNow(), Provider.Mail, command, about, "", "", status, fault?.Kind));
        return status >= 400 ? await RefuseAsync(answer, ct) : await SayAsync(answer, ct);
    }

    bool Cut(string command, string about, Fault fault)
    {
        log.Add(new(clock.GetUtcNow(), Provider.Mail, command, about, "", "", 0, fault.Kind));
        socket.LingerState = new(true, 0); // a reset, as when the machine is gone
        socket.Close();
        return false;
    }

    void Forget()
    {
        from = null;
        to.Clear();
    }

    Task<bool> RefuseAsync(string answer, CancellationToken ct)
    {
        errors++;
        return SayAsync(answer, ct);
    }

    async Task<bool> SayAsync(string answer, CancellationToken ct)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{answer}\r\n"), ct);
        return true;
    }
}
