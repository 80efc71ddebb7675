using Empire.ClosedAccounts;
using Empire.Messaging;

namespace Empire.Telemetry.Accounts;

/// <summary>A closed account's hosts are refused at the door, so that nobody is told of their silence; open again, they have as long to come back as after an outage.</summary>
[Queue("telemetry.account-standing")]
public sealed class AccountStanding : AccountStandingHandler;
