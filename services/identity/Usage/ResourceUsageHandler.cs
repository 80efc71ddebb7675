using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Identity.Usage;

/// <summary>Keeps what each service says an account has of the things its tier limits, for <see cref="GetUsage"/>. The later report wins, whichever comes first.</summary>
[Queue("identity.resource-usage-changed")]
public sealed class ResourceUsageHandler : IHandle<ResourceUsageChanged>
{
    public Task HandleAsync(ResourceUsageChanged fact, Work work, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            insert into resource_usage as r (tenant_id, service, resource, used, revision) values (@TenantId, @Service, @Resource, @Used, @Revision)
            on conflict (tenant_id, resource, service) do update set used = @Used, revision = @Revision where r.revision < @Revision
            """, new { fact.TenantId, fact.Service, fact.Resource, fact.Used, fact.Revision }, ct);
}
