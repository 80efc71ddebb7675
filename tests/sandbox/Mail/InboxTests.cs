using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Empire.Sandbox.Mail;
using Microsoft.Extensions.Options;

namespace Empire.Sandbox.Tests.Mail;

public sealed class InboxTests(SandboxApp app) : IClassFixture<SandboxApp>
{
    const string Evil = "From: =?utf-8?Q?=C3=89mile?= <a@empire.example>\r\nSubject: =?utf-8?B?PGI+SGk8L2I+?=\r\nMessage-ID: <evil@empire.example>\r\n"
        + "Content-Type: multipart/alternative; boundary=\"cut\"\r\n\r\n--cut\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<script>=C3=A4</script>=\r\n!\r\n"
        + "--cut\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nPHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0PjxwPkhpPC9wPg==\r\n--cut--";

    async Task<JsonObject> ReceiveAsync()
    {
        await using (var talk = await SmtpTalk.SignedInAsync(app)) Assert.StartsWith("250 ", await talk.SendMailAsync("ada@example.com", Evil));
        using var client = app.Client();
        return (await client.GetFromJsonAsync<JsonObject>("/control/mail?to=ada"))!["data"]![0]!.AsObject();
    }

    [Fact]
    public async Task Both_bodies_and_encoded_headers_are_read()
    {
        var mail = await ReceiveAsync();
        Assert.Equal("<script>ä</script>!", mail["text"]!.GetValue<string>());
        Assert.Equal("<script>alert(1)</script><p>Hi</p>", mail["html"]!.GetValue<string>());
        Assert.Equal("<b>Hi</b>", mail["subject"]!.GetValue<string>());
        Assert.Contains(mail["headers"]!.AsArray(), h => h!["name"]!.GetValue<string>() == "From" && h["value"]!.GetValue<string>() == "Émile <a@empire.example>");
    }

    [Fact]
    public async Task The_inbox_encodes_what_came_and_shows_foreign_html_only_in_a_shut_frame()
    {
        var id = (await ReceiveAsync())["id"]!.GetValue<string>();
        using var client = app.Client();
        var list = await client.GetStringAsync("/mail?to=%22%3E%3Cscript%3E");
        Assert.DoesNotContain("<script>", list);
        list = await client.GetStringAsync("/mail");
        Assert.Contains("&lt;b&gt;Hi&lt;/b&gt;", list);
        var page = await client.GetStringAsync($"/mail/{id}");
        Assert.DoesNotContain("<script>", page);
        Assert.Contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\"", page);
        using var html = await client.GetAsync($"/mail/{id}/html");
        Assert.Contains("<p>Hi</p>", await html.Content.ReadAsStringAsync());
        Assert.StartsWith("sandbox allow-popups", html.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal(404, (int)(await client.GetAsync("/mail/mail_none")).StatusCode);
    }

    [Fact]
    public void What_was_accepted_is_there_after_a_kill_and_an_old_message_is_still_known_by_its_id()
    {
        var data = Directory.CreateTempSubdirectory("mailbox").FullName;
        var options = Options.Create(new SandboxOptions { Data = data, MailsKept = 2 });
        using (var journal = new Journal(options))
        {
            var mailbox = new Mailbox(journal, options);
            foreach (var name in (string[])["a", "b", "c"])
                mailbox.Accept(new($"mail_{name}", DateTimeOffset.UnixEpoch, "from@empire.example", ["to@example.com"], true, "ada", System.Text.Encoding.ASCII.GetBytes($"Message-ID: <{name}@x>\r\n\r\n{name}\r\n")));
        }
        using (var journal = new Journal(options))
        {
            var mailbox = new Mailbox(journal, options);
            Assert.Equal(["mail_c", "mail_b"], mailbox.Find(null, null).Select(m => m.Mail.Id));
            Assert.Equal((1, 0), (mailbox.CopiesOf("<a@x>"), mailbox.CopiesOf("d@x")));
        }
        Directory.Delete(data, recursive: true);
    }
}
