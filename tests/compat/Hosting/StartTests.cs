namespace Aspire.Hosting.Tests;

public sealed class StartTests : IAsyncLifetime
{
    private readonly TestApplication _app = new();

    [Fact]
    public async Task A_resource_starts_only_when_what_it_waits_for_is_healthy()
    {
        var ready = Path.Combine(_app.Home, "ready");
        var back = _app.AddWorker("back").WithEnvironment("WORKER_READY", ready);
        _app.AddWorker("front").WaitFor(back);
        await _app.StartAsync();

        await _app.ReachAsync("back", s => s.Reason == "/health/ready answered 503");
        Assert.Equal(KnownResourceStates.Waiting, _app.Now("front")!.State);
        Assert.Equal("waits for back", _app.Now("front")!.Reason);
        Assert.Equal("", _app.Log("front"));

        await File.WriteAllTextAsync(ready, "");
        await _app.HealthyAsync("front");
    }

    [Fact]
    public async Task With_replicas_each_has_its_own_ports_and_the_dependent_waits_for_all_and_knows_all()
    {
        var back = _app.AddWorker("back").WithReplicas(2);
        _app.AddWorker("front").WithReference(back).WaitFor(back);
        await _app.StartAsync();

        await _app.HealthyAsync("front");
        Assert.True(_app.Now("back-0")!.IsHealthy && _app.Now("back-1")!.IsHealthy);
        var environment = await _app.EnvironmentOfAsync("front");
        Assert.Equal(_app.Now("back-0")!.Address, environment["services__back__http__0"]);
        Assert.Equal(_app.Now("back-1")!.Address, environment["services__back__http__1"]);
        Assert.NotEqual(environment["services__back__http__0"], environment["services__back__http__1"]);
    }

    [Fact]
    public async Task Completion_with_the_right_code_lets_the_dependent_start_and_the_program_is_not_run_again()
    {
        var journal = Path.Combine(_app.Home, "runs");
        var migration = _app.Builder.AddExecutable("migration", "/bin/sh", "/", "-c", $"echo run >> {journal}; exit 4");
        _app.AddWorker("front").WaitForCompletion(migration, exitCode: 4);
        await _app.StartAsync();

        await _app.HealthyAsync("front");
        Assert.Equal(["run"], File.ReadAllLines(journal));
        Assert.Equal(0, _app.Now("migration")!.Restarts);
    }

    [Fact]
    public async Task Completion_with_another_code_keeps_the_dependent_waiting()
    {
        var migration = _app.Builder.AddExecutable("migration", "/bin/sh", "/", "-c", "exit 1");
        _app.AddWorker("front").WaitForCompletion(migration);
        await _app.StartAsync();

        await _app.ReachAsync("migration", s => s.ExitCode == 1 && s.State == KnownResourceStates.Exited);
        Assert.Equal(KnownResourceStates.Waiting, _app.Now("front")!.State);
    }

    [Fact]
    public async Task Resources_that_wait_for_one_another_are_refused_by_name()
    {
        var a = _app.AddWorker("a");
        var b = _app.AddWorker("b").WaitFor(a);
        a.WaitFor(b);
        var refusal = await Assert.ThrowsAsync<DistributedApplicationException>(_app.StartAsync);
        Assert.Equal("Resources wait for one another: a → b → a.", refusal.Message);
    }

    [Fact]
    public async Task What_a_process_is_told_arrives_in_its_environment_and_arguments()
    {
        var parameter = _app.Builder.AddParameter("colour", "blue");
        var back = _app.AddWorker("back").WithHttpEndpoint(name: "grpc", env: "GRPC_PORT");
        var front = _app.Builder.AddProject("front", Path.Combine(TestApplication.Samples, "Worker", "Worker.csproj"))
            .WithHttpEndpoint(name: "http")   // without a variable: ASP.NET Core's own
            .WithReference(back)
            .WithReference("outside", new Uri("https://example.com/"))
            .WithEnvironment("TEXT", "a b")
            .WithEnvironment("COLOUR", parameter)
            .WithEnvironment("BACK", back.GetEndpoint("http"))
            .WithEnvironment("COMPOSED", $"{back.GetEndpoint("grpc").Property(EndpointProperty.Port)}/{parameter}/{{x}}")
            .WithEnvironment(context => context.EnvironmentVariables["LATE"] = back.GetEndpoint("http").Port)
            .WithArgs("--one", "two three");
        await _app.StartAsync();
        await _app.HealthyAsync("front");
        await _app.HealthyAsync("back");

        var environment = await _app.EnvironmentOfAsync("front");
        var http = _app.Now("back")!.Address!;
        Assert.Equal(_app.Now("front")!.Address, environment["ASPNETCORE_URLS"]);
        Assert.Equal(http, environment["services__back__http__0"]);
        Assert.Equal("https://example.com/", environment["services__outside__default__0"]);
        Assert.Equal("a b", environment["TEXT"]);
        Assert.Equal("blue", environment["COLOUR"]);
        Assert.Equal(http, environment["BACK"]);
        var grpc = new Uri(environment["services__back__grpc__0"]).Port;
        Assert.Equal($"{grpc}/blue/{{x}}", environment["COMPOSED"]);
        Assert.Equal($"{new Uri(http).Port}", environment["LATE"]);
        Assert.Equal($"{grpc}", (await _app.EnvironmentOfAsync("back"))["GRPC_PORT"]);
        using var client = new HttpClient();
        Assert.Equal("""["--one","two three"]""", await client.GetStringAsync($"{_app.Now("front")!.Address}/arguments"));
    }

    [Fact]
    public async Task A_resource_that_is_started_by_hand_waits_for_the_hand()
    {
        _app.AddWorker("tool").WithExplicitStart();
        _app.AddWorker("other");
        await _app.StartAsync();
        await _app.HealthyAsync("other");
        Assert.Equal(KnownResourceStates.NotStarted, _app.Now("tool")!.State);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
