using System.Reflection;
using System.Runtime.InteropServices;
using Empire.Contracts.V1;
using Empire.GpuAgent;
using Empire.GpuAgent.Host;
using Empire.GpuAgent.Readings;
using Empire.GpuAgent.Simulation;

const int Wrong = 2; // settings that cannot be used

var journal = new Journal(Console.Error);
var clock = TimeProvider.System;
AgentSettings settings;
try
{
    settings = AgentSettings.Read(args, Environment.GetEnvironmentVariable);
}
catch (SettingException e)
{
    journal.Error(e.Message);
    return Wrong;
}

var version = typeof(AgentSettings).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
switch (settings.Verb)
{
    case Verb.Version:
        Console.WriteLine($"empire-gpu-agent {version}");
        return 0;
    case Verb.Help:
        Console.WriteLine(Help.Text);
        return 0;
}

using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);

var throughput = settings.Interval >= TimeSpan.FromSeconds(5);
using IGpuReader reader = settings.Simulate > 0 ? new SimulatedReader(settings.Simulate, settings.Seed) : new FoundReader(settings.NvmlLibraryPath, throughput, clock, journal);
if (settings.Verb == Verb.Check) return await new Check(settings, reader, clock, Console.Out).RunAsync(stop.Token);

var cloud = settings.CloudMetadata ? new CloudMetadata(clock) : null;
var host = new HostTags
{
    Hostname = Environment.MachineName, AgentVersion = version, IntervalSeconds = (uint)settings.Interval.TotalSeconds, Labels = { settings.Labels.ToDictionary() },
};
var jobs = new JobIds(JobIds.OfThisHost(Environment.GetEnvironmentVariable), settings.JobEnvironment);
if (settings.Verb == Verb.Once) return await Once.RunAsync(reader, host, cloud, jobs, settings, clock, journal, stop.Token);

try
{
    using var agent = new Agent(settings, reader, host, jobs, cloud, clock, journal);
    var whole = await agent.RunAsync(stop.Token);
    journal.Info("Stopped; what was not sent is kept.");
    if (!whole) Environment.Exit(0); // without a word to the driver
    return 0;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    journal.Error($"The spool in {settings.Folder} cannot be used: {e.Message}");
    return 1;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
