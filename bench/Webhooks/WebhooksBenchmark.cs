using System.Diagnostics;
using System.Security.Cryptography;
using Dapper;
using Empire.Testing;

namespace Empire.Bench.Webhooks;

/// <summary>Stripe's webhooks through the service as it runs: verified, stored for good, answered, and taken in behind that; against a Kestrel that only inserts.</summary>
internal sealed class WebhooksBenchmark : IBenchmark
{
    private const int Rounds = 2, Connections = 64, EventsARound = 100_000, Payments = 20_000;
    private const string Secret = "whsec_benchmark";
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5), WarmUp = TimeSpan.FromSeconds(4);

    public string Name => "webhooks";
    public string Summary => "Stripe's webhooks verified, stored and answered, against a bare Kestrel that inserts each body";

    public async Task RunAsync(CancellationToken ct)
    {
        if (!Wrk.IsInstalled) throw new InvalidOperationException("This benchmark needs wrk: apt-get install wrk.");
        await using var database = await TestDatabase.CreateAsync("payments", typeof(Empire.Payments.Intake.EventLog).Assembly);
        await using var owner = await database.OpenAsOwnerAsync();
        await owner.ExecuteAsync(BareWebhooks.Table);
        string[] known = [.. Enumerable.Range(0, Payments).Select(number => $"pi_benchmark{number}")];
        using var events = new SignedEvents(Secret, known);
        await using var bare = await StartBareAsync(database, ct);
        await using var payments = await StartPaymentsAsync(database, ct);
        await owner.ExecuteAsync(
            """
            insert into payments (id, tenant_id, provider, purpose, amount_micros, currency, description, provider_ref, test, created_at, updated_at)
            select gen_random_uuid(), @tenant, 'stripe', 'sale', 97000000, 'USD', 'A sale', reference, false, now(), now() from unnest(@known) as reference
            """, new { tenant = Guid.CreateVersion7(), known });
        var durable = await owner.ExecuteScalarAsync<string>("select 'fsync ' || current_setting('fsync') || ', synchronous_commit ' || current_setting('synchronous_commit')");
        Console.WriteLine($"wrk, one thread, {Connections} connections; {Environment.ProcessorCount} cores; PostgreSQL with {durable}; {Rounds} rounds of {Round.TotalSeconds} s each, taken in turn; the best counts");

        (Uri Floor, Uri Ours) to = (new(bare.Address, "webhooks"), new(payments.Address, "api/v1/revenue/webhooks/stripe"));
        await SendAsync(events, to.Floor, WarmUp, ct);
        await SendAsync(events, to.Ours, WarmUp, ct);
        await DrainedAsync(database);
        var (before, untaken, drain) = (payments.ResidentBytes, 0L, TimeSpan.Zero);
        List<LoadResult> floor = [], ours = [];
        for (var round = 0; round < Rounds; round++)
        {
            floor.Add(await SendAsync(events, to.Floor, Round, ct));
            var stored = await StoredAsync(database);
            ours.Add(await SendAsync(events, to.Ours, Round, ct));
            if (await StoredAsync(database) - stored < ours[^1].Answers) throw new InvalidOperationException("More was answered 200 than is stored.");
            var started = Stopwatch.GetTimestamp();
            untaken = Math.Max(untaken, await UntakenAsync(database));
            await DrainedAsync(database);
            drain = TimeSpan.FromTicks(Math.Max(drain.Ticks, Stopwatch.GetElapsedTime(started).Ticks));
        }
        var (most, best) = (floor.MaxBy(result => result.PerSecond)!, ours.MaxBy(result => result.PerSecond)!);
        Console.WriteLine($"  bare INSERT          {most}");
        Console.WriteLine($"  payments             {best}");
        Console.WriteLine($"  ratio                {best.PerSecond / most.PerSecond,9:0.00} (aim 0.60)");
        Console.WriteLine($"  every second event is about a payment; taken in behind it: at most {untaken} waited at the end of a round, and {drain.TotalSeconds:0.0} s later none");
        Console.WriteLine($"  memory: {before / 1e6:0} MB after warming up, {payments.ResidentBytes / 1e6:0} MB after {ours.Sum(result => result.Answers)} more webhooks");
    }

    private static async Task<LoadResult> SendAsync(SignedEvents events, Uri address, TimeSpan time, CancellationToken ct) =>
        await Wrk.RunAsync(address, Connections, time, ct, "-s", events.Write(EventsARound, TimeProvider.System.GetUtcNow()));

    private static Task DrainedAsync(TestDatabase database) => Eventually.EqualAsync(0L, () => UntakenAsync(database), TimeSpan.FromMinutes(2));

    private static Task<long> StoredAsync(TestDatabase database) => CountAsync(database, "select count(*) from provider_events");

    private static Task<long> UntakenAsync(TestDatabase database) => CountAsync(database, "select count(*) from provider_tasks");

    private static async Task<long> CountAsync(TestDatabase database, string sql)
    {
        await using var owner = await database.OpenAsOwnerAsync();
        return await owner.ExecuteScalarAsync<long>(sql);
    }

    private static Task<ServiceProcess> StartBareAsync(TestDatabase database, CancellationToken ct)
    {
        var port = ServiceProcess.FreePort();
        var pooled = new Npgsql.NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 30, MaxAutoPrepare = 50 }; // as a service's own
        return ServiceProcess.StartAsync(["Empire.Bench.dll", BareWebhooks.Verb, $"{port}", pooled.ConnectionString], port, "ready", [], ct);
    }

    private static Task<ServiceProcess> StartPaymentsAsync(TestDatabase database, CancellationToken ct)
    {
        var (port, nobody) = (ServiceProcess.FreePort(), "http://127.0.0.1:9/");
        return ServiceProcess.StartAsync(["Empire.Payments.dll"], port, "health/ready",
        [
            ("HTTP_PORT", $"{port}"), ("ConnectionStrings__payments", database.ConnectionString), ("ConnectionStrings__messaging", TestServers.RabbitMq), ("ConnectionStrings__redis", TestServers.Redis),
            ("Messaging__Prefix", $"b{Guid.CreateVersion7():n}."), ("Empire__InternalKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
            ("Empire__EncryptionKeys", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))), ("services__identity__grpc__0", nobody),
            ("Providers__Stripe__BaseAddress", nobody), ("Providers__Stripe__SecretKey", "sk_live_benchmark"), ("Providers__Stripe__WebhookSecret", Secret),
            ("Providers__Flutterwave__BaseAddress", nobody), ("Providers__Flutterwave__SecretKey", "none"), ("Providers__Flutterwave__SecretHash", "none-of-this-is-called"),
            ("Providers__NowPayments__BaseAddress", nobody), ("Providers__NowPayments__ApiKey", "none"), ("Providers__NowPayments__IpnSecret", "none-of-this-is-called"),
        ], ct);
    }
}
