using System.ComponentModel.DataAnnotations;

namespace Aspire.Hosting.Local;

/// <summary>Section "LocalOrchestrator".</summary>
public sealed class LocalOrchestratorOptions
{
    /// <summary>The folder of all that outlives a run: data of the servers, ports, secrets, logs, state. Default: <c>.aspire</c> beside the AppHost project.</summary>
    public string Home { get; set; } = "";

    /// <summary>The application's name on the operator page. Default: the AppHost's assembly.</summary>
    public string? Title { get; set; }

    /// <summary>The operator page's port on 127.0.0.1; "0" or "off" for none.</summary>
    public string DashboardPort { get; set; } = "18888";

    /// <summary>What is written to standard output: <c>All</c> (every resource), <c>Own</c> (only what the orchestrator itself says) or <c>Off</c>.</summary>
    public ConsoleLog ConsoleLog { get; set; } = ConsoleLog.All;

    /// <summary>How long a process may take to end after it was asked to; then it is killed. Servers get twice as long.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")] public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The pause before the first restart after a crash; each further one doubles it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:10:00")] public TimeSpan FirstRestartDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")] public TimeSpan MaxRestartDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A process that was up for so long starts again with the first delay.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")] public TimeSpan StableAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Asks the kernel to end the children when the orchestrator dies without a chance to do so itself (Linux with setpriv).</summary>
    public bool DieTogether { get; set; } = true;
}

public enum ConsoleLog
{
    All,
    Own,
    Off,
}
