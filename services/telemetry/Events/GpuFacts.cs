using Empire.Contracts;
using Empire.Data;
using Empire.Telemetry.Settling;

namespace Empire.Telemetry.Events;

/// <summary>A series of samples as events name it.</summary>
/// <param name="MigInstance">-1: the whole GPU.</param>
internal readonly record struct GpuName(Guid Tenant, Guid Agent, string Hostname, int GpuIndex, int MigInstance, string Name);

/// <summary>What a GPU's samples tell, in the words of the contracts.</summary>
internal static class GpuFacts
{
    public static void Publish(Work work, GpuName gpu, Finding found)
    {
        var (at, since) = (DateTimeOffset.FromUnixTimeMilliseconds(found.At), DateTimeOffset.FromUnixTimeMilliseconds(found.Since));
        int? instance = gpu.MigInstance < 0 ? null : gpu.MigInstance;
        switch (found.Kind)
        {
            case GpuEventTable.Idle when !found.IsEnd:
                work.Publish(new GpuIdleDetected
                {
                    TenantId = gpu.Tenant, AgentId = gpu.Agent, Hostname = gpu.Hostname, GpuIndex = gpu.GpuIndex, MigInstance = instance, GpuName = gpu.Name, Since = since,
                    DurationSeconds = (at - since).TotalSeconds, CostPerHourMicros = found.Value, Currency = "USD", OccurredAt = at,
                });
                break;
            case GpuEventTable.Idle:
                work.Publish(new GpuIdleEnded
                {
                    TenantId = gpu.Tenant, AgentId = gpu.Agent, Hostname = gpu.Hostname, GpuIndex = gpu.GpuIndex, MigInstance = instance, GpuName = gpu.Name, Since = since,
                    DurationSeconds = (at - since).TotalSeconds, OccurredAt = at,
                });
                break;
            case GpuEventTable.Hot when !found.IsEnd:
                work.Publish(new GpuHot
                {
                    TenantId = gpu.Tenant, AgentId = gpu.Agent, Hostname = gpu.Hostname, GpuIndex = gpu.GpuIndex, MigInstance = instance, GpuName = gpu.Name, Temperature = (int)found.Value, Since = since, OccurredAt = at,
                });
                break;
            case GpuEventTable.Throttled when !found.IsEnd:
                work.Publish(new GpuThrottled
                {
                    TenantId = gpu.Tenant, AgentId = gpu.Agent, Hostname = gpu.Hostname, GpuIndex = gpu.GpuIndex, MigInstance = instance, GpuName = gpu.Name, Reasons = found.Value, Since = since, OccurredAt = at,
                });
                break;
            case GpuEventTable.Ecc:
                work.Publish(new GpuEccErrors
                {
                    TenantId = gpu.Tenant, AgentId = gpu.Agent, Hostname = gpu.Hostname, GpuIndex = gpu.GpuIndex, MigInstance = instance, GpuName = gpu.Name, Uncorrected = found.Value, Xid = found.Xid, OccurredAt = at,
                });
                break;
        }
    }
}
