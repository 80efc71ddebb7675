using Empire.ClosedAccounts;
using Empire.Acquisition.Mail;
using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Acquisition.Accounts;

/// <summary>Tells the owners of an account that it was closed. Where its last person was forgotten, nobody is left to be told.</summary>
[Queue("acquisition.account-standing")]
public sealed class AccountStanding(MailPlanner mails, AccountOwners owners) : AccountStandingHandler
{
    protected override async Task ClosedAsync(AccountClosed fact, Work work, CancellationToken ct)
    {
        if (fact.Erased) return;
        foreach (var owner in await owners.OfAsync(work.Tenant, ct))
            await mails.PlanAsync(work, new Letter("account-closed", $"{Alarm.KeyOf("account-closed", fact.TenantId, owner)}:{fact.OccurredAt.UtcTicks}", owner, AskedFor: true, fact.OccurredAt)
                .With("account", work.Tenant.ToString()).With("occurred", MailTime.Of(fact.OccurredAt)), ct);
    }
}
