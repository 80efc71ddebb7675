using System.Runtime.InteropServices;

namespace Empire.GpuAgent.Nvml;

/// <summary>What an NVML function answers. Source: nvml.h of NVIDIA/go-nvml, API version 13, read 2026-11-20.</summary>
internal enum NvmlReturn
{
    Success = 0,
    Uninitialized = 1,
    InvalidArgument = 2,
    NotSupported = 3,
    NoPermission = 4,
    NotFound = 6,
    InsufficientSize = 7,
    DriverNotLoaded = 9,
    Timeout = 10,
    LibraryNotFound = 12,

    /// <summary>Also what we answer for a function that this driver's library lacks.</summary>
    FunctionNotFound = 13,
    GpuIsLost = 15,
    LibraryVersionMismatch = 18,
    Unknown = 999,
}

/// <summary>Percent of the last sample period, 0 to 100.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlUtilization
{
    public uint Gpu;
    public uint Memory;
}

/// <summary>Bytes; used includes what the driver reserves.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlMemory
{
    public ulong Total;
    public ulong Free;
    public ulong Used;
}

/// <summary>Takes what nvmlDeviceGetTemperatureV gives; the caller fills the version.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlTemperature
{
    public const uint Version1 = (1u << 24) | 12;
    public uint Version;
    public uint Sensor;
    public int Celsius;
}

/// <summary>A process as the _v2 and _v3 functions give it. The ids of instances are uint.MaxValue where there is no MIG.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlProcess
{
    public const ulong MemoryUnknown = ulong.MaxValue;
    public uint Pid;
    public ulong UsedBytes;
    public uint GpuInstance;
    public uint ComputeInstance;
}

/// <summary>Shares of a process over one sample period; <see cref="Time"/> in microseconds of the driver's clock.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlProcessUtilization
{
    public uint Pid;
    public ulong Time;
    public uint Sm;
    public uint Memory;
    public uint Encoder;
    public uint Decoder;
}

/// <summary>Whether a device has GPU performance monitoring; the caller fills the version.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlGpmSupport
{
    public const uint Version1 = 1;
    public uint Version;
    public uint IsSupported;
}

/// <summary>One figure between two samples: nvmlGpmMetricsGet_t with room for one metric. The driver reads as many as are announced.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlGpmMetrics
{
    public const uint Version1 = 1;

    /// <summary>Percent of the time in which anything ran.</summary>
    public const uint GraphicsUtil = 1;

    public uint Version;
    public uint Count;
    public nint Earlier;
    public nint Later;
    public uint MetricId;
    public NvmlReturn MetricReturn;
    public double Value;
    public nint ShortName;
    public nint LongName;
    public nint Unit;
}

/// <summary>An event of a GPU; for XID errors <see cref="Data"/> is the number of the error.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlEvent
{
    public const ulong Xid = 0x8;
    public nint Device;
    public ulong Type;
    public ulong Data;
    public uint GpuInstance;
    public uint ComputeInstance;
}
