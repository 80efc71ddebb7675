using Empire.Acquisition.Mail;
using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Acquisition.Accounts;

/// <summary>Tells a person that somebody tried their password too often.</summary>
[Queue("acquisition.user-locked-out")]
public sealed class UserLockedOutHandler(MailPlanner mails) : IHandle<UserLockedOut>
{
    public Task HandleAsync(UserLockedOut fact, Work work, CancellationToken ct) => mails.PlanAsync(work,
        new Letter("locked-out", Letter.KeyOf("locked-out", fact.UserId, fact.OccurredAt), fact.Email, AskedFor: false, fact.OccurredAt)
            .With("until", MailTime.Of(fact.Until))
            .With("occurred", MailTime.Of(fact.OccurredAt))
            .With("address", fact.Address), ct);
}
