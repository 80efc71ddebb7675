using Empire.Acquisition.Mail;
using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Acquisition.Accounts;

/// <summary>Sends an invite to whom it was made out.</summary>
[Queue("acquisition.invite-sent")]
public sealed class InviteSentHandler(MailPlanner mails) : IHandle<InviteSent>
{
    public Task HandleAsync(InviteSent fact, Work work, CancellationToken ct) => mails.PlanAsync(work,
        new Letter("invite", Letter.KeyOf("invite", fact.InviteId, fact.OccurredAt), fact.Email, AskedFor: true, fact.OccurredAt, fact.ExpiresAt)
            .With("expires", fact.ExpiresAt is { } end ? MailTime.Of(end) : null)
            .WithSecret("invite_code", "mail:invite", fact.SealedCode), ct);
}
