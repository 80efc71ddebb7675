using System.Security.Cryptography;
using Dapper;
using Empire.Testing;

namespace Empire.Bench.Redirect;

/// <summary>Our redirect, every click stored, against a Kestrel that does nothing but answer 302.</summary>
internal sealed class RedirectBenchmark : IBenchmark
{
    private const int Rounds = 3;
    private const int Links = 100;
    private const int Counted = 20_000;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);
    private const int WarmUp = 100_000; // redirects until the compiler has seen what is hot

    public string Name => "redirect";
    public string Summary => "GET /r/{code} with every click stored, against a bare Kestrel 302";

    public async Task RunAsync(CancellationToken ct)
    {
        await using var database = await TestDatabase.CreateAsync("analytics", typeof(Analytics.Clicks.FollowLink).Assembly);
        var codes = await AddLinksAsync(database);
        await using var bare = await BareRedirect.StartAsync(ct);
        await using var analytics = await StartAnalyticsAsync(database, ct);
        var load = LoadGenerator.Choose();
        Console.WriteLine($"load: {load.Description}; {Environment.ProcessorCount} cores; {Rounds} rounds of {Round.TotalSeconds} s each, taken in turn; the best counts");

        foreach (var connections in (int[])[512, 64])
        {
            await WarmUpAsync(load, bare.Address, codes, connections, ct);
            await WarmUpAsync(load, analytics.Address, codes, connections, ct);
            List<LoadResult> floor = [], ours = [];
            for (var round = 0; round < Rounds; round++)
            {
                floor.Add(await load.RunAsync(bare.Address, codes, connections, Round, ct));
                var before = await ClicksAsync(database);
                ours.Add(await load.RunAsync(analytics.Address, codes, connections, Round, ct));
                await AssertStoredAsync(database, before, ours[^1].Answers, connections);
            }
            Report(connections, floor.MaxBy(result => result.PerSecond)!, ours.MaxBy(result => result.PerSecond)!);
        }
        await CountExactlyAsync(database, analytics.Address, codes, ct);
    }

    private static async Task WarmUpAsync(LoadGenerator load, Uri address, IReadOnlyList<string> codes, int connections, CancellationToken ct)
    {
        const int AtMost = 6; // on a busy machine
        var redirects = 0L;
        for (var i = 0; i < AtMost && redirects < WarmUp; i++) redirects += (await load.RunAsync(address, codes, connections, TimeSpan.FromSeconds(2), ct)).Answers;
    }

    private static void Report(int connections, LoadResult floor, LoadResult ours)
    {
        Console.WriteLine($"{connections} connections");
        Console.WriteLine($"  bare Kestrel 302   {floor}");
        Console.WriteLine($"  analytics /r/{{code}} {ours}");
        Console.WriteLine($"  ratio              {ours.PerSecond / floor.PerSecond:0.00} (aim 0.60)");
    }

    /// <summary>The generator hangs up with requests under way: those may be stored without having been counted, at most one a connection.</summary>
    private static async Task AssertStoredAsync(TestDatabase database, long before, long redirects, int connections)
    {
        await Eventually.TrueAsync(async () => await ClicksAsync(database) - before >= redirects);
        var stored = await ClicksAsync(database) - before;
        if (stored > redirects + connections) throw new InvalidOperationException($"{redirects} redirects, but {stored} clicks.");
    }

    /// <summary>The same again with a client that waits for every answer: as many rows as redirects, and each sub id is a row.</summary>
    private static async Task CountExactlyAsync(TestDatabase database, Uri address, IReadOnlyList<string> codes, CancellationToken ct)
    {
        await Eventually.TrueAsync(async () =>
        {
            var now = await ClicksAsync(database);
            await Task.Delay(200, ct);
            return now == await ClicksAsync(database); // the hung-up requests are through
        });
        var before = await ClicksAsync(database);
        var subIds = await Visitors.SubIdsAsync(address, codes, Counted, ct);
        await using var owner = await database.OpenAsOwnerAsync();
        var found = await owner.ExecuteScalarAsync<long>("select count(*) from clicks where id = any(@subIds)", new { subIds });
        var rows = await ClicksAsync(database) - before;
        Console.WriteLine($"counted one by one: {Counted} redirects, {rows} new clicks, {found} of the {subIds.Distinct().Count()} sub ids found");
        if (rows != Counted || found != Counted) throw new InvalidOperationException("A redirect without its click, or a click without its redirect.");
    }

    private static Task<ServiceProcess> StartAnalyticsAsync(TestDatabase database, CancellationToken ct)
    {
        var port = ServiceProcess.FreePort();
        List<(string, string)> settings =
        [
            ("HTTP_PORT", $"{port}"),
            ("ConnectionStrings__analytics", database.ConnectionString),
            ("ConnectionStrings__messaging", TestServers.RabbitMq),
            ("ConnectionStrings__redis", TestServers.Redis),
            ("Messaging__Prefix", $"b{Guid.CreateVersion7():n}."),
            ("Empire__InternalKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
            ("Empire__EncryptionKeys", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
            ("Clicks__SpoolFolder", Path.Combine(AppContext.BaseDirectory, "clicks")),
        ];
        foreach (var network in (string[])["Meadow", "Harbor"])
        {
            settings.Add(($"Providers__{network}__BaseAddress", "http://127.0.0.1:9"));
            settings.Add(($"Providers__{network}__Token", "none"));
            settings.Add(($"Providers__{network}__PostbackSecret", "none-of-this-is-called"));
        }
        return ServiceProcess.StartAsync(["Empire.Analytics.dll"], port, "health/ready", settings, ct);
    }

    private static async Task<long> ClicksAsync(TestDatabase database)
    {
        await using var owner = await database.OpenAsOwnerAsync();
        return await owner.ExecuteScalarAsync<long>("select count(*) from clicks");
    }

    private static async Task<IReadOnlyList<string>> AddLinksAsync(TestDatabase database)
    {
        List<string> codes = [];
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        for (var i = 0; i < Links; i++)
        {
            var request = new Contracts.V1.CreateLinkRequest
            {
                LinkKey = $"{i}", Destination = $"https://shop.example/p/{i}?color=red", PublicationId = Guid.CreateVersion7().ToString(), ProductId = Guid.CreateVersion7().ToString(),
            };
            codes.Add((await Analytics.Links.CreateLink.HandleAsync(request, tenant, database.Database, TimeProvider.System, CancellationToken.None)).Code);
        }
        return codes;
    }
}
