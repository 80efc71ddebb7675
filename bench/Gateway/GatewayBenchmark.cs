using System.Security.Cryptography;
using Empire.Testing;

namespace Empire.Bench.Gateway;

/// <summary>An authenticated request through our gateway, and one that is counted too, against YARP alone and against the service without any proxy; and what one account
/// notices of another that asks fifty times as often.</summary>
internal sealed class GatewayBenchmark : IBenchmark
{
    private const int Rounds = 3;
    private const int Connections = 64;
    private const string Key = "gopt_benchmarkbenchmarkbenchm";
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    public string Name => "gateway";
    public string Summary => "authenticated and limited requests through the gateway, against bare YARP and the service directly; what a loud neighbour costs";

    public async Task RunAsync(CancellationToken ct)
    {
        if (!Wrk.IsInstalled) throw new InvalidOperationException("This benchmark needs wrk: apt-get install wrk.");
        await using var database = await TestDatabase.CreateAsync("identity", typeof(Identity.IdentityGrpc).Assembly);
        await using var service = await BareService.StartAsync(ct);
        var (proxyPort, httpPort, grpcPort, gatewayPort) = (ServiceProcess.FreePort(), ServiceProcess.FreePort(), ServiceProcess.FreePort(), ServiceProcess.FreePort());
        (string, string) internalKey = ("Empire__InternalKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        await using var proxy = await ServiceProcess.StartAsync(["Empire.Bench.dll", BareProxy.Verb, $"{proxyPort}", service.Address.AbsoluteUri], proxyPort, "ready", [], ct);
        await using var identity = await ServiceProcess.StartAsync(["Empire.Identity.dll"], httpPort, "health/ready",
        [
            internalKey, ("HTTP_PORT", $"{httpPort}"), ("GRPC_PORT", $"{grpcPort}"), ("ConnectionStrings__identity", database.ConnectionString),
            ("ConnectionStrings__messaging", TestServers.RabbitMq), ("ConnectionStrings__redis", TestServers.Redis), ("Messaging__Prefix", $"b{Guid.CreateVersion7():n}."),
            ("Empire__EncryptionKeys", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
            ("Empire__Owner__Email", "owner@bench.localhost"), ("Empire__Owner__Password", "a long enough one"), ("Empire__Owner__ApiKey", Key),
        ], ct);
        await using var gateway = await ServiceProcess.StartAsync(["Empire.Gateway.dll"], gatewayPort, "health/live",
        [
            internalKey, ("HTTP_PORT", $"{gatewayPort}"), ("ConnectionStrings__redis", TestServers.Redis),
            ("services__identity__http__0", $"http://127.0.0.1:{httpPort}"), ("services__identity__grpc__0", $"http://127.0.0.1:{grpcPort}"),
            ("Tiers__professional__RequestsPerHour", "100000000"),   // counted as any limit is, and never reached
            .. ((string[])["content", "publishing", "analytics", "autopilot", "telemetry"]).Select(name => ($"services__{name}__http__0", service.Address.AbsoluteUri.TrimEnd('/'))),
        ], ct);

        var neighbours = new Neighbours(gateway.Address, proxy.Address, Key);
        var counted = await neighbours.AccountAsync("counted", "professional", ct);
        (string Name, Uri Address, string Key)[] ways =
        [
            ("service directly", service.Address, Key), ("bare YARP", proxy.Address, Key), ("gateway, authenticated", gateway.Address, Key), ("gateway, and limited", gateway.Address, counted),
        ];
        Console.WriteLine($"wrk, one thread, {Connections} connections; {Environment.ProcessorCount} cores; {Rounds} rounds of {Round.TotalSeconds} s each, taken in turn; the best counts");
        var best = new Dictionary<string, LoadResult>();
        for (var round = -1; round < Rounds; round++) // the first one warms up
        {
            foreach (var (name, address, key) in ways)
            {
                var result = await Wrk.RunAsync(new(address, Neighbours.Path), Connections, Round, ct, "-H", $"Authorization: Bearer {key}");
                if (round >= 0 && (!best.TryGetValue(name, out var known) || result.PerSecond > known.PerSecond)) best[name] = result;
            }
        }
        foreach (var (name, _, _) in ways) Console.WriteLine($"  {name,-24}{best[name]}");
        Console.WriteLine($"  ratio to bare YARP      {best[ways[2].Name].PerSecond / best[ways[1].Name].PerSecond:0.00} (aim 0.70)");
        Console.WriteLine($"  ratio to YARP, limited  {best[ways[3].Name].PerSecond / best[ways[1].Name].PerSecond:0.00}");
        Console.WriteLine($"  ratio to the service    {best[ways[2].Name].PerSecond / best[ways[0].Name].PerSecond:0.00}");
        await neighbours.RunAsync(ct);
    }
}
