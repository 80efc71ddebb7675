using Microsoft.Extensions.Options;

namespace Empire.Sandbox.Mail;

/// <summary>What was delivered. Shows the last <see cref="SandboxOptions.MailsKept"/> messages, and remembers every Message-ID, so that "not here" is never said of a
/// message that only grew old.</summary>
public sealed class Mailbox
{
    const string Kind = "mail";
    readonly Lock gate = new();
    readonly Journal journal;
    readonly int kept;
    readonly LinkedList<(ReceivedMail Mail, MimeMessage Message)> newest = new();
    readonly Dictionary<string, int> copies = new(StringComparer.Ordinal);

    public Mailbox(Journal journal, IOptions<SandboxOptions> options)
    {
        (this.journal, kept) = (journal, options.Value.MailsKept);
        foreach (var mail in journal.Read<ReceivedMail>(Kind)) Keep(mail);
    }

    /// <summary>Returns once the message is on the disk: only then may the sender be told.</summary>
    public void Accept(ReceivedMail mail)
    {
        journal.Append(Kind, mail);
        Keep(mail);
    }

    /// <summary>Newest first.</summary>
    /// <param name="to">Part of a recipient's address; null is all.</param>
    /// <param name="messageId">With or without its angle brackets; null is all.</param>
    public IReadOnlyList<(ReceivedMail Mail, MimeMessage Message)> Find(string? to, string? messageId)
    {
        lock (gate)
            return [.. newest.Where(m =>
                (to is null || m.Mail.To.Any(address => address.Contains(to, StringComparison.OrdinalIgnoreCase)))
                && (messageId is null || m.Message.MessageId == Bare(messageId)))];
    }

    public (ReceivedMail Mail, MimeMessage Message)? Find(string id)
    {
        lock (gate) return newest.Where(m => m.Mail.Id == id).Select(m => ((ReceivedMail, MimeMessage)?)m).FirstOrDefault();
    }

    /// <returns>How often a message of this id was delivered since the world began; once is what its sender wants.</returns>
    public int CopiesOf(string messageId)
    {
        lock (gate) return copies.GetValueOrDefault(Bare(messageId));
    }

    public void Clear()
    {
        lock (gate)
        {
            newest.Clear();
            copies.Clear();
        }
    }

    void Keep(ReceivedMail mail)
    {
        var message = MimeMessage.Read(mail.Raw);
        lock (gate)
        {
            newest.AddFirst((mail, message));
            if (newest.Count > kept) newest.RemoveLast();
            if (message.MessageId.Length > 0) copies[message.MessageId] = copies.GetValueOrDefault(message.MessageId) + 1;
        }
    }

    static string Bare(string messageId) => messageId.Trim().TrimStart('<').TrimEnd('>');
}
