namespace Aspire.Hosting.Tests;

public sealed class RestartTests : IAsyncLifetime
{
    private readonly TestApplication _app = new(null, ("LocalOrchestrator:FirstRestartDelay", "00:00:00.1"), ("LocalOrchestrator:MaxRestartDelay", "00:00:00.4"));

    [Fact]
    public async Task A_program_that_keeps_crashing_is_started_again_after_pauses_that_double_up_to_the_longest()
    {
        _app.Builder.AddExecutable("crashing", "/bin/sh", "/", "-c", "date +%s%N; exit 7");
        await _app.StartAsync();
        var state = await _app.ReachAsync("crashing", s => s.Restarts == 5);

        Assert.Equal("ended with 7", state.Reason);
        var starts = _app.Log("crashing").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse).Take(5).ToArray();
        double[] shortest = [100, 200, 400, 400];
        foreach (var (i, pause) in shortest.Index()) Assert.InRange((starts[i + 1] - starts[i]) / 1e6, pause, double.MaxValue);
    }

    [Fact]
    public async Task A_killed_service_comes_back_at_the_same_address()
    {
        _app.AddWorker("worker");
        await _app.StartAsync();
        await _app.HealthyAsync("worker");
        var before = _app.Now("worker")!;

        new ProcessIdentity(before.ProcessId!.Value, ProcessIdentity.Of(before.ProcessId.Value)!.Value.Started).Signal(ProcessIdentity.SigKill);
        var after = await _app.ReachAsync("worker", s => s.IsHealthy && s.ProcessId != before.ProcessId);
        Assert.Equal(before.Address, after.Address);
        Assert.Equal(1, after.Restarts);
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_says_why_and_is_tried_again()
    {
        _app.Builder.AddExecutable("missing", "/no/such/program", "/");
        await _app.StartAsync();
        var state = await _app.ReachAsync("missing", s => s.Restarts == 2);
        Assert.Contains("/no/such/program", _app.Log("missing"));
        Assert.NotEqual(KnownResourceStates.Running, state.State);
    }

    [Fact]
    public async Task A_program_that_ends_well_is_finished()
    {
        _app.Builder.AddExecutable("done", "/bin/true", "/");
        await _app.StartAsync();
        var state = await _app.ReachAsync("done", s => s.State == KnownResourceStates.Finished);
        Assert.Equal((0, 0), (state.ExitCode, state.Restarts));
    }

    [Fact]
    public async Task Health_that_goes_away_and_comes_back_is_seen_without_a_restart()
    {
        var ready = Path.Combine(_app.Home, "ready");
        await File.WriteAllTextAsync(ready, "");
        _app.AddWorker("worker").WithEnvironment("WORKER_READY", ready);
        await _app.StartAsync();
        await _app.HealthyAsync("worker");

        File.Delete(ready);
        await _app.ReachAsync("worker", s => s is { State: "Running", IsHealthy: false, Reason: not null });
        await File.WriteAllTextAsync(ready, "");
        await _app.HealthyAsync("worker");
        Assert.Equal(0, _app.Now("worker")!.Restarts);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
