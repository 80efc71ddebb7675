using System.Diagnostics;

namespace Aspire.Hosting.Tests;

/// <summary>The orchestrator as a process of its own, killed without a chance to clean up.</summary>
public sealed class OrphanTests : IDisposable
{
    private readonly string _home = TestApplication.NewFolder();
    private readonly List<Process> _started = [];

    [Fact]
    public async Task After_a_kill_the_next_stop_ends_exactly_what_was_left()
    {
        var (host, state) = await StartAsync("--LocalOrchestrator:DieTogether=false");
        var children = state.Processes.ToArray();
        Assert.Equal(3, children.Length);
        host.Kill();
        await host.WaitForExitAsync();
        Assert.All(children, child => Assert.True(child.IsAlive, "without the bond to the orchestrator its children outlive it"));
        var grandchild = Assert.Single(Marked().Except(children)); // recorded nowhere
        var stranger = Start("sleep", "600");

        var output = await RunAsync("--LocalOrchestrator:Command=stop");
        Assert.Contains("Cleaning up 4 processes of an earlier run", output);
        Assert.All(children.Append(grandchild), process => Assert.False(process.IsAlive));
        Assert.False(stranger.HasExited);
    }

    [Fact]
    public async Task After_a_kill_the_next_start_ends_what_was_left_and_comes_up_at_the_same_addresses()
    {
        var (host, before) = await StartAsync("--LocalOrchestrator:DieTogether=false");
        host.Kill();
        await host.WaitForExitAsync();

        var (_, after) = await StartAsync();
        Assert.All(before.Processes, child => Assert.False(child.IsAlive));
        Assert.Equal(before.Resources.Select(r => r.Address), after.Resources.Select(r => r.Address));
        await RunAsync("--LocalOrchestrator:Command=stop");
    }

    [Fact]
    public async Task Children_die_with_a_killed_orchestrator()
    {
        var (host, state) = await StartAsync();
        host.Kill();
        await TestApplication.UntilAsync(() => !state.Processes.Any(child => child.IsAlive), "the children are gone");
        await RunAsync("--LocalOrchestrator:Command=stop"); // the grandchild too
        Assert.Empty(Marked());
    }

    [Fact]
    public async Task A_process_that_only_bears_the_number_of_a_recorded_one_is_left_alone()
    {
        var stranger = Start("sleep", "600");
        HomeFolder.Write(Path.Combine(_home, "state.json"), new InstanceState(new(stranger.Id, 1), null, [], [new(stranger.Id, 1)]));
        await RunAsync("--LocalOrchestrator:Command=stop");
        Assert.False(stranger.HasExited);
    }

    [Fact]
    public async Task A_second_start_is_refused_while_the_first_runs_and_a_stop_from_elsewhere_ends_it_in_order()
    {
        var (host, state) = await StartAsync();
        var refusal = await RunAsync();
        Assert.Contains($"The application is running already (process {host.Id}", refusal);

        await RunAsync("--LocalOrchestrator:Command=stop");
        await host.WaitForExitAsync();
        Assert.Equal(0, host.ExitCode);
        Assert.All(state.Processes, child => Assert.False(child.IsAlive));
    }

    public void Dispose()
    {
        foreach (var process in _started)
        {
            if (!process.HasExited) process.Kill();
            process.Dispose();
        }
        var recorded = HomeFolder.Read<InstanceState>(Path.Combine(_home, "state.json"))?.Processes.Where(p => p.IsAlive) ?? [];
        foreach (var left in Marked().Concat(recorded)) left.Signal(ProcessIdentity.SigKill);
        Directory.Delete(_home, recursive: true);
    }

    private async Task<(Process Host, InstanceState State)> StartAsync(params string[] arguments)
    {
        var host = Start("dotnet", [Host, .. Common, .. arguments]);
        InstanceState? state = null;
        await TestApplication.UntilAsync(
            () => !host.HasExited && (state = HomeFolder.Read<InstanceState>(Path.Combine(_home, "state.json"))) is { } now && now.Orchestrator?.Pid == host.Id
                && now.Resources.Count == 3 && now.Resources.All(r => r.Health == "Healthy"), "all three resources are healthy");
        return (host, state!);
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var host = Start("dotnet", [Host, .. Common, .. arguments]);
        var output = Task.WhenAll(host.StandardOutput.ReadToEndAsync(), host.StandardError.ReadToEndAsync());
        await host.WaitForExitAsync();
        return string.Concat(await output);
    }

    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        _started.Add(process);
        return process;
    }

    private static string Host => Path.Combine(TestApplication.Samples, "SampleHost", "bin", TestApplication.Configuration, "net10.0", "SampleHost.dll");

    private string[] Common => [$"--LocalOrchestrator:Home={_home}", "--LocalOrchestrator:DashboardPort=off", "--LocalOrchestrator:ConsoleLog=Own"];

    private ProcessIdentity[] Marked() => [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!))
        .Where(pid => EnvironmentOf(pid).Contains($"LOCAL_ORCHESTRATOR_HOME={_home}")).Select(pid => ProcessIdentity.Of(pid)).OfType<ProcessIdentity>()];

    private static string EnvironmentOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
