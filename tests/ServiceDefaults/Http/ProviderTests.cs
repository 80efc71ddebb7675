using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Http;
using Empire.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Tests.Http;

/// <summary>How calls to an outside provider fail well.</summary>
public sealed class ProviderTests : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, int> calls = new();
    private TestSite provider = null!;
    private TestSite site = null!;

    public async ValueTask InitializeAsync()
    {
        provider = await TestSite.StartAsync(app =>
        {
            app.Map("/api/{path}", async (string path, HttpContext context) =>
            {
                var call = calls.AddOrUpdate(path, 1, (_, times) => times + 1);
                switch (path)
                {
                    case "busy-once" when call == 1: context.Response.Headers.RetryAfter = "1"; return Results.StatusCode(429);
                    case "busy-for-long": context.Response.Headers.RetryAfter = "3600"; return Results.StatusCode(429);
                    case "fails-twice" when call <= 2: return Results.StatusCode(500);
                    case "always-fails": return Results.StatusCode(503);
                    case "silent": await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default); break;
                    case "wants-a-key": return Results.StatusCode(context.Request.Headers.Authorization == "Bearer good" ? 200 : 401);
                    case "refuses": return Results.Text("no such card", statusCode: 402);
                }
                using var reader = new StreamReader(context.Request.Body);
                return Results.Text($"{call}:{await reader.ReadToEndAsync()}");
            }).AllowAnonymous();
        });
        site = await SiteAsync(provider.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await site.DisposeAsync();
        await provider.DisposeAsync();
    }

    [Fact]
    public async Task A_read_is_repeated_until_it_heals()
    {
        using var response = await Http().GetAsync(new Uri("fails-twice", UriKind.Relative));
        Assert.Equal("3:", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_write_without_a_key_is_never_repeated()
    {
        using var response = await Http().PostAsync(new Uri("fails-twice", UriKind.Relative), new StringContent("pay"));
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(1, calls["fails-twice"]);
    }

    [Fact]
    public async Task A_write_under_a_key_is_repeated_with_its_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "fails-twice") { Content = new StringContent("pay") };
        request.Headers.Add("Idempotency-Key", "k");
        using var response = await Http().SendAsync(request);
        Assert.Equal("3:pay", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_pause_the_provider_asks_for_is_kept()
    {
        var started = Stopwatch.GetTimestamp();
        using var response = await Http().GetAsync(new Uri("busy-once", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.95, 20);
    }

    [Fact]
    public async Task A_pause_too_long_to_wait_for_is_handed_to_the_caller()
    {
        using var response = await Http().GetAsync(new Uri("busy-for-long", UriKind.Relative));
        var failure = await ProviderException.FromAsync("Bank", response, default);
        Assert.Equal((TimeSpan.FromHours(1), 1), (failure.RetryAfter, calls["busy-for-long"]));
    }

    [Fact]
    public async Task Silence_ends_in_a_failure_that_may_have_been_sent()
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(() => Http().PostAsync(new Uri("silent", UriKind.Relative), new StringContent("pay")));
        Assert.False(failure.NotSent);
        Assert.Equal("Bank", failure.Provider);
        Assert.Equal(1, calls["silent"]);
    }

    [Fact]
    public async Task Where_nobody_listens_the_failure_says_that_nothing_was_sent()
    {
        await using var unreachable = await SiteAsync(new Uri("http://127.0.0.1:1"));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => Http(unreachable).PostAsync(new Uri("x", UriKind.Relative), new StringContent("pay")));
        Assert.True(failure.NotSent);
    }

    [Fact]
    public async Task Who_hangs_up_while_we_connect_has_failed_like_any_other_and_may_have_got_it()
    {
        await using var hangsUp = await SiteAsync(provider.Address, bank => bank.UseSocketsHttpHandler((handler, _) => handler.ConnectCallback = HungUp.ConnectAsync));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => Http(hangsUp).PostAsync(new Uri("x", UriKind.Relative), new StringContent("pay")));
        Assert.False(failure.NotSent);
        using var plain = hangsUp.Services.GetRequiredService<IHttpClientFactory>().CreateClient("plain");
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync(provider.Address));
    }

    [Fact]
    public async Task A_provider_that_keeps_failing_is_left_alone_for_a_while()
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(async () =>
        {
            for (var i = 0; i < 40; i++) (await Http().PostAsync(new Uri("always-fails", UriKind.Relative), null)).Dispose();
        });
        Assert.True(failure.NotSent);
        Assert.InRange(calls["always-fails"], 10, 39);
    }

    [Fact]
    public async Task A_refusal_is_told_apart_from_a_failure_and_keeps_the_providers_words()
    {
        using var response = await Http().PostAsync(new Uri("refuses", UriKind.Relative), null);
        var refusal = await ProviderException.FromAsync("Bank", response, default);
        Assert.True(refusal.IsRefusal);
        Assert.Equal("no such card", refusal.Detail);
    }

    [Fact]
    public async Task The_service_tells_which_provider_fails_and_which_refuses_its_key_until_calls_go_through_again()
    {
        Assert.Equal(("healthy", "healthy", null), await ConditionAsync());
        for (var i = 0; i < 12; i++)
        {
            try { (await Http().PostAsync(new Uri("always-fails", UriKind.Relative), null)).Dispose(); }
            catch (ProviderException) { }
        }
        var failing = await ConditionAsync();
        Assert.Equal(("degraded", "healthy"), (failing.Provider, failing.Key));
        Assert.Contains("failed", failing.Reason, StringComparison.Ordinal);

        await using var other = await SiteAsync(provider.Address);   // with a circuit of its own
        (await AskWithKeyAsync(other, "bad")).Dispose();
        Assert.Equal(("healthy", "degraded"), await Of(other));
        (await AskWithKeyAsync(other, "good")).Dispose();
        Assert.Equal(("healthy", "healthy"), await Of(other));

        async Task<(string?, string?)> Of(TestSite which) => await ConditionAsync(which) is var (status, key, _) ? (status, key) : default;
    }

    private static async Task<HttpResponseMessage> AskWithKeyAsync(TestSite from, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "wants-a-key") { Headers = { Authorization = new("Bearer", key) } };
        return await from.Services.GetRequiredService<IHttpClientFactory>().CreateClient("Bank").SendAsync(request);
    }

    private async Task<(string? Provider, string? Key, string? Reason)> ConditionAsync(TestSite? of = null)
    {
        var checks = (await (of ?? site).Anonymous().GetFromJsonAsync<JsonElement>(new Uri("/health/condition", UriKind.Relative))).GetProperty("checks");
        var line = checks.GetProperty("provider.Bank");
        return (line.GetProperty("status").GetString(), checks.GetProperty("key.Bank").GetProperty("status").GetString(), line.GetProperty("reason").GetString());
    }

    private HttpClient Http(TestSite? from = null) => (from ?? site).Services.GetRequiredService<IHttpClientFactory>().CreateClient("Bank");

    private static Task<TestSite> SiteAsync(Uri bank, Action<IHttpClientBuilder>? more = null) => TestSite.StartAsync(
        _ => { },
        builder =>
        {
            var client = builder.AddProvider("Bank");
            more?.Invoke(client);
            more?.Invoke(builder.Services.AddHttpClient("plain"));
        },
        $"--Providers:Bank:BaseAddress={new Uri(bank, "api")}", "--Providers:Bank:AttemptTimeout=00:00:01", "--Providers:Bank:TotalTimeout=00:00:20", "--LOG_LEVEL=CRITICAL");
}
