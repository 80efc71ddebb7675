using System.Runtime.InteropServices;
using System.Text;
using Empire.GpuAgent.Readings;

namespace Empire.GpuAgent.Nvml;

/// <summary>The functions of libnvidia-ml that are used, found by name at run time. Every one may be missing, since drivers of ten years are in use: a missing one answers
/// <see cref="NvmlReturn.FunctionNotFound"/>, which callers treat like "not supported", as unknown.</summary>
internal sealed unsafe class NvmlLibrary : IDisposable
{
    /// <summary>Found by the loader; part of the driver's package.</summary>
    public const string DefaultPath = "libnvidia-ml.so.1";

    private const int TextBytes = 256;
    private readonly nint library;
    private readonly Dictionary<string, nint> functions = new(StringComparer.Ordinal);

    private NvmlLibrary(nint library) => this.library = library;

    /// <exception cref="GpusUnavailableException">No such library, or its driver is not there.</exception>
    public static NvmlLibrary Open(string path)
    {
        if (!NativeLibrary.TryLoad(path, out var handle)) throw new GpusUnavailableException($"{path} cannot be loaded");
        var opened = new NvmlLibrary(handle);
        var result = opened.Call("nvmlInit_v2");
        if (result == NvmlReturn.FunctionNotFound) result = opened.Call("nvmlInit");
        if (result == NvmlReturn.Success) return opened;
        NativeLibrary.Free(handle);
        throw new GpusUnavailableException($"NVML does not start: {Words(result)}");
    }

    public static string Words(NvmlReturn result) => result switch
    {
        NvmlReturn.DriverNotLoaded => "the NVIDIA driver is not loaded",
        NvmlReturn.LibraryVersionMismatch => "library and driver are of different versions; the host needs a restart after its driver was updated",
        NvmlReturn.NoPermission => "no permission to use the devices /dev/nvidia*",
        NvmlReturn.GpuIsLost => "the GPU has fallen off the bus",
        _ => $"{result} ({(int)result})",
    };

    public NvmlReturn Call(string name)
    {
        var f = (delegate* unmanaged<int>)Find(name);
        return f is null ? NvmlReturn.FunctionNotFound : (NvmlReturn)f();
    }

    /// <summary>f(out value)</summary>
    public NvmlReturn Get<T>(string name, out T value) where T : unmanaged
    {
        value = default;
        var f = (delegate* unmanaged<T*, int>)Find(name);
        if (f is null) return NvmlReturn.FunctionNotFound;
        fixed (T* p = &value) return (NvmlReturn)f(p);
    }

    /// <summary>f(device, ref value)</summary>
    public NvmlReturn Get<T>(string name, nint device, ref T value) where T : unmanaged
    {
        var f = (delegate* unmanaged<nint, T*, int>)Find(name);
        if (f is null) return NvmlReturn.FunctionNotFound;
        fixed (T* p = &value) return (NvmlReturn)f(device, p);
    }

    /// <summary>f(index, out device)</summary>
    public NvmlReturn DeviceByIndex(uint index, out nint device)
    {
        device = 0;
        var f = (delegate* unmanaged<uint, nint*, int>)Find("nvmlDeviceGetHandleByIndex_v2");
        if (f is null) return NvmlReturn.FunctionNotFound;
        fixed (nint* p = &device) return (NvmlReturn)f(index, p);
    }

    /// <summary>f(device, selector, out value)</summary>
    public NvmlReturn Get<T>(string name, nint device, uint selector, out T value) where T : unmanaged
    {
        value = default;
        var f = (delegate* unmanaged<nint, uint, T*, int>)Find(name);
        if (f is null) return NvmlReturn.FunctionNotFound;
        fixed (T* p = &value) return (NvmlReturn)f(device, selector, p);
    }

    /// <summary>f(device, first, second, out value)</summary>
    public NvmlReturn Get<T>(string name, nint device, uint first, uint second, out T value) where T : unmanaged
    {
        value = default;
        var f = (delegate* unmanaged<nint, uint, uint, T*, int>)Find(name);
        if (f is null) return NvmlReturn.FunctionNotFound;
        fixed (T* p = &value) return (NvmlReturn)f(device, first, second, p);
    }

    /// <summary>f(device, out current, out pending)</summary>
    public NvmlReturn GetPair(string name, nint device, out uint current, out uint pending)
    {
        current = pending = 0;
        var f = (delegate* unmanaged<nint, uint*, uint*, int>)Find(name);
        if (f is null) return NvmlReturn.FunctionNotFound;
        fixed (uint* a = &current, b = &pending) return (NvmlReturn)f(device, a, b);
    }

    /// <summary>f(device, text, length); null where it is not told.</summary>
    public string? Text(string name, nint device)
    {
        var f = (delegate* unmanaged<nint, byte*, uint, int>)Find(name);
        var text = stackalloc byte[TextBytes];
        return f is not null && (NvmlReturn)f(device, text, TextBytes) == NvmlReturn.Success ? Decode(text) : null;
    }

