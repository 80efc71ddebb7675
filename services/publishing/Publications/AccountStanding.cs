using Empire.ClosedAccounts;
using Empire.Messaging;

namespace Empire.Publishing.Publications;

/// <summary>For a closed account nothing is made public: its pages wait until it is open again, and posts that were due meanwhile are held for a person's word.</summary>
[Queue("publishing.account-standing")]
public sealed class AccountStanding : AccountStandingHandler;
