using Empire.Acquisition.Mail;
using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Acquisition.Accounts;

/// <summary>Sends the link by which a person sets a new password; not after it has expired.</summary>
[Queue("acquisition.password-reset-requested")]
public sealed class PasswordResetRequestedHandler(MailPlanner mails) : IHandle<PasswordResetRequested>
{
    public Task HandleAsync(PasswordResetRequested fact, Work work, CancellationToken ct) => mails.PlanAsync(work,
        new Letter("reset-password", Letter.KeyOf("reset-password", fact.UserId, fact.OccurredAt), fact.Email, AskedFor: true, fact.OccurredAt, fact.ExpiresAt)
            .With("expires", MailTime.Of(fact.ExpiresAt))
            .WithSecret("reset_token", "mail:password-reset", fact.SealedToken), ct);
}
