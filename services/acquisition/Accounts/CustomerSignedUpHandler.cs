using Empire.Acquisition.Mail;
using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Acquisition.Accounts;

/// <summary>Welcomes a person with the key, what to do first, and the link that proves the address.</summary>
[Queue("acquisition.customer-signed-up")]
public sealed class CustomerSignedUpHandler(MailPlanner mails) : IHandle<CustomerSignedUp>
{
    public Task HandleAsync(CustomerSignedUp fact, Work work, CancellationToken ct) => mails.PlanAsync(work,
        new Letter("welcome", $"welcome:{fact.UserId:N}", fact.Email, AskedFor: false, fact.OccurredAt)
            .WithSecret("api_key", "mail:api-key", fact.SealedApiKey)
            .WithSecret("verification_token", "mail:verification", fact.SealedVerificationToken), ct);
}
