using System.Text.Json;
using Empire.Contracts.V1;
using Empire.Data;
using Empire.Telemetry.Ingest;

namespace Empire.Telemetry.Agents;

internal static class AgentTable
{
    /// <summary>Makes the agent known, and keeps what it says of its host.</summary>
    /// <param name="tags">Null: nothing new; what was said before stays.</param>
    /// <param name="interval">Seconds, for an agent that has never said.</param>
    public static async Task<HostProfile> MeetAsync(Work work, Guid agent, HostTags? tags, int interval, CancellationToken ct)
    {
        var profile = tags is null ? null : HostProfile.Of(tags);
        var row = await work.QuerySingleAsync<Row>(
            """
            insert into settlements (tenant_id, agent_id) values (@Tenant, @agent) on conflict do nothing;
            insert into agents as a (tenant_id, id, hostname, provider, region, instance_type, driver_version, agent_version, interval_seconds, labels, spot, first_seen_at, last_seen_at)
            values (@Tenant, @agent, @Hostname, @Provider, @Region, @InstanceType, @DriverVersion, @AgentVersion, @interval, @labels::jsonb, @Spot, @Now, @Now)
            on conflict (tenant_id, id) do update set
              hostname = case when @said then excluded.hostname else a.hostname end, provider = case when @said then excluded.provider else a.provider end,
              region = case when @said then excluded.region else a.region end, instance_type = case when @said then excluded.instance_type else a.instance_type end,
              driver_version = case when @said then excluded.driver_version else a.driver_version end, agent_version = case when @said then excluded.agent_version else a.agent_version end,
              interval_seconds = case when @said then excluded.interval_seconds else a.interval_seconds end, labels = case when @said then excluded.labels else a.labels end,
              spot = case when @said then excluded.spot else a.spot end
            returning provider, region, instance_type, spot, interval_seconds
            """,
            new
            {
                Tenant = work.Tenant.Value, agent, work.Now, said = tags is not null, Hostname = tags?.Hostname ?? "", Provider = tags?.Provider.Trim().ToLowerInvariant() ?? "", Region = tags?.Region ?? "",
                InstanceType = tags?.InstanceType ?? "", DriverVersion = tags?.DriverVersion ?? "", AgentVersion = tags?.AgentVersion ?? "", interval = profile?.IntervalSeconds ?? interval,
                labels = JsonSerializer.Serialize(tags?.Labels.ToDictionary() ?? []), Spot = tags?.Spot ?? false,
            }, ct);
        return new(row.Provider, row.Region, row.InstanceType, row.Spot, row.IntervalSeconds);
    }

    public static Task<long> HighestSequenceAsync(Work work, Guid agent, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<long>("select highest_sequence from agents where tenant_id = @tenant and id = @agent", new { tenant = work.Tenant.Value, agent }, ct);

    /// <summary>The ids of series, made where they are new.</summary>
    /// <param name="most">New ones of the agent in a day.</param>
    /// <returns>Null: they would be more; none is made.</returns>
    public static async Task<IReadOnlyDictionary<SeriesKey, long>?> SeriesAsync(Work work, Guid agent, IReadOnlyCollection<SeriesKey> keys, int most, CancellationToken ct)
    {
        var wanted = new
        {
            tenant = work.Tenant.Value, agent, indexes = keys.Select(key => key.GpuIndex).ToArray(), instances = keys.Select(key => key.MigInstance).ToArray(),
            uuids = keys.Select(key => key.GpuUuid).ToArray(), names = keys.Select(key => key.GpuName).ToArray(), Now = work.Now.UtcDateTime,
        };
        var made = await work.QuerySingleAsync<long>(
            """
            select (select count(*) from gpus where tenant_id = @tenant and agent_id = @agent and made_at > @Now - interval '1 day') + count(*) filter (where g.id is null)
            from unnest(@indexes, @instances, @uuids, @names) as w (gpu_index, mig_instance, gpu_uuid, gpu_name)
              left join gpus g on g.tenant_id = @tenant and g.agent_id = @agent and g.gpu_index = w.gpu_index and g.mig_instance = w.mig_instance and g.gpu_uuid = w.gpu_uuid and g.gpu_name = w.gpu_name
            """, wanted, ct);
        if (made > most) return null;
        var rows = await work.QueryAsync<SeriesRow>(
            """
            insert into gpus (tenant_id, agent_id, gpu_index, mig_instance, gpu_uuid, gpu_name, made_at)
            select @tenant, @agent, w.gpu_index, w.mig_instance, w.gpu_uuid, w.gpu_name, @Now from unnest(@indexes, @instances, @uuids, @names) as w (gpu_index, mig_instance, gpu_uuid, gpu_name)
            on conflict (tenant_id, agent_id, gpu_index, mig_instance, gpu_uuid, gpu_name) do update set gpu_name = excluded.gpu_name -- so that it returns the row
            returning id, gpu_index, mig_instance, gpu_uuid, gpu_name
            """, wanted, ct);
        return rows.ToDictionary(row => new SeriesKey(row.GpuIndex, row.MigInstance, row.GpuUuid, row.GpuName), row => row.Id);
    }

    private sealed record Row
    {
        public string Provider { get; init; } = "";
        public string Region { get; init; } = "";
        public string InstanceType { get; init; } = "";
        public bool Spot { get; init; }
        public int IntervalSeconds { get; init; }
    }

    private sealed record SeriesRow
    {
        public long Id { get; init; }
        public int GpuIndex { get; init; }
        public int MigInstance { get; init; }
        public string GpuUuid { get; init; } = "";
        public string GpuName { get; init; } = "";
    }
}
