using System.Text.Json;
using Empire.Data;
using Empire.Http;

namespace Empire.Identity.Security;

/// <summary>What someone of the account should look at, in the order it happened.</summary>
internal static class SecurityEventTable
{
    /// <param name="kind">Stable, as <c>credential-aged</c>.</param>
    /// <param name="entityId">As clients know it: <c>cred_…</c>.</param>
    /// <param name="detail">For people: what happened and what to do. No secret, no address of a person.</param>
    public static Task AddAsync(Work work, string kind, string? entityId, string detail, object? details, CancellationToken ct) =>
        work.ExecuteAsync(
            "insert into security_events (id, tenant_id, at, kind, entity_id, detail, details) values (@id, @Tenant, @Now, @kind, @entityId, @detail, @json::jsonb)",
            new { id = Guid.CreateVersion7(work.Now), work.Tenant, work.Now, kind, entityId, detail, json = details is null ? null : JsonSerializer.Serialize(details, SnakeCaseJson.Options) }, ct);
}
