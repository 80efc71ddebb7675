using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Tests.Mail;

public sealed class SmtpTests(SandboxApp app) : IClassFixture<SandboxApp>, IAsyncLifetime
{
    const string Hello = "From: Empire <sender@empire.example>\r\nTo: ada@example.com\r\nSubject: Hello\r\nMessage-ID: <one@empire.example>\r\n\r\nHello Ada";

    public async ValueTask InitializeAsync()
    {
        using var client = app.Client();
        await client.PostAsync("/control/reset", null);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    async Task<JsonArray> InboxAsync(string query = "")
    {
        using var client = app.Client();
        return (await client.GetFromJsonAsync<JsonObject>($"/control/mail{query}"))!["data"]!.AsArray();
    }

    [Fact]
    public async Task A_message_is_found_by_recipient_and_by_message_id()
    {
        await using var talk = await SmtpTalk.SignedInAsync(app);
        Assert.StartsWith("250 ", await talk.SendMailAsync("Ada@example.com", Hello));
        Assert.StartsWith("250 ", await talk.SendMailAsync("bob@example.com", Hello.Replace("one@", "two@", StringComparison.Ordinal)));
        await talk.SayAsync("QUIT", "221");
        Assert.Equal(2, (await InboxAsync()).Count);
        var mail = Assert.Single(await InboxAsync("?to=ada@EXAMPLE.com"))!;
        Assert.Equal("one@empire.example", mail["message_id"]!.GetValue<string>());
        Assert.Equal("Hello", mail["subject"]!.GetValue<string>());
        Assert.Equal("Hello Ada", mail["text"]!.GetValue<string>());
        Assert.Equal("ada", mail["user"]!.GetValue<string>());
        Assert.True(mail["tls"]!.GetValue<bool>());
        Assert.Equal(["bob@example.com"], Assert.Single(await InboxAsync("?message_id=%3Ctwo@empire.example%3E"))!["to"]!.AsArray().Select(to => to!.GetValue<string>()));
        Assert.Empty(await InboxAsync("?message_id=three@empire.example"));
    }

    [Fact]
    public async Task Commands_sent_without_waiting_are_answered_in_order()
    {
        await using var talk = await SmtpTalk.SignedInAsync(app);
        await talk.SendAsync("MAIL FROM:<a@empire.example> BODY=8BITMIME\r\nRCPT TO:<one@example.com>\r\nRCPT TO:<not an address>\r\nRCPT TO:<two@example.com>\r\nDATA\r\n");
        Assert.Equal(["250", "250", "501", "250", "354"], await CodesAsync(talk, 5));
        await talk.SendAsync("Subject: Piped\r\n\r\nä\r\n.\r\nNOOP\r\nQUIT\r\n");
        Assert.Equal(["250", "250", "221"], await CodesAsync(talk, 3));
        var mail = Assert.Single(await InboxAsync())!;
        Assert.Equal("ä", mail["text"]!.GetValue<string>());
        Assert.Equal(2, mail["to"]!.AsArray().Count);
    }

    [Fact]
    public async Task Dots_are_unstuffed_and_only_a_dot_between_two_whole_line_ends_ends_the_message()
    {
        await using var talk = await SmtpTalk.SignedInAsync(app);
        Assert.StartsWith("250 ", await talk.SendMailAsync("ada@example.com", "Subject: Dots\r\n\r\n..leading\r\n...\r\nbare\n.\nmiddle\r\n .\r\nlast"));
        Assert.Equal(".leading\r\n..\r\nbare\n.\nmiddle\r\n .\r\nlast", Assert.Single(await InboxAsync())!["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_message_over_the_size_is_refused_when_announced_and_when_sent()
    {
        await using var talk = await SmtpTalk.SignedInAsync(app);
        await talk.SayAsync("MAIL FROM:<a@empire.example> SIZE=10000001", "552");
        var big = string.Concat(Enumerable.Repeat($"{new string('x', 1000)}\r\n", 10_100));
        Assert.StartsWith("552 ", await talk.SendMailAsync("ada@example.com", $"Subject: Big\r\n\r\n{big}"));
        Assert.Empty(await InboxAsync());
        Assert.StartsWith("250 ", await talk.SendMailAsync("ada@example.com", Hello)); // the session goes on
    }

    [Fact]
    public async Task An_endless_line_ends_the_session()
    {
        await using var talk = await SmtpTalk.ConnectAsync(app);
        await talk.SendAsync(new string('x', 20_000));
        Assert.StartsWith("500 ", await talk.HearAsync());
        Assert.Equal("", await talk.HearAsync());
    }

    [Fact]
    public async Task Nothing_is_taken_in_clear_or_from_strangers()
    {
        await using var talk = await SmtpTalk.ConnectAsync(app);
        await talk.SayAsync("MAIL FROM:<a@empire.example>", "503");
        var offers = await talk.SayAsync("EHLO test", "250");
        Assert.Contains("STARTTLS", offers);
        Assert.DoesNotContain("AUTH", offers);
        await talk.SayAsync($"AUTH PLAIN {SmtpTalk.Base64("\0ada\0secret")}", "538");
        await talk.SayAsync("MAIL FROM:<a@empire.example>", "530 5.7.0 Must issue a STARTTLS");
        await talk.SecureAsync();
        offers = await talk.SayAsync("EHLO test", "250");
        Assert.Contains("AUTH PLAIN LOGIN", offers);
        Assert.DoesNotContain("STARTTLS", offers);
        await talk.SayAsync("MAIL FROM:<a@empire.example>", "530 5.7.0 Authentication required");
        await talk.SayAsync("AUTH LOGIN", "334");
        await talk.SayAsync(SmtpTalk.Base64("ada"), "334");
        await talk.SayAsync(SmtpTalk.Base64(""), "535");
        await talk.SayAsync($"AUTH LOGIN {SmtpTalk.Base64("ada")}", "334");
        await talk.SayAsync(SmtpTalk.Base64("secret"), "235");
        await talk.SayAsync("MAIL FROM:<a@empire.example>", "250");
        await talk.SayAsync("RSET", "250");
        await talk.SayAsync("RCPT TO:<ada@example.com>", "503");
    }

    [Fact]
    public async Task Commands_slipped_in_before_tls_are_forgotten()
    {
        await using var talk = await SmtpTalk.ConnectAsync(app);
        await talk.SayAsync("EHLO test", "250");
        await talk.SendAsync("STARTTLS\r\nNOOP\r\nRSET\r\n");
        Assert.StartsWith("220 ", await talk.HearAsync());
        await talk.BeginTlsAsync();
        Assert.Contains("AUTH", await talk.SayAsync("EHLO test", "250")); // not the answer to NOOP
    }

    [Fact]
    public async Task Refusals_meet_the_recipient_or_the_message()
    {
        await using var talk = await SmtpTalk.SignedInAsync(app);
        await app.ArmAsync(new { match = new { provider = "mail", path_contains = "ada" }, kind = "temporary" });
        await app.ArmAsync(new { match = new { provider = "mail", path_contains = "ada" }, kind = "permanent" });
        await app.ArmAsync(new { match = new { provider = "mail", method = "DATA" }, kind = "permanent" });
        await talk.SayAsync("MAIL FROM:<a@empire.example>", "250");
        await talk.SayAsync("RCPT TO:<bob@example.com>", "250");
        await talk.SayAsync("RCPT TO:<ada@example.com>", "450");
        await talk.SayAsync("RCPT TO:<ada@example.com>", "550");
        await talk.SayAsync("RSET", "250");
        Assert.StartsWith("554 ", await talk.SendMailAsync("ada@example.com", Hello));
        Assert.Empty(await InboxAsync());
        Assert.StartsWith("250 ", await talk.SendMailAsync("ada@example.com", Hello));
        Assert.Equal([450, 550, 554, 250], (await app.LogAsync("mail")).Select(entry => entry!["status"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_cut_before_leaves_nothing_and_a_cut_after_leaves_the_message()
    {
        await app.ArmAsync(new { match = new { provider = "mail" }, kind = "cut_before" });
        await using (var lost = await SmtpTalk.SignedInAsync(app)) Assert.Equal("", await lost.SendMailAsync("ada@example.com", Hello));
        Assert.Empty(await InboxAsync());
        await app.ArmAsync(new { match = new { provider = "mail" }, kind = "cut_after" });
        await using (var taken = await SmtpTalk.SignedInAsync(app)) Assert.Equal("", await taken.SendMailAsync("ada@example.com", Hello));
        Assert.Single(await InboxAsync("?message_id=one@empire.example"));
    }

    [Fact]
    public async Task Latency_keeps_the_sender_waiting()
    {
        await app.ArmAsync(new { match = new { provider = "mail" }, kind = "latency", latency_ms = 300 });
        await using var talk = await SmtpTalk.SignedInAsync(app);
        var start = TimeProvider.System.GetTimestamp();
        Assert.StartsWith("250 ", await talk.SendMailAsync("ada@example.com", Hello));
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(295));
    }

    [Theory]
    [InlineData("""{"match":{"provider":"mail"},"kind":"429"}""", "kind")]
    [InlineData("""{"match":{"provider":"mail","method":"POST"},"kind":"temporary"}""", "match.method")]
    [InlineData("""{"match":{"provider":"mail","method":"RCPT"},"kind":"cut_after"}""", "match.method")]
    public async Task A_fault_that_makes_no_sense_is_refused(string fault, string field)
    {
        using var client = app.Client();
        using var content = new StringContent(fault, System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/control/faults", content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True((await response.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!.AsObject().ContainsKey(field));
    }

    static async Task<IReadOnlyList<string>> CodesAsync(SmtpTalk talk, int answers)
    {
        var codes = new List<string>();
        for (var i = 0; i < answers; i++) codes.Add((await talk.HearAsync())[..3]);
        return codes;
    }
}
