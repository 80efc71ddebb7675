using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Empire.Effects;
using Microsoft.Extensions.Options;

namespace Empire.Acquisition.Mail;

/// <summary>Hands one message to the mail server and says what is known of it.</summary>
public sealed partial class SmtpPost(IOptions<MailOptions> options, ILogger<SmtpPost> log)
{
    /// <summary>Begins the detail of a refusal that is about the mailbox itself.</summary>
    public const string BouncePrefix = "Bounced: ";

    /// <exception cref="SmtpException">The line broke when the server may have had the whole message.</exception>
    public async Task<EffectOutcome> SendAsync(string recipient, string messageId, RenderedMail mail, CancellationToken ct)
    {
        using var text = new WatchedStream(mail.Text);
        using var html = new WatchedStream(mail.Html);
        try
        {
            await DeliverAsync(recipient, messageId, mail.Subject, text, html, ct);
            return new EffectOutcome.Done(messageId);
        }
        catch (SmtpFailedRecipientException e) when (IsPermanent(e))
        {
            return new EffectOutcome.Refused($"{BouncePrefix}{e.Message}");
        }
        catch (SmtpException e) when ((int)e.StatusCode is >= 400 and < 500) // said before or instead of taking it
        {
            return NotDone(e);
        }
        catch (SmtpException e) when (IsPermanent(e) && text.WasRead)
        {
            return new EffectOutcome.Refused(e.Message);
        }
        catch (Exception e)
        {
            // The body is asked for only after the server's 354. Where nobody did, no server has the message, whatever else went wrong: refused connection, name not
            // found, certificate, password, sender. A password may be put right, so that is no refusal either.
            if (!text.WasRead) return NotDone(e);
            throw;
        }
    }

    private async Task DeliverAsync(string recipient, string messageId, string subject, WatchedStream text, WatchedStream html, CancellationToken ct)
    {
        var mail = options.Value;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(mail.Timeout);
        using var message = new MailMessage
        {
            From = new(mail.SenderEmail, mail.SenderName, Encoding.UTF8), Subject = subject, SubjectEncoding = Encoding.UTF8, HeadersEncoding = Encoding.UTF8,
        };
        message.To.Add(Address.Parse(recipient) ?? throw new InvalidOperationException("The recipient's address was checked when the mail was planned."));
        if (mail.ReplyTo is { } replies) message.ReplyToList.Add(replies);
        message.Headers["Message-ID"] = $"<{messageId}>";
        message.Headers["Auto-Submitted"] = "auto-generated";        // RFC 3834: no out-of-office answers to this
        message.Headers["X-Auto-Response-Suppress"] = "All";         // the same for Exchange
        using var textView = View(text, MediaTypeNames.Text.Plain);
        using var htmlView = View(html, MediaTypeNames.Text.Html);   // last: the one to prefer
        message.AlternateViews.Add(textView);
        message.AlternateViews.Add(htmlView);
        using var client = new SmtpClient(mail.Server, mail.Port)
        {
            EnableSsl = mail.StartTls, UseDefaultCredentials = false, Credentials = new NetworkCredential(mail.User ?? mail.SenderEmail, mail.Password), // EnableSsl is STARTTLS here
        };
        await client.SendMailAsync(message, limit.Token);
    }

    private static AlternateView View(Stream content, string type) =>
        new(content, new ContentType(type) { CharSet = "utf-8" }) { TransferEncoding = TransferEncoding.Base64 };

    private static bool IsPermanent(SmtpException e) => (int)e.StatusCode is >= 500 and < 600;

    private EffectOutcome.NotDone NotDone(Exception e)
    {
        LogNotDone(log, options.Value.Server, e.Message, e.InnerException?.Message);
        return new(options.Value.RetryAfter);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Server} did not take a mail, and will be asked again: {Reason} {Cause}")]
    private static partial void LogNotDone(ILogger log, string server, string reason, string? cause);

    /// <summary>A body that knows whether anyone has begun to read it.</summary>
    private sealed class WatchedStream(string content) : MemoryStream(Encoding.UTF8.GetBytes(content), writable: false)
    {
        private volatile bool wasRead;

        public bool WasRead => wasRead;

        public override int Read(byte[] buffer, int offset, int count)
        {
            wasRead = true;
            return base.Read(buffer, offset, count);
        }

        public override int Read(Span<byte> buffer)
        {
            wasRead = true;
            return base.Read(buffer);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            wasRead = true;
            return base.ReadAsync(buffer, offset, count, cancellationToken);
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            wasRead = true;
            return base.ReadAsync(buffer, cancellationToken);
        }

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            wasRead = true;
            return base.CopyToAsync(destination, bufferSize, cancellationToken);
        }
    }
}
