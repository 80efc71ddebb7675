using Empire.ClosedAccounts;
using Empire.Messaging;

namespace Empire.Content.Pieces;

/// <summary>For a closed account nothing is written; what it had asked for waits until it is open again.</summary>
[Queue("content.account-standing")]
public sealed class AccountStanding : AccountStandingHandler;
