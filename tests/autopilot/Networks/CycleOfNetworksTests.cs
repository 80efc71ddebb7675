using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Empire.Autopilot.Tests.Networks;

/// <summary>Both networks, as the sandbox plays them; a test may put something else in Harbor's place.</summary>
public sealed class NetworksApp : AutopilotApp
{
    public NetworksSandbox Sandbox { get; } = new();

    public Uri? InPlaceOfHarbor { get; init; }

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        .. base.Settings,
        new("Providers:Meadow:BaseAddress", $"{Sandbox.Address}networks/meadow"),
        new("Providers:Meadow:Sandbox", "true"),
        new("Providers:Harbor:BaseAddress", $"{InPlaceOfHarbor ?? new(Sandbox.Address, "networks/harbor")}"),
        new("Providers:Harbor:Sandbox", "true"),
    ];

    public override async ValueTask InitializeAsync()
    {
        Sandbox.Start();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    /// <returns>What the cycle's fetch did, by network; the cycle has completed.</returns>
    public static async Task<Dictionary<string, JsonElement>> FetchAsync(HttpClient client)
    {
        using var started = await client.PostAsJsonAsync("/api/v1/autopilot/cycles", new { });
        started.EnsureSuccessStatusCode();
        var id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("cycle_id").GetString()!;
        var cycle = await UntilAsync(client, id, "completed");
        return Step(cycle, "fetch").GetProperty("evidence").GetProperty("sources").EnumerateArray().ToDictionary(source => source.GetProperty("network").GetString()!);
    }
}

public sealed class CycleOfNetworksTests(NetworksApp app) : IClassFixture<NetworksApp>
{
    [Fact]
    public async Task Each_network_fills_the_catalogue_and_a_repeat_updates_and_doubles_nothing()
    {
        using var client = NewTenant();
        var first = await NetworksApp.FetchAsync(client);
        var catalogue = await CatalogueAsync(client);
        foreach (var network in (string[])["meadow", "harbor"])
        {
            var source = first[network];
            Assert.Equal(JsonValueKind.Null, source.GetProperty("error").ValueKind);
            Assert.Equal((0, source.GetProperty("products").GetInt32()), (source.GetProperty("rejected").GetInt32(), source.GetProperty("new").GetInt32()));
            Assert.Equal(source.GetProperty("products").GetInt32(), catalogue.Count(product => product.GetProperty("network").GetString() == network));
            Assert.True(catalogue.Count(product => product.GetProperty("network").GetString() == network) > 100); // more than one of Harbor's pages
        }
        Assert.All(catalogue, product => Assert.InRange(product.GetProperty("commission_rate").GetDecimal(), 0.001m, 0.9m)); // percent became a share

        var again = await NetworksApp.FetchAsync(client);
        Assert.All(again.Values, source => Assert.Equal((0, 0), (source.GetProperty("new").GetInt32(), source.GetProperty("changed").GetInt32())));
        Assert.Equal(catalogue.Count, (await CatalogueAsync(client)).Count);
    }

