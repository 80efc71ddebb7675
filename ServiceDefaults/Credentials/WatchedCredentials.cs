namespace Empire.Credentials;

/// <summary>Where a service keeps credentials of accounts, sealed, so that <see cref="CredentialWatch"/> can look after their age and their use.</summary>
/// <param name="Table">With <c>kernel.system_access</c> and the columns id, tenant_id, set_at, last_used_at and aged_at: when it was said that this value is past its age.</param>
/// <param name="Uses">How often each was used on each day (UTC): credential_id, tenant_id, day, uses and jumped, whose key is the first and the third.</param>
/// <param name="Kept">As in <c>CredentialAged.Kept</c>: vault or store.</param>
/// <param name="Name">SQL over the table, as are the next two: how its account calls it.</param>
/// <param name="Provider">As shopify.</param>
/// <param name="Class">llm, gateway or platform.</param>
public sealed record WatchedCredentials(string Table, string Uses, string Kept, string Name, string Provider, string Class);
