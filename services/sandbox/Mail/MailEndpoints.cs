using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Sandbox.Mail;

/// <summary>The inbox for eyes (<c>/mail</c>) and for programs (<c>/control/mail</c>).</summary>
public static class MailEndpoints
{
    /// <summary>A message is somebody else's page: nothing in it may run, load or reach the inbox around it.</summary>
    const string MessagePolicy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
    const string InboxPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'";

    public static void AddMail(this IServiceCollection services) =>
        services.AddSingleton<Mailbox>().AddSingleton<SmtpServer>().AddHostedService(provider => provider.GetRequiredService<SmtpServer>());

    public static void MapMail(this WebApplication app)
    {
        app.MapGet("/mail", (Mailbox mailbox, SmtpServer server, HttpContext context, string? to) => Page(context, MailPages.Inbox(mailbox.Find(Blank(to), null), to, server.Port)));
        app.MapGet("/mail/{id}", Results<ContentHttpResult, NotFound> (string id, Mailbox mailbox, HttpContext context) =>
            mailbox.Find(id) is { } found ? Page(context, MailPages.Message(found.Mail, found.Message)) : TypedResults.NotFound());
        app.MapGet("/mail/{id}/html", Results<ContentHttpResult, NotFound> (string id, Mailbox mailbox, HttpContext context) =>
        {
            if (mailbox.Find(id)?.Message.Html is not { } html) return TypedResults.NotFound();
            Protect(context, MessagePolicy);
            return TypedResults.Content($"<base target=\"_blank\">{html}", "text/html; charset=utf-8");
        });
        app.MapGet("/mail/{id}/raw", Results<FileContentHttpResult, NotFound> (string id, Mailbox mailbox) =>
            mailbox.Find(id) is { } found ? TypedResults.File(found.Mail.Raw, "message/rfc822", $"{id}.eml") : TypedResults.NotFound());
        app.MapGet("/control/mail", (Mailbox mailbox, string? to, string? message_id) => new
        {
            data = mailbox.Find(Blank(to), Blank(message_id)).Select(found => Describe(found.Mail, found.Message)),
            copies = Blank(message_id) is { } id ? mailbox.CopiesOf(id) : (int?)null,
        });
        app.MapGet("/control/mail/server", (SmtpServer server) => new { host = "127.0.0.1", port = server.Port });
    }

    static object Describe(ReceivedMail mail, MimeMessage message) => new
    {
        id = mail.Id, message_id = message.MessageId, from = mail.From, to = mail.To, subject = message.Subject, received_at = mail.At, tls = mail.Tls, user = mail.User,
        size = mail.Raw.Length, headers = message.Headers.Select(h => new { name = h.Key, value = h.Value }), text = message.Text, html = message.Html,
    };

    static ContentHttpResult Page(HttpContext context, string html)
    {
        Protect(context, InboxPolicy);
        return TypedResults.Content(html, "text/html; charset=utf-8");
    }

    static void Protect(HttpContext context, string policy)
    {
        context.Response.Headers.ContentSecurityPolicy = policy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Referrer-Policy"] = "no-referrer"; // links in mails carry tokens
        context.Response.Headers.CacheControl = "no-store";
    }

    static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