    /// <summary>f(text, length) of the whole system.</summary>
    public string? Text(string name)
    {
        var f = (delegate* unmanaged<byte*, uint, int>)Find(name);
        var text = stackalloc byte[TextBytes];
        return f is not null && (NvmlReturn)f(text, TextBytes) == NvmlReturn.Success ? Decode(text) : null;
    }

    public string? ProcessName(uint pid)
    {
        var f = (delegate* unmanaged<uint, byte*, uint, int>)Find("nvmlSystemGetProcessName");
        var text = stackalloc byte[TextBytes];
        return f is not null && (NvmlReturn)f(pid, text, TextBytes) == NvmlReturn.Success ? Decode(text) : null;
    }

    /// <summary>The processes of a device; empty where they are not told.</summary>
    public NvmlProcess[] Processes(string name, nint device)
    {
        var f = (delegate* unmanaged<nint, uint*, NvmlProcess*, int>)Find(name);
        if (f is null) return [];
        uint count = 0;
        if ((NvmlReturn)f(device, &count, null) != NvmlReturn.InsufficientSize) return []; // Success with nothing asked for: there are none
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var found = new NvmlProcess[count += 8]; // some may start between the two calls
            NvmlReturn result;
            fixed (NvmlProcess* p = found) result = (NvmlReturn)f(device, &count, p);
            if (result == NvmlReturn.Success) return found[..(int)Math.Min(count, (uint)found.Length)];
            if (result != NvmlReturn.InsufficientSize) return [];
        }
        return [];
    }

    /// <summary>Shares of processes since <paramref name="since"/>, microseconds of the driver's clock; empty where they are not told or nothing ran.</summary>
    public NvmlProcessUtilization[] ProcessUtilization(nint device, ulong since)
    {
        var f = (delegate* unmanaged<nint, NvmlProcessUtilization*, uint*, ulong, int>)Find("nvmlDeviceGetProcessUtilization");
        if (f is null) return [];
        uint count = 0;
        if ((NvmlReturn)f(device, null, &count, since) != NvmlReturn.InsufficientSize || count == 0) return [];
        var found = new NvmlProcessUtilization[count];
        fixed (NvmlProcessUtilization* p = found) return (NvmlReturn)f(device, p, &count, since) == NvmlReturn.Success ? found[..(int)Math.Min(count, (uint)found.Length)] : [];
    }

    /// <summary>f(device, instance, sample)</summary>
    public NvmlReturn TakeGpmSample(nint device, uint instance, nint sample)
    {
        var f = (delegate* unmanaged<nint, uint, nint, int>)Find("nvmlGpmMigSampleGet");
        return f is null ? NvmlReturn.FunctionNotFound : (NvmlReturn)f(device, instance, sample);
    }

    /// <summary>f(ref value)</summary>
    public NvmlReturn GetInto<T>(string name, ref T value) where T : unmanaged
    {
        var f = (delegate* unmanaged<T*, int>)Find(name);
        if (f is null) return NvmlReturn.FunctionNotFound;
        fixed (T* p = &value) return (NvmlReturn)f(p);
    }

    public void FreeGpmSample(nint sample)
    {
        var f = (delegate* unmanaged<nint, int>)Find("nvmlGpmSampleFree");
        if (f is not null) _ = f(sample);
    }

    /// <summary>f(device, types, set)</summary>
    public NvmlReturn RegisterEvents(nint device, ulong types, nint set)
    {
        var f = (delegate* unmanaged<nint, ulong, nint, int>)Find("nvmlDeviceRegisterEvents");
        return f is null ? NvmlReturn.FunctionNotFound : (NvmlReturn)f(device, types, set);
    }

    /// <summary>The next event that is there already; does not wait.</summary>
    public bool TakeEvent(nint set, out NvmlEvent data)
    {
        data = default;
        var f = (delegate* unmanaged<nint, NvmlEvent*, uint, int>)Find("nvmlEventSetWait_v2");
        if (f is null) return false;
        fixed (NvmlEvent* p = &data) return (NvmlReturn)f(set, p, 0) == NvmlReturn.Success;
    }

    public void Free(nint set)
    {
        var f = (delegate* unmanaged<nint, int>)Find("nvmlEventSetFree");
        if (f is not null) _ = f(set);
    }

    public void Dispose()
    {
        Call("nvmlShutdown");
        NativeLibrary.Free(library);
    }

    private nint Find(string name)
    {
        if (functions.TryGetValue(name, out var found)) return found;
        return functions[name] = NativeLibrary.TryGetExport(library, name, out var address) ? address : 0;
    }

    private static string? Decode(byte* text)
    {
        var bytes = new ReadOnlySpan<byte>(text, TextBytes);
        var end = bytes.IndexOf((byte)0);
        var words = Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
        return words.Length == 0 ? null : words;
    }
}
