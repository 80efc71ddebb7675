using System.Net.Http.Json;
using System.Text;
using Dapper;
using Empire.Analytics.Conversions;
using Empire.Analytics.Links;
using Empire.Contracts.V1;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Analytics.Tests;

/// <summary>Analytics on a fresh database; the networks' reports come from <see cref="Reports"/>.</summary>
public class AnalyticsApp() : ServiceApp<Program>("analytics")
{
    public const string Secret = "a-secret-of-the-network";
    public const string Browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

    public string SpoolFolder { get; } = Directory.CreateTempSubdirectory("empire-clicks-").FullName;

    public ReportServer Reports { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Clicks:SpoolFolder", SpoolFolder),
        new("Clicks:DrainEvery", "00:00:00.100"),
        new("Clicks:RestAfterFailure", "00:00:00.200"),
        new("Links:Site", "kitchen guide"),
        .. Network.All.SelectMany(network => (KeyValuePair<string, string>[])
        [
            new($"Providers:{network.Provider}:BaseAddress", Reports.AddressOf(network.Name)),
            new($"Providers:{network.Provider}:Token", "token"),
            new($"Providers:{network.Provider}:PostbackSecret", Secret),
            new($"Providers:{network.Provider}:Sandbox", "true"),
        ]),
    ];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        // The dispatcher takes events out of the outbox; a copy of what went in stays for the tests.
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(
            """
            create table told (type text, body jsonb);
            create function tell() returns trigger language plpgsql security definer set search_path = public as $$
            begin insert into told values (new.type, new.body::jsonb); return null; end $$;
            create trigger tell after insert on kernel.outbox for each row execute function tell();
            """);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Reports.DisposeAsync();
        Directory.Delete(SpoolFolder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A visitor's browser: it brings no caller and follows no redirect.</summary>
    public HttpClient Visitor()
    {
        var client = CreateDefaultClient();
        client.DefaultRequestHeaders.UserAgent.ParseAdd(Browser);
        return client;
    }

    public async Task<string> LinkAsync(CreateLinkRequest? request = null, TenantId? tenant = null)
    {
        request ??= new() { Destination = "https://shop.example/p/1" };
        if (request.LinkKey.Length == 0) request.LinkKey = Guid.CreateVersion7().ToString();
        return (await CreateLink.HandleAsync(request, tenant ?? Tenant, Database, TimeProvider.System, CancellationToken.None)).Code;
    }

    /// <summary>Follows a link as a browser does.</summary>
    /// <returns>The sub id that the shop was given.</returns>
    public async Task<string> ClickAsync(string code)
    {
        using var visitor = Visitor();
        using var response = await visitor.GetAsync($"/r/{code}");
        Assert.Equal(System.Net.HttpStatusCode.Found, response.StatusCode);
        return System.Web.HttpUtility.ParseQueryString(response.Headers.Location!.Query)["subid"]!;
    }

    /// <summary>Tells of a conversion as the network does, signed.</summary>
    public async Task<HttpResponseMessage> PostbackAsync(string body, string network = "meadow")
    {
        var raw = Encoding.UTF8.GetBytes(body);
        var timestamp = Services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeSeconds().ToString();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/conversions/{network}") { Content = new ByteArrayContent(raw) };
        request.Headers.Add(NetworkProof.TimestampHeader, timestamp);
        request.Headers.Add(NetworkProof.SignatureHeader, Convert.ToHexStringLower(NetworkProof.Sign(Secret, timestamp, raw)));
        return await CreateDefaultClient().SendAsync(request);
    }

    public async Task<string> StatusAsync(string body, string network = "meadow")
    {
        using var response = await PostbackAsync(body, network);
        return (await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("status").ToString();
    }

    public static string Body(string conversion, string? subId, string status = "approved", string commission = "3.99", string currency = "USD") =>
        $$"""{"conversion_id":"{{conversion}}","sub_id":{{(subId is null ? "null" : $"\"{subId}\"")}},"product_id":"m-1","sale_amount":"49.90","commission":"{{commission}}","currency":"{{currency}}","status":"{{status}}","occurred_at":"2026-03-02T08:00:00.000Z"}""";

    /// <summary>What really is in the database, of all tenants.</summary>
    public async Task<T> SeeAsync<T>(string sql, object? parameters = null)
    {
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        return (await owner.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    /// <summary>How many events of this type were published whose body holds these members.</summary>
    /// <param name="members">A JSON object, in the spelling of the bus.</param>
    public Task<long> ToldAsync<TEvent>(string members) =>
        SeeAsync<long>("select count(*) from told where type = @type and body @> @members::jsonb", new { type = typeof(TEvent).FullName, members });
}
