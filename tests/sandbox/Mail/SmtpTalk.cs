using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Tests.Mail;

/// <summary>A hand-driven SMTP client: says exactly what the test says.</summary>
sealed class SmtpTalk : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    readonly TcpClient connection = new();
    Stream stream = Stream.Null;
    StreamReader reader = StreamReader.Null;

    /// <summary>Connected, and greeted by the server.</summary>
    public static async Task<SmtpTalk> ConnectAsync(SandboxApp app)
    {
        using var http = app.Client();
        var server = await http.GetFromJsonAsync<JsonObject>("/control/mail/server");
        var talk = new SmtpTalk();
        await talk.connection.ConnectAsync(server!["host"]!.GetValue<string>(), server["port"]!.GetValue<int>());
        talk.Speak(talk.connection.GetStream());
        Assert.StartsWith("220 ", await talk.HearAsync());
        return talk;
    }

    /// <summary>Connected, over TLS and signed in.</summary>
    public static async Task<SmtpTalk> SignedInAsync(SandboxApp app)
    {
        var talk = await ConnectAsync(app);
        await talk.SecureAsync();
        await talk.SayAsync("EHLO test", "250");
        await talk.SayAsync($"AUTH PLAIN {Base64("\0ada\0secret")}", "235");
        return talk;
    }

    public async Task SecureAsync()
    {
        await SayAsync("EHLO test", "250");
        await SayAsync("STARTTLS", "220");
        await BeginTlsAsync();
    }

    public async Task BeginTlsAsync()
    {
        var tls = new SslStream(stream, false, (_, certificate, _, _) => certificate?.Subject == "CN=Empire sandbox");
        await tls.AuthenticateAsClientAsync("localhost");
        Speak(tls);
    }

    /// <returns>The whole answer, which begins with <paramref name="code"/>.</returns>
    public async Task<string> SayAsync(string line, string code)
    {
        await SendAsync($"{line}\r\n");
        var answer = await HearAsync();
        Assert.StartsWith(code, answer);
        return answer;
    }

    public async Task SendAsync(string text) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends one message through all its commands.</summary>
    /// <returns>The answer to its last dot; empty when the line was cut.</returns>
    public async Task<string> SendMailAsync(string to, string message)
    {
        await SayAsync("MAIL FROM:<sender@empire.example>", "250");
        await SayAsync($"RCPT TO:<{to}>", "250");
        await SayAsync("DATA", "354");
        await SendAsync($"{message}\r\n.\r\n");
        return await HearAsync();
    }

    /// <returns>All lines of one answer; empty when the server has gone.</returns>
    public async Task<string> HearAsync()
    {
        var answer = new StringBuilder();
        try
        {
            while (await reader.ReadLineAsync().WaitAsync(Patience) is { } line)
            {
                answer.AppendLine(line);
                if (line.Length < 4 || line[3] != '-') return answer.ToString();
            }
        }
        catch (IOException) { } // reset
        return "";
    }

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        connection.Dispose();
    }

    void Speak(Stream over) => (stream, reader) = (over, new(over, Encoding.Latin1));
}
