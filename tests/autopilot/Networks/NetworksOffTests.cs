using System.Text.Json;

namespace Empire.Autopilot.Tests.Networks;

/// <summary>An installation with a contract with one network, or with none.</summary>
public sealed class NetworksOffTests
{
    /// <summary>Of a network that is not off nobody is at the address.</summary>
    private sealed class OffApp(params string[] off) : AutopilotApp
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [.. base.Settings, .. off.SelectMany(network => new KeyValuePair<string, string>[] { new($"Providers:{network}:Off", "true"), new($"Providers:{network}:Token", "") })];
    }

    [Fact]
    public async Task A_cycle_without_any_network_completes_and_advertises_nothing()
    {
        await using var app = new OffApp("Meadow", "Harbor");
        await app.InitializeAsync();
        using var client = app.OwnerClient();
        await AutopilotApp.UploadAsync(client, "mine"); // of the owner's own feed, which a cycle of networks does not take from
        Assert.Empty(await NetworksApp.FetchAsync(client));
    }

    [Fact]
    public async Task Only_a_network_that_is_on_can_be_away()
    {
        await using var sandbox = new NetworksSandbox();
        sandbox.Start();
        await using var app = new OneApp(sandbox.Address);
        await app.InitializeAsync();
        using var client = app.OwnerClient();
        var (network, source) = Assert.Single(await NetworksApp.FetchAsync(client));
        Assert.Equal(("meadow", JsonValueKind.Null), (network, source.GetProperty("error").ValueKind));
    }

    private sealed class OneApp(Uri sandbox) : AutopilotApp
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [.. base.Settings, new("Providers:Meadow:BaseAddress", $"{sandbox}networks/meadow"), new("Providers:Meadow:Sandbox", "true"), new("Providers:Harbor:Off", "true")];
    }
}
