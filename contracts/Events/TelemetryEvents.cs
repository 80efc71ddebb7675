namespace Empire.Contracts;

/// <summary>A GPU has been used by less than 10 % for some time. Published by telemetry, once per stretch of idleness, when it has lasted long enough to be one.</summary>
/// <remarks>Delivery is at least once and unordered; agent, index, MIG instance and <see cref="Since"/> identify a repeat.</remarks>
public sealed record GpuIdleDetected
{
    public required Guid TenantId { get; init; }
    public required Guid AgentId { get; init; }
    public required string Hostname { get; init; }
    public required int GpuIndex { get; init; }
    /// <summary>Null: the whole GPU.</summary>
    public int? MigInstance { get; init; }
    public required string GpuName { get; init; }
    public required DateTimeOffset Since { get; init; }
    /// <summary>So far.</summary>
    public required double DurationSeconds { get; init; }
    /// <summary>In millionths of <see cref="Currency"/>; 0 where no price is known.</summary>
    public required long CostPerHourMicros { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A GPU that was told as idle is used again, or is not heard of any more. Published by telemetry, once per stretch of idleness.</summary>
public sealed record GpuIdleEnded
{
    public required Guid TenantId { get; init; }
    public required Guid AgentId { get; init; }
    public required string Hostname { get; init; }
    public required int GpuIndex { get; init; }
    public int? MigInstance { get; init; }
    public required string GpuName { get; init; }
    /// <summary>As in the event that told of the beginning.</summary>
    public required DateTimeOffset Since { get; init; }
    public required double DurationSeconds { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A GPU has been too hot for a while. Published by telemetry, once until it has cooled down.</summary>
public sealed record GpuHot
{
    public required Guid TenantId { get; init; }
    public required Guid AgentId { get; init; }
    public required string Hostname { get; init; }
    public required int GpuIndex { get; init; }
    public int? MigInstance { get; init; }
    public required string GpuName { get; init; }
    /// <summary>Degrees Celsius.</summary>
    public required int Temperature { get; init; }
    public required DateTimeOffset Since { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A GPU has slowed itself down because of heat or power for a while. Published by telemetry, once until it runs freely again.</summary>
public sealed record GpuThrottled
{
    public required Guid TenantId { get; init; }
    public required Guid AgentId { get; init; }
    public required string Hostname { get; init; }
    public required int GpuIndex { get; init; }
    public int? MigInstance { get; init; }
    public required string GpuName { get; init; }
    /// <summary>Bits of nvmlClocksEventReasons.</summary>
    public required long Reasons { get; init; }
    public required DateTimeOffset Since { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A GPU's memory had errors that it could not correct, or the driver reported an XID. Published by telemetry, once per rise of the counter.</summary>
public sealed record GpuEccErrors
{
    public required Guid TenantId { get; init; }
    public required Guid AgentId { get; init; }
    public required string Hostname { get; init; }
    public required int GpuIndex { get; init; }
    public int? MigInstance { get; init; }
    public required string GpuName { get; init; }
    /// <summary>New ones.</summary>
    public required long Uncorrected { get; init; }
    /// <summary>0: none.</summary>
    public required long Xid { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>Nothing comes of a GPU any more, though its host goes on: it fell off the bus, or was taken out. Published by telemetry, once until it reports again.</summary>
public sealed record GpuLost
{
    public required Guid TenantId { get; init; }
    public required Guid AgentId { get; init; }
    public required string Hostname { get; init; }
    public required int GpuIndex { get; init; }
    /// <summary>Empty: not known.</summary>
    public required string GpuUuid { get; init; }
    public required string GpuName { get; init; }
    /// <summary>The last error that the driver had told of it, as 79 where it fell off the bus; 0: none.</summary>
    public required long Xid { get; init; }
    public required DateTimeOffset LastSeenAt { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>Nothing has come from an agent for many of its intervals. Published by telemetry, once until it reports again.</summary>
public sealed record AgentLost
{
    public required Guid TenantId { get; init; }
    public required Guid AgentId { get; init; }
    public required string Hostname { get; init; }
    public required DateTimeOffset LastSeenAt { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>What an account has saved by measures that could be compared with the time before them, and what it has wasted, so far. Published by telemetry, at most once a day.</summary>
/// <remarks>Of two the later <see cref="OccurredAt"/> holds: these are totals, not additions.</remarks>
public sealed record SavingsMeasured
{
    public required Guid TenantId { get; init; }
    /// <summary>Millionths of <see cref="Currency"/>: what would have been spent less what was; negative where measures cost more than they saved.</summary>
    public required long SavedMicros { get; init; }
    /// <summary>The sum of the measures' own lower bounds; with <see cref="HighMicros"/> wider than 95 of 100 cases.</summary>
    public required long LowMicros { get; init; }
    public required long HighMicros { get; init; }
    /// <summary>How many could be measured.</summary>
    public required int Measures { get; init; }
    /// <summary>Cost of unused parts of GPUs that were used by less than 30 %, since the first sample.</summary>
    public required long WastedMicros { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}
