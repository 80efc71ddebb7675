using Dapper;
using Empire.Payments.Intake;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Empire.Payments.Tests.Intake;

public sealed class PressureTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Fact]
    public async Task What_is_stored_waits_while_webhooks_have_to_and_a_moment_longer()
    {
        var (clock, options) = (new TestClock(), new IntakeOptions { Writers = 1 });
        var log = new EventLog(app.Database, app.Services.GetServices<PaymentProvider>(), new TaskSignal(), Options.Create(options), clock);
        Task<bool> first, second;
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
        {
            await using var busy = await owner.BeginTransactionAsync();
            await owner.ExecuteAsync("lock table provider_events");
            first = log.StoreAsync(Told("first"), CancellationToken.None);
            Assert.False(log.IsPressed);
            second = log.StoreAsync(Told("second"), CancellationToken.None);
            Assert.True(log.IsPressed);
        }
        Assert.All(await Task.WhenAll(first, second), Assert.True);
        Assert.True(log.IsPressed); // the next may be on its way
        clock.Advance(options.PressedFor);
        Assert.False(log.IsPressed);
    }

    private static ProviderEvent Told(string id) => new("stripe", $"evt_pressure_{id}", "ping", id, TimeProvider.System.GetUtcNow(), "{}", EventSource.Webhook, true);
}
