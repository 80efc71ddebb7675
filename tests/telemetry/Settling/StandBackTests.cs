using Empire.Telemetry.Ingest;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Telemetry.Tests.Settling;

/// <summary>Settling stands back for ten minutes, or for half a second.</summary>
public sealed class PatientApp : TelemetryApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Settling:StandBackAt", "1000000"), new("Settling:StandBack", "00:10:00")];
}

public sealed class HastyApp : TelemetryApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Settling:StandBackAt", "1000000"), new("Settling:StandBack", "00:00:00.500")];
}

/// <summary>While samples come in faster than usual, sums wait, but not for ever.</summary>
public sealed class StandBackTests(PatientApp patient, HastyApp hasty) : IClassFixture<PatientApp>, IClassFixture<HastyApp>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Sums_wait_while_much_comes_in_and_are_made_afterwards()
    {
        var host = new Host();
        await using (new Press(patient))
        {
            await patient.StoreAsync([host.Batch(Now.AddHours(-1), 30, (_, n) => n)]);
            for (var turn = 0; turn < 100; turn++) Assert.False(await patient.Settler.SettleOneAsync(TestContext.Current.CancellationToken)); // though there is something to settle
            Assert.Equal(0, await SummedAsync(patient, host));
        }
        await Eventually.EqualAsync(30L, () => SummedAsync(patient, host));
    }

    [Fact]
    public async Task Sums_that_have_waited_long_enough_are_made_however_much_comes_in()
    {
        var host = new Host();
        await using var press = new Press(hasty);
        await hasty.StoreAsync([host.Batch(Now.AddHours(-1), 30, (_, n) => n)]);
        await Eventually.EqualAsync(30L, () => SummedAsync(hasty, host));
        Assert.True(press.Holds);
    }

    private static Task<long> SummedAsync(TelemetryApp app, Host host) =>
        app.SeeAsync<long>("select coalesce(sum(r.samples), 0)::bigint from rollups_day r join gpus g on g.id = r.gpu_id where g.agent_id = @Id", new { host.Id });

    /// <summary>A rush of samples for as long as it lives.</summary>
    private sealed class Press : IAsyncDisposable
    {
        private const long Rush = 1_000_000_000_000_000_000; // takes seconds to fade, should this process get no time

        private readonly CancellationTokenSource over = new();
        private readonly Inflow inflow;
        private readonly Task rush;

        public Press(TelemetryApp app)
        {
            inflow = app.Services.GetRequiredService<Inflow>();
            inflow.Add(Rush);
            rush = RushAsync();
        }

        public bool Holds => inflow.PerSecond >= 1_000_000;

        public async ValueTask DisposeAsync()
        {
            await over.CancelAsync();
            await rush;
            over.Dispose();
        }

        private async Task RushAsync()
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            try
            {
                while (await timer.WaitForNextTickAsync(over.Token)) inflow.Add(Rush);
            }
            catch (OperationCanceledException) { }
        }
    }
}
