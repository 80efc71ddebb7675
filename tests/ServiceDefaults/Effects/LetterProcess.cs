using System.Diagnostics;
using System.Text;

namespace Empire.Tests.Effects;

/// <summary>The letter shop as a process of its own.</summary>
internal sealed class LetterProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Process process;
    private readonly StringBuilder errors = new();

    private LetterProcess(Process process) => this.process = process;

    public int ExitCode => process.ExitCode;

    /// <summary>What it said on standard error.</summary>
    public string Errors
    {
        get { lock (errors) return errors.ToString(); }
    }

    /// <param name="environment">Settings in the form of environment variables; null removes one.</param>
    public static LetterProcess Start(IEnumerable<KeyValuePair<string, string?>> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Empire.LetterShop.Host.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var letters = new LetterProcess(Process.Start(start)!);
        letters.process.OutputDataReceived += (_, line) => TestContext.Current.SendDiagnosticMessage("letters: {0}", line.Data ?? "");
        letters.process.ErrorDataReceived += (_, line) => { lock (letters.errors) letters.errors.AppendLine(line.Data); };
        letters.process.BeginOutputReadLine();
        letters.process.BeginErrorReadLine();
        return letters;
    }

    public static LetterProcess Start(LetterShop shop, string? faults = null) => Start(new Dictionary<string, string?>
    {
        ["DOTNET_ENVIRONMENT"] = "Development", ["EMPIRE_FAULTS"] = faults, ["HTTP_PORT"] = "0", ["LOG_LEVEL"] = "WARNING",
        ["Empire__InternalKey"] = TestSite.InternalKey, ["ConnectionStrings__shop"] = shop.Test.ConnectionString, ["PostOffice"] = shop.Office.Address.ToString(),
        ["Effects__PollEvery"] = "00:00:00.02", ["Effects__ProbeDelay"] = "00:00:00.1", ["Effects__RetryDelay"] = "00:00:00.01", ["Effects__Lease"] = "00:00:03",
    });

    /// <summary>Waits until it has ended by itself.</summary>
    public Task EndedAsync() => process.WaitForExitAsync(new CancellationTokenSource(Patience).Token);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
