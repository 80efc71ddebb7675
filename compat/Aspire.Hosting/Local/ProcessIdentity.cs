using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Aspire.Hosting.Local;

/// <summary>A process beyond doubt: its number is used again some day, its number together with its start is not.</summary>
/// <param name="Started">Clock ticks since the machine's boot, field 22 of /proc/PID/stat.</param>
internal readonly partial record struct ProcessIdentity(int Pid, long Started)
{
    public const int SigInt = 2, SigKill = 9, SigTerm = 15;

    /// <returns>Null when there is no such process, or only its zombie.</returns>
    public static ProcessIdentity? Of(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // the name in parentheses may itself hold spaces
            return fields[0] is "Z" or "X" ? null : new(pid, long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // gone, or gone while we read
        {
            return null;
        }
    }

    [JsonIgnore] public bool IsAlive => Of(Pid) == this;

    public void Signal(int signal)
    {
        if (IsAlive) _ = Kill(Pid, signal);
    }

    /// <summary>Every process of the session that this process leads; safe only while the leader lives or was just reaped by us.</summary>
    public void SignalGroup(int signal) => _ = Kill(-Pid, signal);

    public async Task<bool> WaitForExitAsync(TimeSpan atMost, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(atMost);
        try
        {
            while (IsAlive) await timer.WaitForNextTickAsync(deadline.Token);
            return true;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return !IsAlive;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
