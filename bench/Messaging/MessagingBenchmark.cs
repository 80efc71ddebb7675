using System.Diagnostics;
using System.Text.Json;
using Empire.Data;
using Empire.Testing;
using MassTransit;

namespace Empire.Bench.Messaging;

/// <summary>Outbox to handled event, against RabbitMQ's bare client on the same broker.</summary>
internal sealed class MessagingBenchmark : IBenchmark
{
    private const int Events = 12_000;
    private const int Singles = 200;
    private const int WarmUp = 1_000;

    public string Name => "messaging";
    public string Summary => "outbox to handled event, against raw RabbitMQ publish-confirm-consume";

    public async Task RunAsync(CancellationToken ct)
    {
        await using var test = await TestDatabase.CreateAsync("bench", typeof(MessagingBenchmark).Assembly);
        await using var service = await StartAsync(test, ct);
        await using var raw = await RawBroker.StartAsync(JsonSerializer.Serialize(NewPing()));
        using var handled = new HandledCount();
        var database = service.Services.GetRequiredService<Database>();
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());

        await RateAsync(database, tenant, handled, WarmUp, ct);
        await raw.RateAsync(WarmUp);
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < 3; round++) // in turns, so that a noisy neighbour disturbs both
        {
            ours.Add(await RateAsync(database, tenant, handled, Events, ct));
            theirs.Add(await raw.RateAsync(Events));
        }
        var latency = await LatenciesAsync(database, tenant, handled, ct);
        var rawLatency = await raw.LatenciesAsync(Singles);

        Console.WriteLine($"outbox to handled   {Median(ours),8:0} events/s    unloaded {latency}    ({Environment.ProcessorCount} cores, {Events} events, median of {ours.Count})");
        Console.WriteLine($"raw RabbitMQ        {Median(theirs),8:0} messages/s  unloaded {rawLatency}");
        Console.WriteLine($"ratio               {Median(ours) / Median(theirs),8:0.00}");
        await service.StopAsync(ct);
        await TestBroker.CleanAsync(service.Services);
    }

    private static async Task<WebApplication> StartAsync(TestDatabase test, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(MessagingBenchmark).Assembly.GetName().Name });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Configuration["ConnectionStrings:bench"] = test.ConnectionString;
        builder.Configuration["ConnectionStrings:messaging"] = TestServers.RabbitMq;
        builder.Configuration["Messaging:Prefix"] = $"bench{Guid.CreateVersion7():n}.";
        builder.AddDatabase("bench");
        builder.AddMessaging(typeof(MessagingBenchmark).Assembly, new Dictionary<string, IReadOnlyList<Type>> { ["bench.ping"] = [typeof(Ping)] });
        var service = builder.Build();
        await service.StartAsync(ct);
        await service.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, ct);
        return service;
    }

    /// <summary>From the commit that fills the outbox to the commit of the last handler.</summary>
    private static async Task<double> RateAsync(Database database, TenantId tenant, HandledCount handled, int events, CancellationToken ct)
    {
        await using var work = await database.BeginAsync(tenant, ct);
        for (var i = 0; i < events; i++) work.Publish(NewPing());
        var all = handled.WaitForAsync(events);
        await work.CommitAsync(ct);
        var started = Stopwatch.GetTimestamp();
        await all.WaitAsync(ct);
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<Latencies> LatenciesAsync(Database database, TenantId tenant, HandledCount handled, CancellationToken ct)
    {
        var latencies = new Latencies();
        for (var i = 0; i < Singles; i++)
        {
            await using var work = await database.BeginAsync(tenant, ct);
            work.Publish(NewPing());
            var one = handled.WaitForAsync(1);
            var started = Stopwatch.GetTimestamp(); // the commit counts: the event exists from then on
            await work.CommitAsync(ct);
            await one.WaitAsync(ct);
            latencies.Add(Stopwatch.GetElapsedTime(started));
        }
        return latencies;
    }

    private static Ping NewPing()
    {
        var now = TimeProvider.System.GetUtcNow();
        return new() { PingId = Guid.CreateVersion7(now), Text = new('x', 200), OccurredAt = now };
    }

    private static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);
}
