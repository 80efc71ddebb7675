using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Empire.Analytics.Conversions;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Analytics.Tests.Conversions;

/// <summary>An installation that has no contract with Harbor, and no secret of it.</summary>
public sealed class HarborOffApp : AnalyticsApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [.. base.Settings, new("Providers:Harbor:Off", "true"), new("Providers:Harbor:Token", ""), new("Providers:Harbor:PostbackSecret", "")];
}

public sealed class NetworksOffTests(HarborOffApp app) : IClassFixture<HarborOffApp>
{
    [Fact]
    public async Task Its_report_is_not_asked_for_not_missed_and_not_waited_for()
    {
        app.Reports.Say("meadow");
        var collected = await app.Services.GetRequiredService<CollectConversions>().HandleAsync(app.Tenant, CancellationToken.None);
        Assert.Empty(collected.Incomplete);
        Assert.DoesNotContain(app.Reports.Requests, request => request.StartsWith("/harbor", StringComparison.Ordinal));
        using var client = app.CreateClient();
        var business = await client.GetFromJsonAsync<JsonElement>("/health/business");
        Assert.Equal("healthy", business.GetProperty("checks").GetProperty("last_network_report").GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_sale_in_its_name_is_believed_by_no_secret_not_even_an_empty_one()
    {
        using var client = app.CreateClient();
        using var body = new StringContent(AnalyticsApp.Body($"forged-{Guid.CreateVersion7()}", "any"), Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("/api/conversions/harbor", body);
        Assert.Equal((HttpStatusCode.NotImplemented, "PROVIDER_OFF"), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
    }
}
