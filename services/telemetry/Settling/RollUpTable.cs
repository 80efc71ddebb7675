using Empire.Data;
using Npgsql;
using NpgsqlTypes;

namespace Empire.Telemetry.Settling;

internal enum RollUpStep
{
    Minute = 60,
    Hour = 3_600,
    Day = 86_400,
}

/// <summary>The sums in the database.</summary>
internal static class RollUpTable
{
    public static string NameOf(RollUpStep step) => step switch
    {
        RollUpStep.Minute => "rollups_minute",
        RollUpStep.Hour => "rollups_hour",
        _ => "rollups_day",
    };

    /// <summary>Adds sums to those that are there.</summary>
    /// <param name="rows">By tenant and series; each key once, in the order of their keys, so that no two replicas wait for each other in a circle.</param>
    public static async Task AddAsync(Work work, RollUpStep step, IReadOnlyList<(Guid Tenant, long Gpu, long StartMs, RollUp Sums)> rows, CancellationToken ct)
    {
        if (rows.Count == 0) return;
        await using var command = new NpgsqlCommand(
            $"""
            insert into {NameOf(step)} as kept (tenant_id, gpu_id, starts_at, samples, ms, util_sum, util_min, util_max, mem_used_sum, mem_used_max, mem_total_max, temperatures, temperature_sum,
              temperature_max, powers, power_sum, power_max, energy_mj, idle_ms, cost_micro_ms, waste_micro_ms, unknown_utils)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
            on conflict (gpu_id, starts_at) do update set
              samples = kept.samples + excluded.samples, ms = kept.ms + excluded.ms, util_sum = kept.util_sum + excluded.util_sum, util_min = least(kept.util_min, excluded.util_min),
              util_max = greatest(kept.util_max, excluded.util_max), mem_used_sum = kept.mem_used_sum + excluded.mem_used_sum, mem_used_max = greatest(kept.mem_used_max, excluded.mem_used_max),
              mem_total_max = greatest(kept.mem_total_max, excluded.mem_total_max), temperatures = kept.temperatures + excluded.temperatures,
              temperature_sum = kept.temperature_sum + excluded.temperature_sum, temperature_max = greatest(kept.temperature_max, excluded.temperature_max), powers = kept.powers + excluded.powers,
              power_sum = kept.power_sum + excluded.power_sum, power_max = greatest(kept.power_max, excluded.power_max), energy_mj = kept.energy_mj + excluded.energy_mj,
              idle_ms = kept.idle_ms + excluded.idle_ms, cost_micro_ms = kept.cost_micro_ms + excluded.cost_micro_ms, waste_micro_ms = kept.waste_micro_ms + excluded.waste_micro_ms,
              unknown_utils = kept.unknown_utils + excluded.unknown_utils
            """, work.Connection, work.Transaction);
        Add(NpgsqlDbType.Uuid, row => row.Tenant);
        Add(NpgsqlDbType.Bigint, row => row.Gpu);
        Add(NpgsqlDbType.TimestampTz, row => DateTimeOffset.FromUnixTimeMilliseconds(row.StartMs).UtcDateTime);
        Add(NpgsqlDbType.Integer, row => row.Sums.Samples);
        Add(NpgsqlDbType.Bigint, row => row.Sums.Ms);
        Add(NpgsqlDbType.Bigint, row => row.Sums.UtilSum);
        Add(NpgsqlDbType.Integer, row => row.Sums.UtilMin);
        Add(NpgsqlDbType.Integer, row => row.Sums.UtilMax);
        Add(NpgsqlDbType.Bigint, row => row.Sums.MemUsedSum);
        Add(NpgsqlDbType.Bigint, row => row.Sums.MemUsedMax);
        Add(NpgsqlDbType.Bigint, row => row.Sums.MemTotalMax);
        Add(NpgsqlDbType.Integer, row => row.Sums.Temperatures);
        Add(NpgsqlDbType.Bigint, row => row.Sums.TemperatureSum);
        Add(NpgsqlDbType.Integer, row => row.Sums.TemperatureMax);
        Add(NpgsqlDbType.Integer, row => row.Sums.Powers);
        Add(NpgsqlDbType.Bigint, row => row.Sums.PowerSum);
        Add(NpgsqlDbType.Integer, row => row.Sums.PowerMax);
        Add(NpgsqlDbType.Bigint, row => row.Sums.EnergyMj);
        Add(NpgsqlDbType.Bigint, row => row.Sums.IdleMs);
        Add(NpgsqlDbType.Bigint, row => row.Sums.CostMicroMs);
        Add(NpgsqlDbType.Bigint, row => row.Sums.WasteMicroMs);
        Add(NpgsqlDbType.Integer, row => row.Sums.UnknownUtils);
        await command.ExecuteNonQueryAsync(ct);

        void Add<T>(NpgsqlDbType type, Func<(Guid Tenant, long Gpu, long StartMs, RollUp Sums), T> value) =>
            command.Parameters.Add(new() { Value = rows.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
    }
}
