using System.Globalization;
using Empire.Contracts.V1;
using Empire.GpuAgent;
using Empire.GpuAgent.Host;
using Empire.GpuAgent.Simulation;

namespace Empire.Bench.Soak;

/// <summary>The whole agent in a process of its own, on a clock that runs fast.</summary>
internal static class HurriedAgent
{
    public const string Verb = "hurried-agent";

    /// <param name="start">Unix seconds at which its clock begins.</param>
    /// <param name="arguments">Of the agent.</param>
    public static async Task<int> RunAsync(string start, string speed, IReadOnlyList<string> arguments)
    {
        var settings = AgentSettings.Read(arguments, Environment.GetEnvironmentVariable);
        var clock = new FastClock(DateTimeOffset.FromUnixTimeSeconds(long.Parse(start, CultureInfo.InvariantCulture)), double.Parse(speed, CultureInfo.InvariantCulture));
        var host = new HostTags { Hostname = "soak", IntervalSeconds = (uint)settings.Interval.TotalSeconds };
        using var agent = new GpuAgent.Agent(settings, new SimulatedReader(settings.Simulate, settings.Seed), host, new JobIds(""), cloud: null, clock, new Journal(Console.Error));
        await agent.RunAsync(CancellationToken.None);
        return 0;
    }
}
