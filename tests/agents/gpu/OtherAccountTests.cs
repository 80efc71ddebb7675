using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;

namespace Empire.GpuAgent.Tests;

/// <summary>What the kernel lets the agent see of other accounts' processes, by the rights that the service's unit gives it.</summary>
[SupportedOSPlatform("linux")]
public sealed class OtherAccountTests : IDisposable
{
    private const string Nobody = "65534", Daemon = "1";
    private const string Ptrace = "-all,+sys_ptrace";
    private const UnixFileMode ForAll = UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_job_of_another_accounts_process_is_read_with_the_units_capability_and_not_without(bool capable)
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/setpriv")) Assert.Skip("Only root, with setpriv, can start processes of several accounts.");
        var job = $"piece_{Guid.CreateVersion7():N}";
        using var worker = Start(["--reuid", Nobody, "--regid", Nobody, "--clear-groups", "sleep", "600"], ("GPU_OPTIMIZER_JOB_ID", job));
        try
        {
            while (!(await File.ReadAllTextAsync($"/proc/{worker.Id}/cmdline")).StartsWith("sleep", StringComparison.Ordinal)) await Task.Yield(); // setpriv has become it
            var program = Installed();
            folder.Script("nvidia-smi", $"""
                case "$1" in
                --query-gpu=*clocks.sm*) echo '0, Tesla V100-SXM2-16GB, GPU-v0, 470.82.01, 85, 40, 12000, 16160, 61, 250.31, 1530, 877, 0x0000000000000004, 0, 0' ;;
                --query-compute-apps=*) echo 'GPU-v0, {worker.Id}, 11990, sleep' ;;
                esac
                """);
            File.SetUnixFileMode(folder.File("nvidia-smi"), File.GetUnixFileMode(folder.File("nvidia-smi")) | ForAll);
            string[] rights = capable ? ["--inh-caps", Ptrace, "--ambient-caps", Ptrace, "--bounding-set", Ptrace] : ["--inh-caps", "-all", "--bounding-set", "-all"];
            using var agent = Start(["--reuid", Daemon, "--regid", Daemon, "--clear-groups", "--no-new-privs", .. rights, Environment.ProcessPath is { } path && path.EndsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet", "exec", program, "--once"],
                ("GPU_OPTIMIZER_METADATA", "off"), ("GPU_OPTIMIZER_NVML_LIBRARY", "libnone.so"), ("PATH", $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}"), ("HOME", folder.Path));
            var said = agent.StandardError.ReadToEndAsync();
            var printed = await agent.StandardOutput.ReadToEndAsync();
            await agent.WaitForExitAsync();
            if (agent.ExitCode is 126 or 127) Assert.Skip($"Another account cannot run .NET here: {await said}");
            Assert.True(agent.ExitCode == 0, await said);
            var process = JsonDocument.Parse(printed).RootElement.GetProperty("gpu_data")[0].GetProperty("processes")[0];
            Assert.Equal(worker.Id, process.GetProperty("pid").GetInt32());
            Assert.Equal(capable, process.TryGetProperty("job_id", out var told) && told.GetString() == job);
        }
        finally
        {
            worker.Kill();
            await worker.WaitForExitAsync();
        }
    }

    /// <summary>The program in a place that every account can read.</summary>
    private string Installed()
    {
        File.SetUnixFileMode(folder.Path, File.GetUnixFileMode(folder.Path) | ForAll);
        var built = Path.GetDirectoryName(typeof(AgentSettings).Assembly.Location)!;
        foreach (var pattern in (string[])["empire-gpu-agent.*", "Empire.Contracts.dll", "Google.*.dll", "Grpc.*.dll", "Microsoft.Extensions.*.dll", "System.*.dll"])
            foreach (var file in Directory.GetFiles(built, pattern)) File.Copy(file, folder.File(Path.GetFileName(file)));
        return folder.File("empire-gpu-agent.dll");
    }

    private static Process Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("setpriv", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
