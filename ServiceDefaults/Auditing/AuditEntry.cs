using System.Diagnostics;
using System.Text.Json;
using Empire.Http;

namespace Empire.Auditing;

/// <summary>One line of the audit log, before its work commits.</summary>
/// <param name="Automatic">Made by the kernel because nobody wrote one; it is dropped when the work changed nothing.</param>
internal sealed record AuditEntry(
    Guid Id, TenantId Tenant, DateTimeOffset At, string Actor, string Action, string EntityType, string? EntityId, string? Details, string? Address, string? TraceId, bool Automatic)
{
    /// <summary>In the tables of this installation, what belongs to no account.</summary>
    private static readonly TenantId Installation = new(Guid.Empty);

    public static AuditEntry Of(TenantId tenant, DateTimeOffset now, string action, string entityType, string? entityId, object? details) =>
        Make(tenant, now, action, entityType, entityId, details, AuditTrail.Current, automatic: false);

    /// <returns>What is known of a change without its handler's help: the endpoint and what its path named.</returns>
    public static AuditEntry Of(TenantId tenant, DateTimeOffset now, AuditTrail trail) =>
        Make(tenant, now, trail.Action, trail.EntityType, trail.EntityId, trail.Details, trail, automatic: true);

    private static AuditEntry Make(
        TenantId tenant, DateTimeOffset now, string action, string entityType, string? entityId, object? details, AuditTrail? trail, bool automatic) =>
        new(
            Guid.CreateVersion7(now), tenant.Value != Guid.Empty ? tenant : trail?.Caller?.Tenant ?? Installation, now,
            Empire.Actor.Current ?? (trail is null ? "system" : "anonymous"), action, entityType, entityId,
            details is null ? null : JsonSerializer.Serialize(details, SnakeCaseJson.Options), trail?.Address, Activity.Current?.TraceId.ToString(), automatic);
}
