using Empire.Acquisition.Mail;
using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Acquisition.Accounts;

/// <summary>Tells a person of a sign-in from somewhere new, in case it was not they.</summary>
[Queue("acquisition.new-sign-in")]
public sealed class NewSignInHandler(MailPlanner mails) : IHandle<NewSignIn>
{
    public Task HandleAsync(NewSignIn fact, Work work, CancellationToken ct) => mails.PlanAsync(work,
        new Letter("new-sign-in", Letter.KeyOf("new-sign-in", fact.UserId, fact.OccurredAt), fact.Email, AskedFor: false, fact.OccurredAt)
            .With("occurred", MailTime.Of(fact.OccurredAt))
            .With("address", fact.Address)
            .With("user_agent", fact.UserAgent), ct);
}
