using Empire.ClosedAccounts;
using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Publishing.Publications;

/// <summary>For a closed account nothing is made public: its pages wait until it is open again, or are given up where nobody comes back, and posts that were due meanwhile are held for a person's word.</summary>
[Queue("publishing.account-standing")]
public sealed class AccountStanding : AccountStandingHandler
{
    protected override Task ClosedAsync(AccountClosed fact, Work work, CancellationToken ct) => fact.Erased ? PublicationTable.GiveUpAsync(work, "The account was erased.", ct) : Task.CompletedTask;
}
