using System.Net.Http.Json;
using System.Text.Json;
using Empire.Payments.Ledger.Checking;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Ledger.Checking;

/// <summary>Whose books are checked every ten minutes.</summary>
public sealed class SeldomCheckedApp : PaymentsApp
{
    public override TestClock Clock { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Ledger:CheckEvery", "00:10:00")];
}

public sealed class SeldomCheckedTests(SeldomCheckedApp app) : IClassFixture<SeldomCheckedApp>
{
    [Fact]
    public async Task Books_are_sound_for_as_long_as_the_next_turn_may_take()
    {
        Assert.NotNull(await app.Services.GetRequiredService<LedgerCheck>().NowAsync(whole: true, CancellationToken.None));
        app.Clock.Advance(TimeSpan.FromMinutes(9)); // before the next turn
        Assert.Equal("healthy", (await app.OwnerClient().GetFromJsonAsync<JsonElement>("/health/business")).GetProperty("checks").GetProperty("books_without_drift").GetProperty("status").GetString());
    }
}
