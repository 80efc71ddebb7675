using Empire.Acquisition.Mail;
using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Acquisition.Accounts;

/// <summary>Sends the link that proves an address.</summary>
[Queue("acquisition.email-verification-requested")]
public sealed class EmailVerificationRequestedHandler(MailPlanner mails) : IHandle<EmailVerificationRequested>
{
    public Task HandleAsync(EmailVerificationRequested fact, Work work, CancellationToken ct) => mails.PlanAsync(work,
        new Letter("verify-email", Letter.KeyOf("verify-email", fact.UserId, fact.OccurredAt), fact.Email, AskedFor: true, fact.OccurredAt)
            .WithSecret("verification_token", "mail:verification", fact.SealedVerificationToken), ct);
}
