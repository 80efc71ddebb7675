using Dapper;
using Empire.Bench.Telemetry;

namespace Empire.Bench.Soak;

/// <summary>Three days of an agent in three minutes: its memory and the service's, hour by hour.</summary>
internal sealed class SoakBenchmark : IBenchmark
{
    private const int Gpus = 8, Interval = 10, Hours = 72, LookEvery = 6;
    private const double Speed = 1_500;

    public string Name => "soak";
    public string Summary => "three days of an agent and the service in three minutes: their memory over time";

    public async Task RunAsync(CancellationToken ct)
    {
        await using var telemetry = await TelemetryProcess.StartAsync(ct, ("Settling__Gather", "00:00:00.050"));
        await using var owner = await telemetry.Database.OpenAsOwnerAsync();
        await using var door = await AgentDoor.OpenAsync(telemetry, TenantId.New(TimeProvider.System.GetUtcNow()), ct);
        var start = TimeProvider.System.GetUtcNow().AddHours(-Hours - 2);
        var command = new[] { "dotnet", Path.Combine(AppContext.BaseDirectory, "Empire.Bench.dll"), HurriedAgent.Verb, $"{start.ToUnixTimeSeconds()}", $"{Speed}", "--simulate", $"{Gpus}", "--interval", $"{Interval}" };
        await using var agent = AgentProgram.Start(command, door.Address);
        Console.WriteLine($"{Gpus} GPUs every {Interval} s for {Hours} hours, {Speed:N0} times as fast; {Environment.ProcessorCount} cores");
        Console.WriteLine("  hours   samples stored   agent MiB   service MiB");
        var (agents, services) = (new List<double>(), new List<double>());
        for (var hour = 0; hour <= Hours; hour += LookEvery)
        {
            var until = start.AddHours(hour).UtcDateTime;
            while (hour > 0 && await owner.ExecuteScalarAsync<bool>("select not exists (select from gpu_states where last_at >= @until)", new { until }))
            {
                if (agent.HasEnded) throw new InvalidOperationException("The agent has ended.");
                await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
            }
            if (hour == 0) await Task.Delay(TimeSpan.FromSeconds(2), ct);
            var stored = await owner.ExecuteScalarAsync<long>("select coalesce(sum(samples), 0)::bigint from rollups_day");
            agents.Add(agent.ResidentMib);
            services.Add(telemetry.Service.ResidentBytes / 1048576.0);
            Console.WriteLine($"  {hour,5}   {stored,14:N0}   {agents[^1],9:0.0}   {services[^1],11:0.0}");
        }
        var half = agents.Count / 2;
        Console.WriteLine($"  second half to first: agent {agents.Skip(half).Average() / agents.Skip(1).Take(half).Average():0.00}, service {services.Skip(half).Average() / services.Skip(1).Take(half).Average():0.00} (aim 1.1)");
    }
}