    [Theory]
    [InlineData("harbor", "meadow", "500")]
    [InlineData("harbor", "meadow", "malformed")]
    [InlineData("harbor", "meadow", "cut_after")]
    [InlineData("meadow", "harbor", "429")]
    [InlineData("meadow", "harbor", "cut_before")]
    public async Task A_network_that_fails_does_not_stop_the_other(string failing, string good, string fault)
    {
        await using var own = new NetworksApp();
        await own.InitializeAsync();
        await own.Sandbox.BreakAsync(failing, fault);
        using var asking = own.OwnerClient();
        var fetched = await NetworksApp.FetchAsync(asking);
        Assert.NotEqual(JsonValueKind.Null, fetched[failing].GetProperty("error").ValueKind);
        Assert.True(fetched[good].GetProperty("new").GetInt32() > 100);
        await own.Sandbox.MendAsync();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"data": null, "page": {"total_pages": 1}}""")]
    [InlineData(null)] // the line breaks in the middle of the answer
    public async Task An_answer_that_is_no_page_of_products_is_that_networks_error_alone(string? answer)
    {
        await using var odd = await OddNetworkAsync(() => answer);
        await using var own = new NetworksApp { InPlaceOfHarbor = AddressOf(odd) };
        await own.InitializeAsync();
        using var client = own.OwnerClient();
        var fetched = await NetworksApp.FetchAsync(client);
        Assert.StartsWith("Harbor answered", fetched["harbor"].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.True(fetched["meadow"].GetProperty("new").GetInt32() > 100);
    }

    [Fact]
    public async Task What_a_network_no_longer_offers_is_not_advertised_and_an_empty_answer_withdraws_nothing()
    {
        var offered = new[] { Offer("kettle"), Offer("grinder") };
        await using var changing = await OddNetworkAsync(() => $$"""{"page": {"total_pages": 1}, "data": [{{string.Join(',', offered)}}]}""");
        await using var own = new NetworksApp { InPlaceOfHarbor = AddressOf(changing) };
        await own.InitializeAsync();
        using var client = own.OwnerClient();
        Assert.Equal(2, (await NetworksApp.FetchAsync(client))["harbor"].GetProperty("new").GetInt32());

        offered = [Offer("kettle"), """{"sku": "cut", "title": "Cut \ud83d"}"""]; // half an emoji: one row that cannot be read
        Assert.Equal((1, 0), await WithdrawnAsync()); // one in two: the feed is taken for broken
        offered = [Offer("kettle")];
        Assert.Equal((0, 1), await WithdrawnAsync());
        Assert.Equal(["kettle"], await InStockAsync());
        offered = [];
        Assert.Equal((0, 0), await WithdrawnAsync());
        Assert.Equal(["kettle"], await InStockAsync());

        async Task<(int Rejected, int Withdrawn)> WithdrawnAsync()
        {
            var source = (await NetworksApp.FetchAsync(client))["harbor"];
            Assert.Equal(JsonValueKind.Null, source.GetProperty("error").ValueKind);
            return (source.GetProperty("rejected").GetInt32(), source.GetProperty("withdrawn").GetInt32());
        }

        async Task<IEnumerable<string>> InStockAsync()
        {
            await using var database = await own.TestDatabase.OpenAsOwnerAsync();
            return await database.QueryAsync<string>("select external_id from products where network = 'harbor' and in_stock order by 1");
        }

        static string Offer(string sku) =>
            $$"""{"sku": "{{sku}}", "title": "A {{sku}}", "brand": "Alder", "vertical": "kitchen", "price": {"amount": "39.00", "currency": "USD"}, "landing_url": "https://harbor.example/{{sku}}", "commission": {"rate": "8"}, "inventory": 5}""";
    }

    [Fact]
    public async Task A_network_whose_sales_report_cannot_be_read_leaves_the_collection_incomplete_and_the_cycle_ends()
    {
        await using var own = new NetworksApp();
        await own.InitializeAsync();
        own.Script.Incomplete = ["meadow"];
        using var client = own.OwnerClient();
        var feed = await AutopilotApp.UploadAsync(client, "n1");
        var cycle = await AutopilotApp.UntilAsync(client, await AutopilotApp.StartAsync(client, feed.GetProperty("feed_id").GetString()!), "completed");
        Assert.Equal("meadow", AutopilotApp.Step(cycle, "collect").GetProperty("evidence").GetProperty("incomplete")[0].GetString());
        Assert.Equal("succeeded", AutopilotApp.Step(cycle, "compute").GetProperty("state").GetString());
    }

    private static async Task<List<JsonElement>> CatalogueAsync(HttpClient client)
    {
        var rows = new List<JsonElement>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/autopilot/products?limit=100{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}");
            rows.AddRange(page.GetProperty("data").EnumerateArray());
            cursor = page.GetProperty("next_cursor").GetString();
        }
        return rows;
    }

    private static Uri AddressOf(WebApplication server) => new(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <param name="answer">To every request, with 200; null breaks the line in the middle of one.</param>
    private static async Task<WebApplication> OddNetworkAsync(Func<string?> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        server.Run(async http =>
        {
            http.Response.ContentType = "application/json";
            if (answer() is { } words)
            {
                await http.Response.WriteAsync(words);
                return;
            }
            http.Response.ContentLength = 1_000;
            await http.Response.WriteAsync("""{"data": [""");
            await http.Response.Body.FlushAsync();
            http.Abort();
        });
        await server.StartAsync();
        return server;
    }

    private HttpClient NewTenant() => app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()));
}
