using Empire.Contracts;
using Empire.Data;
using Empire.Identity.Security;
using Empire.Messaging;

namespace Empire.Identity.Vault;

/// <summary>Shows among the account's security events what is said of its credentials, whichever service keeps them.</summary>
[Queue("identity.credential-alerts")]
public sealed class CredentialAlerts : IHandle<CredentialAged>, IHandle<CredentialUseJumped>
{
    public Task HandleAsync(CredentialAged fact, Work work, CancellationToken ct)
    {
        var days = (int)(fact.OccurredAt - fact.SetAt).TotalDays;
        var detail = fact.Kept == "settings"
            ? $"The key in {fact.Name} is {days} days old. Make a new one at {fact.Provider}, put it there and start Empire again."
            : $"{What(fact.Kept)} '{fact.Name}' of {fact.Provider} is {days} days old. Make a new one there and replace it here.";
        return SecurityEventTable.AddAsync(work, "credential-aged", IdOf(fact.Kept, fact.CredentialId, fact.Name), detail, new { fact.Class, fact.Kept, Days = days }, ct);
    }

    public Task HandleAsync(CredentialUseJumped fact, Work work, CancellationToken ct) => SecurityEventTable.AddAsync(
        work, "credential-use-jumped", IdOf(fact.Kept, fact.CredentialId, fact.Name),
        $"{What(fact.Kept)} '{fact.Name}' of {fact.Provider} was used {fact.Uses} times today; usual are {fact.Usual:0.#}. If you know no reason, replace it.", new { fact.Uses, fact.Usual, fact.Kept }, ct);

    private static string What(string kept) => kept == "store" ? "The token of the store" : "The credential";

    /// <summary>As clients know it.</summary>
    private static string IdOf(string kept, Guid id, string name) => kept switch { "store" => PublicId.Format("store", id), "settings" => name, _ => PublicId.Format("cred", id) };
}
