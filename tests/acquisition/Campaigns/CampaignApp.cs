extern alias Analytics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Empire.Http;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Acquisition.Tests.Campaigns;

/// <summary>Acquisition with the real analytics beside it, both on one bus: links, clicks and sales are counted by the program that counts them in an installation.</summary>
public sealed class CampaignApp : AcquisitionApp
{
    public const string Path = "/api/v1/acquisition/campaigns";
    private readonly KeyValuePair<string, string>[] shared = [new("Messaging:Prefix", $"t{Guid.CreateVersion7():n}."), new("Empire:InternalKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)))];
    private readonly CountingApp counting;

    public CampaignApp() => counting = new(shared);

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, .. shared, new("services:analytics:grpc:0", "http://analytics")];

    protected override void ConfigureServices(IServiceCollection services) =>
        services.AddHttpClient(typeof(Contracts.V1.Analytics.AnalyticsClient).FullName!).ConfigurePrimaryHttpMessageHandler(() => counting.Server.CreateHandler());

    public override async ValueTask InitializeAsync()
    {
        await counting.InitializeAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await counting.DisposeAsync();
    }

    public TenantId NewTenant() => TenantId.New(TimeProvider.System.GetUtcNow());

    /// <param name="tier">As the gateway says it; null says nothing.</param>
    public HttpClient ClientOf(TenantId tenant, string? tier, string role = "owner") => CreateDefaultClient(new Signing(this, new(tenant, "user:test", role, Tier: tier)));

    /// <returns>cmp_….</returns>
    public async Task<string> CreateAsync(HttpClient client, string name = "Spring sale", string channel = "google_ads", decimal budget = 100, string currency = "USD", string? destination = null)
    {
        using var answer = await client.PostAsJsonAsync(Path, new { name, channel, budget, currency, status = "active", destination });
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!["id"]!.GetValue<string>();
    }

    /// <summary>Follows a link as a browser does, or as a program that says nothing of itself.</summary>
    /// <returns>What the shop gets as the visit's name.</returns>
    public Task<string> ClickAsync(string code, bool bot = false) => counting.ClickAsync(code, bot);

    /// <summary>The network tells of a sale, or of its return.</summary>
    public Task SellAsync(string subId, string commission, string status = "approved", string currency = "USD") => counting.SellAsync(subId, commission, status, currency);

    /// <param name="query">With its question mark; "" asks for everything.</param>
    public async Task<JsonElement> FiguresAsync(HttpClient client, string query)
    {
        using var answer = await client.GetAsync($"/api/marketing/analytics{query}");
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>As another service's outbox would hand it over.</summary>
    public async Task TellAsync<TEvent>(TenantId tenant, TEvent fact) where TEvent : class
    {
        await using var work = await Database.BeginAsync(tenant, CancellationToken.None);
        work.Publish(fact);
        await work.CommitAsync(CancellationToken.None);
    }

    /// <summary>The costs of advertising that analytics heard of, in one line each.</summary>
    public Task<string?> ToldOfCostsAsync(TenantId tenant) => counting.ReadAsync<string>(
        "select string_agg(concat_ws(' ', category, platform, micros, currency, description), '; ') from costs where tenant_id = @tenant and category = 'ads' and campaign_id is not null", new { tenant = tenant.Value });

    private sealed class CountingApp(KeyValuePair<string, string>[] shared) : ServiceApp<Analytics::Program>("analytics")
    {
        private const string Secret = "a-secret-of-the-network", Browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36";
        private readonly string spool = Directory.CreateTempSubdirectory("empire-clicks-").FullName;

        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            .. shared,
            new("Clicks:SpoolFolder", spool),
            .. ((string[])["Meadow", "Harbor"]).SelectMany(network => (KeyValuePair<string, string>[])
            [
                new($"Providers:{network}:BaseAddress", "http://127.0.0.1:9/"), new($"Providers:{network}:Token", "token"), new($"Providers:{network}:PostbackSecret", Secret), new($"Providers:{network}:Sandbox", "true"),
            ]),
        ];

        public async Task<T?> ReadAsync<T>(string sql, object parameters)
        {
            await using var owner = await TestDatabase.OpenAsOwnerAsync();
            return await owner.QuerySingleOrDefaultAsync<T>(sql, parameters);
        }

        public async Task<string> ClickAsync(string code, bool bot)
        {
            using var visitor = CreateDefaultClient();
            if (!bot) visitor.DefaultRequestHeaders.UserAgent.ParseAdd(Browser);
            using var answer = await visitor.GetAsync($"/r/{code}");
            Assert.Equal(System.Net.HttpStatusCode.Found, answer.StatusCode);
            return System.Web.HttpUtility.ParseQueryString(answer.Headers.Location!.Query)["subid"]!;
        }

        public async Task SellAsync(string subId, string commission, string status, string currency)
        {
            using var network = CreateDefaultClient();
            network.DefaultRequestHeaders.Add("X-Api-Key", Secret);
            using var answer = await network.PostAsJsonAsync("/api/conversions/meadow", new { conversion_id = $"sale {subId}", sub_id = subId, product_id = "p", sale_amount = "500.00", commission, currency, status, occurred_at = "2026-03-02T08:00:00Z" });
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            Directory.Delete(spool, recursive: true);
        }
    }

    private sealed class Signing(CampaignApp app, Caller caller) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Remove(CallerToken.Header);
            request.Headers.Add(CallerToken.Header, app.Services.GetRequiredService<CallerToken>().Sign(caller));
            return base.SendAsync(request, cancellationToken);
        }
    }
}
