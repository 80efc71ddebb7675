using Empire.Contracts;
using Empire.Credentials;
using Empire.Data;
using Empire.Messaging;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Vault;

/// <summary>Knows since when each of the installation's own keys is in use, and says once of each that it is past its age.</summary>
/// <remarks>The moments of a key only widen, so that what is heard twice, late or of two replicas with different keys comes to the same. A key is told of when it was seen at that age: one that was replaced in time is seen no more.</remarks>
[Queue("identity.provider-key-seen")]
public sealed class ProviderKeySeenHandler(IOptions<CredentialOptions> options) : IHandle<ProviderKeySeen>
{
    public async Task HandleAsync(ProviderKeySeen fact, Work work, CancellationToken ct)
    {
        var key = await work.QuerySingleAsync<Seen>(
            """
            insert into provider_keys as k (id, tenant_id, provider, variable, class, fingerprint, first_seen_at, last_seen_at)
            values (@id, @TenantId, @Provider, @Variable, @Class, @Fingerprint, @OccurredAt, @OccurredAt)
            on conflict (tenant_id, provider, variable, fingerprint) do update
              set first_seen_at = least(k.first_seen_at, @OccurredAt), last_seen_at = greatest(k.last_seen_at, @OccurredAt), class = @Class
            returning id, first_seen_at, last_seen_at, aged_at
            """, new { id = Guid.CreateVersion7(work.Now), fact.TenantId, fact.Provider, fact.Variable, fact.Class, fact.Fingerprint, fact.OccurredAt }, ct);
        if (key.AgedAt is not null || key.LastSeenAt - key.FirstSeenAt < options.Value.AgeOf(fact.Class)) return;
        await work.ExecuteAsync("update provider_keys set aged_at = @Now where tenant_id = current_tenant() and id = @Id", new { work.Now, key.Id }, ct);
        work.Publish(new CredentialAged
        {
            TenantId = fact.TenantId, CredentialId = key.Id, Provider = fact.Provider, Name = fact.Variable, Kept = "settings", Class = fact.Class, SetAt = key.FirstSeenAt, OccurredAt = key.LastSeenAt,
        });
    }

    private sealed record Seen
    {
        public Guid Id { get; init; }
        public DateTimeOffset FirstSeenAt { get; init; }
        public DateTimeOffset LastSeenAt { get; init; }
        public DateTimeOffset? AgedAt { get; init; }
    }
}
