using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Empire.Autopilot.Tests.Stubs;
using Empire.Testing;


namespace Empire.Autopilot.Tests;

/// <summary>Autopilot on real servers, with the services it asks scripted over real gRPC and both networks out of reach until a test gives them an address.</summary>
public class AutopilotApp() : ServiceApp<Program>("autopilot")
{
    private StubServices? services;

    public ServiceScript Script => services!.Script;

    /// <summary>Whom identity names as the account that runs the installation; null: nobody, so that no cycle starts by itself.</summary>
    protected virtual TenantId? RunsInstallation => null;

    public override async ValueTask InitializeAsync()
    {
        services = await StubServices.StartAsync();
        Script.Operator = RunsInstallation;
        await base.InitializeAsync();
    }

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("services:identity:grpc:0", services!.Address),
        new("services:content:grpc:0", services.Address),
        new("services:publishing:grpc:0", services.Address),
        new("services:analytics:grpc:0", services.Address),
        new("Providers:Meadow:BaseAddress", "http://127.0.0.1:9/networks/meadow"),
        new("Providers:Meadow:Token", "test"),
        new("Providers:Harbor:BaseAddress", "http://127.0.0.1:9/networks/harbor"),
        new("Providers:Harbor:Token", "test"),
        new("Autopilot:Plan:Products", "3"),
        new("Autopilot:Plan:BlogPosts", "2"),
        new("Autopilot:Plan:SocialPosts", "1"),
        new("Autopilot:Plan:Scripts", "1"),
        new("Autopilot:Plan:Recipes", "1"),
        new("Autopilot:Cycles:Lease", "00:00:02"),
    ];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (services is not null) await services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Uploads a feed of products in one niche.</summary>
    public static async Task<JsonElement> UploadAsync(HttpClient client, params string[] names)
    {
        var rows = names.Select((name, i) => $"{name},{name} thing,Brindle,kitchen,{10 + i}.50,USD,https://shop.example/{name},A thing.,");
        using var body = new StringContent($"id,name,brand,niche,price,currency,url,description,features\n{string.Join('\n', rows)}", Encoding.UTF8, "text/csv");
        using var response = await client.PostAsync("/api/v1/autopilot/feeds", body);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static async Task<string> StartAsync(HttpClient client, string feedId)
    {
        using var response = await client.PostAsJsonAsync("/api/v1/autopilot/cycles", new { feed_id = feedId });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("cycle_id").GetString()!;
    }

    public static Task<JsonElement> ReadAsync(HttpClient client, string cycle) => client.GetFromJsonAsync<JsonElement>($"/api/v1/autopilot/cycles/{cycle}");

    /// <returns>The cycle, once it is in that state.</returns>
    public static async Task<JsonElement> UntilAsync(HttpClient client, string cycle, string state)
    {
        JsonElement seen = default;
        await Eventually.TrueAsync(async () => (seen = await ReadAsync(client, cycle)).GetProperty("state").GetString() == state);
        return seen;
    }

    public static JsonElement Step(JsonElement cycle, string name) =>
        cycle.GetProperty("steps").EnumerateArray().Single(step => step.GetProperty("name").GetString() == name);
}
