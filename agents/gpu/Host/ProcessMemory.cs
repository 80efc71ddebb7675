using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Empire.GpuAgent.Host;

/// <summary>The environment of another account's process. Its file /proc/PID/environ is for its owner and for those who may read every file of the host; whoever has no more than CAP_SYS_PTRACE
/// reads it where it lies, in the memory of the process.</summary>
internal static unsafe partial class ProcessMemory
{
    private const int MostBytes = 256 * 1024;

    /// <summary>As /proc/PID/environ: pairs with NUL behind each; empty where the process has ended or may not be read.</summary>
    /// <exception cref="IOException">The process ends.</exception>
    /// <exception cref="UnauthorizedAccessException">/proc is not to be seen.</exception>
    public static string EnvironmentOf(uint pid)
    {
        var (start, end) = PlaceOf(File.ReadAllText($"/proc/{pid}/stat"));
        if (start == 0 || end <= start) return ""; // the kernel says 0 to who may not know
        var bytes = new byte[Math.Min(end - start, MostBytes)];
        fixed (byte* first = bytes)
        {
            var (here, there) = (new Vector((nint)first, (nuint)bytes.Length), new Vector((nint)start, (nuint)bytes.Length));
            var read = Read((int)pid, &here, 1, &there, 1, 0);
            return read <= 0 ? "" : Encoding.UTF8.GetString(bytes, 0, (int)read);
        }
    }

    /// <param name="stat">/proc/PID/stat; see proc_pid_stat(5).</param>
    private static (ulong Start, ulong End) PlaceOf(string stat)
    {
        const int FirstAfterName = 3, EnvStart = 50, EnvEnd = 51;
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries); // the name before may have blanks
        ulong Field(int number) => fields.Length > number - FirstAfterName && ulong.TryParse(fields[number - FirstAfterName], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
        return (Field(EnvStart), Field(EnvEnd));
    }

    [LibraryImport("libc", EntryPoint = "process_vm_readv")]
    private static partial nint Read(int pid, Vector* here, nuint places, Vector* there, nuint remotePlaces, nuint flags);

    /// <summary>struct iovec.</summary>
    private readonly record struct Vector(nint Address, nuint Bytes);
}
