using System.Diagnostics;
using Empire.Data;
using Empire.Http;
using Empire.Shop;
using Empire.Testing;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Tests.Messaging;

/// <summary>The shop on a database and a set of queues of its own, with as many replicas as a test starts.</summary>
public sealed class ShopFixture : IAsyncDisposable
{
    private readonly string prefix = $"t{Guid.CreateVersion7():n}.";
    private readonly List<WebApplication> replicas = [];

    public TestDatabase Test { get; private init; } = null!;
    public Database Database => Test.Database;
    public Behaviour Behaviour { get; } = new();
    public TenantId Tenant { get; } = new(Guid.CreateVersion7());

    public static async Task<ShopFixture> OpenAsync() => new() { Test = await TestDatabase.CreateAsync("shop", typeof(ShopService).Assembly) };

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
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(ShopService).Assembly.GetName().Name, EnvironmentName = "Testing" });
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(Settings(broker));
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        if (clock is not null) builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(Behaviour);
        return ShopService.Build(builder);
    }

    /// <summary>Starts a replica as a process of its own, which the test may kill or let die.</summary>
    /// <param name="faults">The folder in which fault points are armed.</param>
    public Process StartProcess(string faults)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Empire.Shop.dll")]) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (key, value) in Settings(broker: null)) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        start.Environment["Messaging__StuckAfter"] = "00:00:10";
        (start.Environment["EMPIRE_FAULTS"], start.Environment["DOTNET_ENVIRONMENT"], start.Environment["HTTP_PORT"]) = (faults, "Testing", "0");
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { }; // a full pipe would stop it
        process.BeginOutputReadLine();
        return process;
    }

    public HttpClient ClientOf(WebApplication replica, TenantId tenant, string role, bool isOperator = false)
    {
        var client = replica.GetTestClient();
        client.DefaultRequestHeaders.Add(CallerToken.Header, replica.Services.GetRequiredService<CallerToken>().Sign(new(tenant, "user:test", role, isOperator)));
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
    public async Task<IReadOnlyList<Handled>> HandledAsync(string queue)
    {
        await using var work = await Database.BeginSystemAsync(default);
        return await work.QueryAsync<Handled>("select tenant_id, note_id, queue, trace_id, actor from handled where queue = @queue", new { queue });
    }

    private Dictionary<string, string?> Settings(string? broker) => new()
    {
        ["ConnectionStrings:shop"] = Test.ConnectionString,
        ["ConnectionStrings:messaging"] = broker ?? TestServers.RabbitMq,
        ["Empire:InternalKey"] = TestServers.InternalKey,
        ["Messaging:Prefix"] = prefix,
        ["Messaging:RetryAfter:0"] = "00:00:00.010",
        ["Messaging:RetryAfter:1"] = "00:00:00.020",
        ["Logging:LogLevel:Default"] = "None",
        ["Logging:LogLevel:Npgsql"] = "None",
    };

    public async Task<long> CountAsync(string table)
    {
        await using var work = await Database.BeginSystemAsync(default);
        return await work.QuerySingleAsync<long>($"select count(*) from {table}");
    }

    /// <summary>Waits until exactly these notes are handled, each once.</summary>
    public Task HandledOnceAsync(IReadOnlyCollection<Guid> notes, string queue = "shop.note-written") =>
        Eventually.TrueAsync(async () => (await HandledAsync(queue)).Select(row => row.NoteId).Order().SequenceEqual(notes.Order()));

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
