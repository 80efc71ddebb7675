using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Tests.Networks;

public sealed class PostbackTests(SandboxApp app) : IClassFixture<SandboxApp>
{
    async Task<JsonObject> BuyAsync(string product, string? subid = null, string? key = null)
    {
        using var client = app.Client(null);
        var network = product.StartsWith("MD", StringComparison.Ordinal) ? "meadow" : "harbor";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/shop/{network}/{product}/buy{(subid is null ? "" : "?subid=" + subid)}");
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    static string Id(JsonObject conversion) => conversion["conversion_id"]!.GetValue<string>();

    static string Id(Publisher.Received postback) => Id(JsonNode.Parse(postback.Body)!.AsObject());

    async Task<JsonArray> ReportAsync(string query = "")
    {
        using var client = app.Client();
        return (await client.GetFromJsonAsync<JsonObject>($"/networks/meadow/conversions{query}"))!["data"]!.AsArray();
    }

    [Fact]
    public async Task A_purchase_becomes_a_postback_signed_over_its_raw_body()
    {
        await using var publisher = await Publisher.StartAsync(app);
        var conversion = await BuyAsync("MD-01011", "click-1");
        var postback = (await publisher.ReceivedAsync(1))[0];

        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes("meadow-test-secret"), Encoding.UTF8.GetBytes($"{postback.Timestamp}.{postback.Body}")));
        Assert.Equal(expected, postback.Signature);
        Assert.Equal("meadow", postback.Network);
        var body = JsonNode.Parse(postback.Body)!.AsObject();
        Assert.Equal(["conversion_id", "sub_id", "product_id", "sale_amount", "commission", "currency", "status", "occurred_at"], body.Select(p => p.Key));
        Assert.True(JsonNode.DeepEquals(conversion, body));
        Assert.Equal(("click-1", "44.90", "3.59", "approved"), (body["sub_id"]!.GetValue<string>(), body["sale_amount"]!.GetValue<string>(), body["commission"]!.GetValue<string>(), body["status"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_refused_postback_is_sent_again_until_it_is_accepted()
    {
        await using var publisher = await Publisher.StartAsync(app);
        publisher.Answer(500, 503);
        var conversion = await BuyAsync("HB-01021");
        var received = await publisher.ReceivedAsync(3);
        Assert.All(received, r => Assert.Equal(Id(conversion), Id(r)));
    }

    [Fact]
    public async Task Buying_twice_with_one_key_is_one_sale()
    {
        await using var publisher = await Publisher.StartAsync(app);
        Assert.Equal(Id(await BuyAsync("MD-01011", key: "order-1")), Id(await BuyAsync("MD-01011", key: "order-1")));
        Assert.Single(await ReportAsync());
    }

    [Fact]
    public async Task A_reversal_is_told_by_postback_and_moves_to_the_end_of_the_report()
    {
        await using var publisher = await Publisher.StartAsync(app);
        var (first, second) = (await BuyAsync("MD-01011"), await BuyAsync("MD-01012"));
        await publisher.ReceivedAsync(2);
        using var client = app.Client();
        (await client.PostAsync($"/control/conversions/{Id(first)}/reverse", null)).EnsureSuccessStatusCode();

        var told = JsonNode.Parse((await publisher.ReceivedAsync(3))[2].Body)!;
        Assert.Equal((Id(first), "reversed"), (told["conversion_id"]!.GetValue<string>(), told["status"]!.GetValue<string>()));
        Assert.Equal([Id(second), Id(first)], (await ReportAsync()).Select(c => Id(c!.AsObject())));
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync($"/control/conversions/{Id(first)}/reverse", null)).StatusCode);
    }

    [Fact]
    public async Task A_duplicated_postback_arrives_twice_and_counts_once_in_the_report()
    {
        await using var publisher = await Publisher.StartAsync(app);
        await app.ArmAsync(new { match = new { provider = "postback" }, kind = "duplicate" });
        await BuyAsync("MD-01011");
        var received = await publisher.ReceivedAsync(2);
        Assert.Equal(received[0].Body, received[1].Body);
        Assert.Single(await ReportAsync());
    }

    [Fact]
    public async Task A_reordered_postback_is_overtaken_by_the_next()
    {
        await using var publisher = await Publisher.StartAsync(app);
        await app.ArmAsync(new { match = new { provider = "postback" }, kind = "reorder" });
        var (first, second) = (await BuyAsync("MD-01011"), await BuyAsync("MD-01012"));
        Assert.Equal([Id(second), Id(first)], (await publisher.ReceivedAsync(2)).Select(Id));
    }

    [Fact]
    public async Task A_dropped_postback_never_arrives_but_stands_in_the_report()
    {
        await using var publisher = await Publisher.StartAsync(app);
        await app.ArmAsync(new { match = new { provider = "postback", path_contains = "meadow" }, kind = "drop" });
        var (lost, told) = (await BuyAsync("MD-01011"), await BuyAsync("MD-01012"));
        Assert.Equal([Id(told)], (await publisher.ReceivedAsync(1)).Select(Id));
        Assert.Contains(Id(lost), (await ReportAsync()).Select(c => Id(c!.AsObject())));
    }

    [Fact]
    public async Task The_report_starts_where_it_is_asked_to()
    {
        await using var publisher = await Publisher.StartAsync(app);
        await BuyAsync("MD-01011");
        Assert.Empty(await ReportAsync("?since=2999-01-01T00:00:00Z"));
        Assert.Single(await ReportAsync("?since=2020-01-01T00:00:00Z"));
        using var client = app.Client();
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/networks/meadow/conversions?since=yesterday")).StatusCode);
    }
}
