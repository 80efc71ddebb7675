using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Empire.Sandbox.Mail;

/// <summary>The inbox as pages. Everything that came by mail is encoded; a message's own HTML is shown in a frame of its own only.</summary>
static class MailPages
{
    static readonly string Style = string.Join('\n', Resource.Lines("mail/inbox.css"));

    public static string Inbox(IReadOnlyList<(ReceivedMail Mail, MimeMessage Message)> mails, string? to, int port)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <header><h1>Inbox</h1><p class="soft">Mail that the sandbox took on port {port}. None of it left this machine.</p>
            <form action="/mail" method="get" role="search"><label for="to">Recipient</label><input id="to" name="to" type="search" value="{E(to)}" placeholder="ada@example.com" autocomplete="off"><button>Search</button></form></header>
            <main>
            """);
        if (mails.Count == 0)
            page.Append(string.IsNullOrWhiteSpace(to) ? """<p class="empty">No mail yet. Sign up, invite someone or ask for a new password, and it will be here.</p>""" : $"""<p class="empty">No mail to <b>{E(to)}</b>. <a href="/mail">Show all</a></p>""");
        else
        {
            page.Append("<ol class=\"list\">");
            foreach (var (mail, message) in mails)
                page.Append(CultureInfo.InvariantCulture, $"""
                    <li><a href="/mail/{E(mail.Id)}"><span class="to">{E(string.Join(", ", mail.To))}</span><span class="subject">{E(Subject(message))}</span>
                    <time datetime="{mail.At:O}">{When(mail.At)}</time><span class="snippet">{E(Snippet(message))}</span></a></li>
                    """);
            page.Append("</ol>");
        }
        return Frame("Inbox", page.Append("</main>").ToString());
    }

    public static string Message(ReceivedMail mail, MimeMessage message)
    {
        var body = message.Html is null ? "" : $"""<section><h2>As HTML</h2><iframe title="The message as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/mail/{E(mail.Id)}/html"></iframe></section>""";
        var text = message.Text is null ? "" : $"""<section><h2>As text</h2><pre class="text">{E(message.Text)}</pre></section>""";
        var headers = string.Concat(message.Headers.Select(h => $"<tr><th scope=\"row\">{E(h.Key)}</th><td>{E(h.Value)}</td></tr>"));
        return Frame(Subject(message), $"""
            <header><nav><a href="/mail">&larr; Inbox</a></nav><h1>{E(Subject(message))}</h1>
            <dl><dt>From</dt><dd>{E(message.From)}</dd><dt>To</dt><dd>{E(string.Join(", ", mail.To))}</dd><dt>Taken</dt><dd><time datetime="{mail.At:O}">{When(mail.At)}</time>, {(mail.Tls ? "over TLS" : "in clear")}, {Size(mail.Raw.Length)}</dd></dl></header>
            <main>{body}{text}
            <section><h2>Headers</h2><div class="scroll"><table>{headers}</table></div><p><a href="/mail/{E(mail.Id)}/raw">The message as it came</a></p></section></main>
            """);
    }

    static string Frame(string title, string content) => $"""
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
        <title>{E(title)} · sandbox mail</title><style>{Style}</style></head><body>{content}</body></html>
        """;

    static string Subject(MimeMessage message) => message.Subject.Length > 0 ? message.Subject : "(no subject)";

    static string Snippet(MimeMessage message) => string.Join(' ', (message.Text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(30));

    static string When(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    static string Size(int bytes) => bytes < 1024 ? $"{bytes} bytes" : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KB");

    static string E(string? text) => HtmlEncoder.Default.Encode(text ?? "");
}
