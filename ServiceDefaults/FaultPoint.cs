using System.Diagnostics;
using System.Globalization;

namespace Empire;

/// <summary>A named place between two steps that a crash test may end the process at, as a power cut would. It does nothing unless
/// <c>EMPIRE_FAULTS</c> names a folder, and never in Production.</summary>
/// <remarks>The file <c>{folder}/{point}</c> arms the point; its text is the number of passes to let go by first (default 0). The process that
/// takes the file away is the one that dies, so an armed point fires once over all replicas and restarts.</remarks>
public static class FaultPoint
{
    private static readonly string? Folder =
        string.Equals(Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT"), "Production", StringComparison.OrdinalIgnoreCase)
            ? null
            : Environment.GetEnvironmentVariable("EMPIRE_FAULTS");

    /// <param name="point">As in <c>outbox.published</c>: the kernel and what has just happened.</param>
    public static void Pass(string point)
    {
        if (Folder is not null) PassArmed(Path.Combine(Folder, point));
    }

    private static void PassArmed(string file)
    {
        if (!File.Exists(file)) return;
        try
        {
            var left = int.TryParse(File.ReadAllText(file), NumberStyles.Integer, CultureInfo.InvariantCulture, out var passes) ? passes : 0;
            if (left > 0)
            {
                File.WriteAllText(file, (left - 1).ToString(CultureInfo.InvariantCulture));
                return;
            }
            File.Move(file, $"{file}.fired");
        }
        catch (IOException)
        {
            return; // another process took it
        }
        using var self = Process.GetCurrentProcess();
        self.Kill(); // SIGKILL: no finally, no flush, no goodbye
        self.WaitForExit();
    }
}
