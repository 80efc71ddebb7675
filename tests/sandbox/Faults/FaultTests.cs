using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Tests.Faults;

public sealed class FaultTests(SandboxApp app) : IClassFixture<SandboxApp>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        using var client = app.Client();
        await client.PostAsync("/control/reset", null);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    async Task<HttpResponseMessage> PostAsync(string text)
    {
        using var client = app.Client("faulty");
        return await client.PostAsJsonAsync("/x/2/tweets", new { text });
    }

    async Task<IReadOnlyList<string>> TextsAsync()
    {
        using var client = app.Client();
        return [.. (await client.GetFromJsonAsync<JsonObject>("/control/posts"))!["data"]!.AsArray().Select(p => p!["text"]!.GetValue<string>())];
    }

    [Fact]
    public async Task Cut_before_breaks_the_connection_and_nothing_has_happened()
    {
        await app.ArmAsync(new { match = new { provider = "x", method = "POST" }, kind = "cut_before" });
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync("lost"));
        Assert.Empty(await TextsAsync());
    }

    [Fact]
    public async Task Cut_after_breaks_the_connection_when_the_post_stands()
    {
        await app.ArmAsync(new { match = new { provider = "x", method = "POST" }, kind = "cut_after" });
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync("stands"));
        Assert.Equal(["stands"], await TextsAsync());
        Assert.Equal("cut_after", (await app.LogAsync("x"))[0]!["fault"]!.GetValue<string>());
        Assert.Equal(0, (await app.LogAsync("x"))[0]!["status"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("x", "/x/2/users/me", "title")]
    [InlineData("openai", "/openai/v1/models", "error")]
    [InlineData("openrouter", "/openrouter/api/v1/models", "error")]
    [InlineData("meadow", "/networks/meadow/datafeed.csv?token=t", "error")]
    [InlineData("harbor", "/networks/harbor/v1/products", "error")]
    public async Task Errors_come_in_the_shape_of_the_provider_as_often_as_armed(string provider, string path, string field)
    {
        await app.ArmAsync(new { match = new { provider }, kind = "429", retry_after_s = 7 });
        await app.ArmAsync(new { match = new { provider }, kind = "500", count = 2 });
        using var client = app.Client();
        using var limited = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), limited.Headers.RetryAfter?.Delta);
        Assert.NotNull((await limited.Content.ReadFromJsonAsync<JsonObject>())![field]);
        Assert.Equal(HttpStatusCode.InternalServerError, (await client.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, (await client.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(path)).StatusCode);
    }

    [Theory]
    [InlineData("stripe", "/stripe/v1/customers", "Authorization", "Bearer sk_test_1", HttpStatusCode.Unauthorized)]
    [InlineData("flutterwave", "/flutterwave/v3/transactions", "Authorization", "Bearer FLWSECK_TEST-1", HttpStatusCode.Unauthorized)]
    [InlineData("nowpayments", "/nowpayments/v1/merchant/coins", "x-api-key", "a-key", HttpStatusCode.Forbidden)]
    [InlineData("shopify", "/shopify/shop-1/admin/api/2023-10/products/count.json", "X-Shopify-Access-Token", "shpat_1", HttpStatusCode.Unauthorized)]
    [InlineData("openai", "/openai/v1/models", "Authorization", "Bearer sk-1", HttpStatusCode.Unauthorized)]
    [InlineData("x", "/x/2/users/me", "Authorization", "Bearer token", HttpStatusCode.Unauthorized)]
    public async Task A_revoked_key_is_refused_once_in_the_providers_own_words(string provider, string path, string header, string key, HttpStatusCode refused)
    {
        await app.ArmAsync(new { match = new { provider }, kind = "revoked_key" });
        foreach (var wanted in (HttpStatusCode[])[refused, HttpStatusCode.OK])
        {
            using var client = app.Client();
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation(header, key);
            using var answer = await client.SendAsync(request);
            Assert.True(answer.StatusCode == wanted, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    [Fact]
    public async Task Malformed_takes_effect_and_answers_half_a_document()
    {
        await app.ArmAsync(new { match = new { provider = "x", method = "POST" }, kind = "malformed" });
        using var response = await PostAsync("half told");
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        await Assert.ThrowsAsync<JsonException>(() => response.Content.ReadFromJsonAsync<JsonObject>());
        Assert.Equal(["half told"], await TextsAsync());
    }

    [Fact]
    public async Task Latency_keeps_the_caller_waiting()
    {
        await app.ArmAsync(new { match = new { provider = "x" }, kind = "latency", latency_ms = 300 });
        var start = TimeProvider.System.GetTimestamp();
        using var response = await PostAsync("late");
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(295));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Fact]
    public async Task A_fault_hits_only_what_it_matches()
    {
        await app.ArmAsync(new { match = new { provider = "x", method = "POST", path_contains = "/tweets" }, kind = "500" });
        using var client = app.Client();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/x/2/users/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/openai/v1/models")).StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, (await PostAsync("hit")).StatusCode);
    }

    [Theory]
    [InlineData("""{"match":{"provider":"myspace"},"kind":"500"}""", "match.provider")]
    [InlineData("""{"match":{"provider":"x"},"kind":"drop"}""", "kind")]
    [InlineData("""{"match":{"provider":"postback"},"kind":"429"}""", "kind")]
    [InlineData("""{"match":{"provider":"x"},"kind":"latency"}""", "latency_ms")]
    [InlineData("""{"match":{"provider":"x"},"kind":"500","count":0}""", "count")]
    public async Task A_fault_that_makes_no_sense_is_refused_with_the_name_of_its_field(string fault, string field)
    {
        using var client = app.Client();
        using var content = new StringContent(fault, System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/control/faults", content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True((await response.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!.AsObject().ContainsKey(field));
    }

    [Fact]
    public async Task Disarmed_faults_hit_nobody()
    {
        await app.ArmAsync(new { match = new { provider = "x" }, kind = "500", count = 9 });
        using var client = app.Client();
        Assert.Equal(9, (await client.GetFromJsonAsync<JsonObject>("/control/faults"))!["data"]![0]!["left"]!.GetValue<int>());
        await client.DeleteAsync("/control/faults");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/x/2/users/me")).StatusCode);
    }

    [Fact]
    public async Task The_log_tells_what_was_asked_and_keeps_the_keys_to_itself()
    {
        using var client = app.Client("very-private-key");
        await client.PostAsJsonAsync("/x/2/tweets", new { text = "logged" });
        await client.GetAsync("/networks/meadow/datafeed.csv?token=very-private-token");
        var entry = (await app.LogAsync("x"))[0]!;
        Assert.Equal(("POST", "/x/2/tweets", 201), (entry["method"]!.GetValue<string>(), entry["path"]!.GetValue<string>(), entry["status"]!.GetValue<int>()));
        Assert.Contains("logged", entry["body"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("very-private", await client.GetStringAsync("/control/log"), StringComparison.Ordinal);
    }
}
