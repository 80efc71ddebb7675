using System.Security.Cryptography;
using System.Text;
using Empire.GpuAgent.Spooling;

namespace Empire.GpuAgent.Host;

/// <summary>Who this agent is: an id made once on the host and kept beside its spool.</summary>
internal static class Installation
{
    private const string FileName = "agent-id";

    /// <summary>The id, and the folder of its spool. On a copy of a machine that already had one, a new id: two machines under one id would be taken for one.</summary>
    /// <param name="machine">What tells this machine from its copies, as /etc/machine-id; empty where nothing does.</param>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static (string AgentId, string SpoolFolder) Open(string folder, string machine, TimeProvider clock, Journal journal)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, FileName);
        var mark = machine.Length == 0 ? "-" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("empire-gpu-agent " + machine)))[..16];
        if (File.Exists(path) && File.ReadAllText(path).Split(' ', StringSplitOptions.TrimEntries) is [var known, var madeOn] && Guid.TryParse(known, out var id))
        {
            if (madeOn == mark || madeOn == "-" || mark == "-") return (id.ToString(), Path.Combine(folder, "spool", id.ToString()));
            journal.Warn($"The id in {path} was made on another machine, of which this is a copy: this one gets its own, and leaves the other's samples to it.");
        }
        var made = Guid.CreateVersion7(clock.GetUtcNow());
        DurableFiles.Replace(path, Encoding.ASCII.GetBytes($"{made} {mark}\n"));
        return (made.ToString(), Path.Combine(folder, "spool", made.ToString()));
    }

    public static string ThisMachine()
    {
        try
        {
            return File.ReadAllText("/etc/machine-id").Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
