using Empire.Data;
using Empire.Identity.Bounds;

namespace Empire.Identity.Vault;

internal static class CredentialTable
{
    /// <returns>False when the account has one of this name at this provider.</returns>
    public static async Task<bool> AddAsync(Work work, Credential credential, Envelope envelope, string keyId, CancellationToken ct) =>
        await work.ExecuteAsync(
            """
            insert into credentials (id, tenant_id, name, provider, class, wrapped_key, sealed_value, key_id, last_four, created_by, created_at, set_at)
            values (@Id, @Tenant, @Name, @Provider, @Class, @WrappedKey, @SealedValue, @keyId, @LastFour, @CreatedBy, @CreatedAt, @SetAt)
            on conflict (tenant_id, provider, name) do nothing
            """,
            new
            {
                credential.Id, work.Tenant, credential.Name, credential.Provider, credential.Class, envelope.WrappedKey, envelope.SealedValue, keyId, credential.LastFour,
                credential.CreatedBy, credential.CreatedAt, credential.SetAt,
            }, ct) == 1;

    public static Task<int> SetValueAsync(Work work, Guid id, Envelope envelope, string keyId, string lastFour, DateTimeOffset now, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            update credentials set wrapped_key = @WrappedKey, sealed_value = @SealedValue, key_id = @keyId, last_four = @lastFour, set_at = @now, aged_at = null
            where id = @id and tenant_id = @Tenant
            """, new { envelope.WrappedKey, envelope.SealedValue, keyId, lastFour, now, id, work.Tenant }, ct);

    /// <summary>Whether the account may have one credential more.</summary>
    public static Task<Refusal?> FullAsync(Work work, int most, CancellationToken ct) =>
        Bound.CheckAsync(work, "credentials", work.Tenant.Value, most, "from credentials where tenant_id = @Tenant", new { work.Tenant },
            $"The vault holds at most {most} credentials of an account. Remove one (DELETE /api/v1/identity/credentials/{{id}}), or replace its value.", ct);

    public static Task<IReadOnlyList<Credential>> ListAsync(Work work, (string Provider, string Name)? after, int fetch, CancellationToken ct) =>
        work.QueryAsync<Credential>(
            """
            select id, name, provider, class, key_id, last_four, created_by, created_at, set_at, last_used_at from credentials
            where tenant_id = @Tenant and (@provider::text is null or (provider, name) > (@provider, @name)) order by provider, name limit @fetch
            """, new { work.Tenant, provider = after?.Provider, name = after?.Name, fetch }, ct);

    /// <param name="id">Or null, then by provider and name.</param>
    public static Task<SealedCredential?> FindAsync(Work work, Guid? id, string? provider, string? name, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<SealedCredential>(
            """
            select id, name, provider, wrapped_key, sealed_value from credentials
            where tenant_id = @Tenant and (id = @id or (@id::uuid is null and provider = @provider and name = @name))
            """, new { work.Tenant, id, provider, name }, ct);
}

internal sealed record Credential
{
    public Guid Id { get; init; }
    public string Name { get; init; } = "";
    public string Provider { get; init; } = "";
    public string Class { get; init; } = "";
    public string KeyId { get; init; } = "";
    public string LastFour { get; init; } = "";
    public string CreatedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset SetAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The end of a value, to tell values apart; nothing of one so short that its end would say too much.</summary>
    public static string EndOf(string value) => value.Length >= 16 ? value[^4..] : "";
}

internal sealed record SealedCredential(Guid Id, string Name, string Provider, string WrappedKey, string SealedValue)
{
    public Envelope Envelope => new(WrappedKey, SealedValue);
}
