using Empire.Tiers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Empire.Tests;

public sealed class TierTableTests
{
    [Fact]
    public void The_table_holds_what_the_price_list_says()
    {
        var tiers = Table();
        Assert.Equal((100, 100, 5, 1, 2, 100), Of(tiers["free"]));
        Assert.Equal((1000, 1000, 50, 5, 20, 1000), Of(tiers["professional"]));
        Assert.Equal((null, null, null, null, null, null), Of(tiers["enterprise"]));
    }

    [Fact]
    public void A_setting_overrides_one_limit_and_an_empty_one_lifts_it()
    {
        var tiers = Table(("Tiers:free:Products", "7"), ("Tiers:free:Stores", ""));
        Assert.Equal((7L, null, 2L), (tiers["free"].Products, tiers["free"].Stores, tiers["free"].Campaigns));
    }

    [Theory]
    [InlineData("pro", "professional")]
    [InlineData(" Free ", "free")]
    [InlineData("enterprise", "enterprise")]
    [InlineData("gold", null)]
    [InlineData(null, null)]
    public void Tiers_are_read_as_clients_write_them(string? text, string? tier) => Assert.Equal(tier, TierTable.Parse(text));

    private static TierTable Table(params (string, string)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Item1, (string?)s.Item2)));
        builder.AddTiers();
        return builder.Services.BuildServiceProvider().GetRequiredService<TierTable>();
    }

    private static (long?, long?, long?, long?, long?, long?) Of(TierLimits t) => (t.ApiCallsPerMonth, t.RequestsPerHour, t.Products, t.Stores, t.Campaigns, t.StorageMegabytes);
}
