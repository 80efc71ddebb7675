namespace Empire.Telemetry.Storage;

/// <summary>What is stored of a GPU as whole numbers, in the unit given. The number is the column's id in stored blocks: never reused.</summary>
internal enum Metric
{
    /// <summary>Hundredths of a percent.</summary>
    GpuUtil = 1,

    /// <summary>Hundredths of a percent.</summary>
    MemUtil = 2,

    /// <summary>MiB.</summary>
    MemUsed = 3,

    /// <summary>MiB.</summary>
    MemTotal = 4,

    /// <summary>Degrees Celsius.</summary>
    Temperature = 5,

    /// <summary>Tenths of a watt.</summary>
    Power = 6,

    /// <summary>Joules, a counter.</summary>
    Energy = 7,

    /// <summary>MHz.</summary>
    SmClock = 8,

    /// <summary>MHz.</summary>
    MemClock = 9,

    /// <summary>Bits of nvmlClocksEventReasons.</summary>
    ThrottleReasons = 10,

    /// <summary>A counter.</summary>
    EccCorrected = 11,

    /// <summary>A counter.</summary>
    EccUncorrected = 12,

    /// <summary>The last XID.</summary>
    Xid = 13,

    /// <summary>KiB/s.</summary>
    PcieRx = 14,

    /// <summary>KiB/s.</summary>
    PcieTx = 15,

    /// <summary>US dollars an hour in millionths, as the host or the price book said when the sample came.</summary>
    Rate = 16,

    /// <summary>Milliseconds that the sample stands for, where it is the mean of several.</summary>
    Span = 17,
}

internal static class Metrics
{
    public const int Count = 17;

    /// <summary>In a column: the sample did not know it.</summary>
    public const long Unknown = long.MinValue;
}
