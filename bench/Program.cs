using Empire.Bench;
using Empire.Bench.Gateway;
using Empire.Bench.Soak;
using Empire.Bench.Webhooks;

if (args is [BareProxy.Verb, var port, var backend]) return await BareProxy.RunAsync(int.Parse(port), backend); // the other side of the gateway benchmark
if (args is [BareWebhooks.Verb, var at, var database]) return await BareWebhooks.RunAsync(int.Parse(at), database);
if (args is [HurriedAgent.Verb, var start, var speed, .. var settings]) return await HurriedAgent.RunAsync(start, speed, settings);

// Each benchmark is one class; a new file is a new verb of ./empire bench.
var benchmarks = typeof(IBenchmark).Assembly.GetTypes()
    .Where(type => type is { IsClass: true } && type.IsAssignableTo(typeof(IBenchmark)))
    .Select(type => (IBenchmark)Activator.CreateInstance(type)!)
    .OrderBy(benchmark => benchmark.Name, StringComparer.Ordinal)
    .ToList();

if (args is not [var name] || benchmarks.Find(benchmark => benchmark.Name == name) is not { } chosen)
{
    Console.WriteLine("usage: ./empire bench NAME");
    foreach (var benchmark in benchmarks) Console.WriteLine($"  {benchmark.Name,-12}{benchmark.Summary}");
    return 2;
}
using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(5));
await chosen.RunAsync(stop.Token);
return 0;
