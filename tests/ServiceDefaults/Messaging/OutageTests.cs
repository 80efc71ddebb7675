using Empire.Shop;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Empire.Tests.Messaging;

/// <summary>The broker or the database goes away and comes back: nothing is lost, nothing is done twice.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private ShopFixture shop = null!;

    public async ValueTask InitializeAsync() => shop = await ShopFixture.OpenAsync();
    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task While_the_broker_is_away_events_stay_in_the_outbox_and_go_out_when_it_is_back()
    {
        await using var line = FaultyTcpProxy.ToRabbitMq(out var broker);
        var app = await shop.StartAsync(broker, settings: ("Messaging:PublishTimeout", "00:00:00.500"));
        var before = await shop.WriteAsync(5);
        await shop.HandledOnceAsync(before, "shop.note-filed");
        await Eventually.EqualAsync(0L, () => shop.CountAsync("kernel.outbox"));

        line.Cut();
        var during = await shop.WriteAsync(20);
        await Eventually.TrueAsync(async () => await HealthAsync(app.Services, "messaging") == HealthStatus.Degraded && line.Refused >= 2);
        Assert.Equal(20, await shop.CountAsync("kernel.outbox"));

        line.Restore();
        await shop.HandledOnceAsync([.. before, .. during]);
        await Eventually.TrueAsync(async () => await HealthAsync(app.Services, "messaging") == HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_line_that_drops_again_and_again_loses_and_repeats_nothing()
    {
        await using var line = FaultyTcpProxy.ToRabbitMq(out var broker);
        await shop.StartAsync(broker, settings: ("Messaging:PublishTimeout", "00:00:01"));
        var notes = new List<Guid>();
        for (var round = 0; round < 4; round++)
        {
            notes.AddRange(await shop.WriteAsync(40));
            line.Drop();
        }
        await shop.HandledOnceAsync(notes);
        await shop.HandledOnceAsync(notes, "shop.note-filed");
    }

    [Fact]
    public async Task A_service_whose_broker_is_not_there_yet_starts_and_catches_up()
    {
        await using var line = FaultyTcpProxy.ToRabbitMq(out var broker);
        line.Cut();
        var app = shop.Build(broker);
        await app.StartAsync();
        var notes = await shop.WriteAsync(3);
        Assert.Equal(3, await shop.CountAsync("kernel.outbox"));
        line.Restore();
        await shop.HandledOnceAsync(notes);
        await app.StopAsync();
        await TestBroker.CleanAsync(app.Services);
        await app.DisposeAsync();
    }

    /// <summary>The client gives up in the middle of its handshake: another kind of failure than a broker that is not there.</summary>
    [Fact]
    public async Task A_service_whose_broker_was_too_busy_to_greet_it_connects_or_ends_to_be_started_anew()
    {
        await using var line = FaultyTcpProxy.ToRabbitMq(out var broker);
        line.Silence();
        var app = shop.Build(broker, settings: ("Messaging:StuckAfter", "00:00:03"));
        await app.StartAsync();
        var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await Eventually.TrueAsync(() => Task.FromResult(line.Unanswered >= 3), TimeSpan.FromSeconds(60)); // the bus, and twice the watch: it was not greeted the first time
        Assert.False(stopping.IsCancellationRequested);
        line.RestoreForNewOnes();
        await Eventually.TrueAsync(() => Task.FromResult(stopping.IsCancellationRequested), TimeSpan.FromSeconds(60));
        await app.StopAsync();
        await TestBroker.CleanAsync(app.Services);
        await app.DisposeAsync();
    }

    [Fact]
    public async Task While_the_database_is_away_messages_wait_at_their_handler_instead_of_failing()
    {
        var real = new NpgsqlConnectionStringBuilder(TestServers.Postgres);
        await using var line = new FaultyTcpProxy(real.Host!, real.Port);
        var throughTheLine = new NpgsqlConnectionStringBuilder(shop.Test.ConnectionString) { Host = "127.0.0.1", Port = line.Port };
        var app = await shop.StartAsync(settings: [("ConnectionStrings:shop", throughTheLine.ConnectionString), ("Messaging:PollEvery", "00:00:00.100")]);
        var note = Guid.CreateVersion7();
        var stored = Empire.Messaging.OutgoingEvent.From(new NoteWritten { NoteId = note, Text = "late" }, shop.Tenant, TimeProvider.System.GetUtcNow());

        line.Cut();
        await app.Services.GetRequiredService<Empire.Messaging.EventPublisher>().PublishAsync([stored], default);
        // Each look is an attempt too; by then the message has met the cut more often than it would be retried.
        await Eventually.TrueAsync(async () => await HealthAsync(app.Services, "database") == HealthStatus.Unhealthy && line.Refused >= 30);
        line.Restore();

        await shop.HandledOnceAsync([note]);
        Assert.Equal(0, await shop.CountAsync("kernel.message_failures"));
    }

    private static async Task<HealthStatus> HealthAsync(IServiceProvider services, string check) =>
        (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(registration => registration.Name == check)).Status;
}
