using Empire.Data;
using Empire.Http;
using Empire.Testing;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Empire.Tests.Messaging;

/// <summary>The test project as a service of its own, "shop": one database and one set of queues, with as many replicas as a test starts.</summary>
public sealed class Shop : IAsyncDisposable
{
    private readonly string prefix = $"t{Guid.CreateVersion7():n}.";
    private readonly List<WebApplication> replicas = [];

    public TestDatabase Test { get; private init; } = null!;
    public Database Database => Test.Database;
    public Behaviour Behaviour { get; } = new();
    public TenantId Tenant { get; } = new(Guid.CreateVersion7());

    public static async Task<Shop> OpenAsync() => new() { Test = await TestDatabase.CreateAsync("shop", typeof(Shop).Assembly) };

    /// <summary>Starts a replica and waits until its queues are there.</summary>
    public async Task<WebApplication> StartAsync(string? broker = null, TimeProvider? clock = null, params (string Key, string Value)[] settings)
    {
        var app = Build(broker, clock, settings);
        await app.StartAsync();
        replicas.Add(app);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await app.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, patience.Token);
        return app;
    }

    public WebApplication Build(string? broker = null, TimeProvider? clock = null, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(Shop).Assembly.GetName().Name, EnvironmentName = "Testing" });
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:shop"] = Test.ConnectionString,
            ["ConnectionStrings:messaging"] = broker ?? TestServers.RabbitMq,
            ["Empire:InternalKey"] = TestServers.InternalKey,
            ["Messaging:Prefix"] = prefix,
            ["Messaging:RetryAfter:0"] = "00:00:00.010",
            ["Messaging:RetryAfter:1"] = "00:00:00.020",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        if (clock is not null) builder.Services.AddSingleton(clock);
        builder.AddServiceDefaults("shop");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(Behaviour);
        builder.AddDatabase("shop");
        builder.AddMessaging(typeof(Shop).Assembly);
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapMessaging();
        return app;
    }

    public HttpClient ClientOf(WebApplication replica, TenantId tenant, string role)
    {
        var client = replica.GetTestClient();
        client.DefaultRequestHeaders.Add(CallerToken.Header, replica.Services.GetRequiredService<CallerToken>().Sign(new(tenant, "user:test", role)));
        return client;
    }

    /// <summary>Commits one <see cref="NoteWritten"/> per note, each in its own transaction, for <paramref name="tenant"/> or <see cref="Tenant"/>.</summary>
    public async Task<Guid[]> WriteAsync(int notes, TenantId? tenant = null, Database? from = null)
    {
        var ids = Enumerable.Range(0, notes).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var id in ids)
        {
            await using var work = await (from ?? Database).BeginAsync(tenant ?? Tenant, default);
            work.Publish(new NoteWritten { NoteId = id, Text = "hello" });
            await work.CommitAsync(default);
        }
        return ids;
    }

    /// <summary>Every handling that was committed, by any replica, for any tenant.</summary>
    internal async Task<IReadOnlyList<Handled>> HandledAsync(string queue)
    {
        await using var work = await Database.BeginSystemAsync(default);
        return await work.QueryAsync<Handled>("select tenant_id, note_id, queue, trace_id, actor from handled where queue = @queue", new { queue });
    }

    public async Task<long> CountAsync(string table)
    {
        await using var work = await Database.BeginSystemAsync(default);
        return await work.QuerySingleAsync<long>($"select count(*) from {table}");
    }

    public Task HandledOnceAsync(IReadOnlyCollection<Guid> notes, string queue = "shop.note-written") =>
        Eventually.TrueAsync(async () =>
        {
            var handled = await HandledAsync(queue);
            return notes.All(note => handled.Count(row => row.NoteId == note) == 1) && handled.Count == notes.Count;
        });

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in replicas)
        {
            await replica.StopAsync();
            await TestBroker.CleanAsync(replica.Services);
            await replica.DisposeAsync();
        }
        await Test.DisposeAsync();
    }
}
