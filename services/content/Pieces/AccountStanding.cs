using Empire.ClosedAccounts;
using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Content.Pieces;

/// <summary>For a closed account nothing is written; what it had asked for waits until it is open again, and is given up where nobody comes back.</summary>
[Queue("content.account-standing")]
public sealed class AccountStanding : AccountStandingHandler
{
    protected override Task ClosedAsync(AccountClosed fact, Work work, CancellationToken ct) => fact.Erased ? PieceTable.GiveUpAsync(work, "The account was erased.", ct) : Task.CompletedTask;
}
