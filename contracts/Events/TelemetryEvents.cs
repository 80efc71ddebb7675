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

/// <summary>A GPU that was told as idle is used again. Published by telemetry, once per stretch of idleness.</summary>
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

/// <summary>Nothing has come from an agent for many of its intervals. Published by telemetry, once until it reports again.</summary>
public sealed record AgentLost
{
    public required Guid TenantId { get; init; }
    public required Guid AgentId { get; init; }
    public required string Hostname { get; init; }
    public required DateTimeOffset LastSeenAt { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}
