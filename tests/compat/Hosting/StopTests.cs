using System.Diagnostics;

namespace Aspire.Hosting.Tests;

public sealed class StopTests : IAsyncLifetime
{
    private readonly TestApplication _app = new(null, ("LocalOrchestrator:StopGrace", "00:00:01"));

    [Fact]
    public async Task Everything_stops_in_good_order_dependents_first()
    {
        var journal = Path.Combine(_app.Home, "journal");
        var a = _app.AddWorker("a").WithEnvironment("WORKER_JOURNAL", journal);
        var b = _app.AddWorker("b").WithEnvironment("WORKER_JOURNAL", journal).WaitFor(a);
        _app.AddWorker("c").WithEnvironment("WORKER_JOURNAL", journal).WaitFor(b);
        await _app.StartAsync();
        await _app.HealthyAsync("c");

        await _app.StopAsync();
        Assert.Equal(["started a", "started b", "started c", "stopped c", "stopped b", "stopped a"], await File.ReadAllLinesAsync(journal));
    }

    [Fact]
    public async Task A_process_that_will_not_end_is_killed_after_the_grace_and_with_it_what_it_started()
    {
        _app.AddWorker("stubborn").WithEnvironment("WORKER_STUBBORN", "yes").WithEnvironment("WORKER_CHILD", "yes");
        await _app.StartAsync();
        await _app.HealthyAsync("stubborn");
        var leader = ProcessIdentity.Of(_app.Now("stubborn")!.ProcessId!.Value)!.Value;
        var child = Assert.Single(ChildrenOf(leader.Pid));

        var stopping = Stopwatch.StartNew();
        await _app.StopAsync();
        Assert.InRange(stopping.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        Assert.False(leader.IsAlive);
        Assert.False(child.IsAlive);
    }

    [Fact]
    public async Task What_a_process_leaves_in_its_session_ends_with_it()
    {
        _app.AddWorker("parent").WithEnvironment("WORKER_CHILD", "yes");
        await _app.StartAsync();
        await _app.HealthyAsync("parent");
        var child = Assert.Single(ChildrenOf(_app.Now("parent")!.ProcessId!.Value));
        await _app.PostAsync("parent", "/crash").ContinueWith(_ => { }, TaskScheduler.Default); // the answer is cut off
        await TestApplication.UntilAsync(() => !child.IsAlive, "the child of the crashed process is gone");
    }

    [Fact]
    public async Task The_last_state_on_disk_says_that_all_is_over()
    {
        _app.AddWorker("a");
        await _app.StartAsync();
        await _app.HealthyAsync("a");
        await TestApplication.UntilAsync(() => State().Resources.Single().Health == "Healthy", "the state on disk shows the health");
        Assert.NotEmpty(State().Processes);

        await _app.StopAsync();
        var state = State();
        Assert.Null(state.Orchestrator);
        Assert.Empty(state.Processes);
        Assert.Equal(("Exited", null), (state.Resources.Single().State, state.Resources.Single().Pid));
    }

    private InstanceState State() => HomeFolder.Read<InstanceState>(Path.Combine(_app.Home, "state.json"))!;

    private static IEnumerable<ProcessIdentity> ChildrenOf(int pid) =>
        File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Concat(
            Directory.EnumerateDirectories($"/proc/{pid}/task").SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .Distinct().Select(child => ProcessIdentity.Of(int.Parse(child))).OfType<ProcessIdentity>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
