using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Empire.Http;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Tests.Http;

public sealed class IdempotencyTests(OrderSite site) : IClassFixture<OrderSite>
{
    [Fact]
    public async Task A_repeat_gets_the_first_answer_to_the_letter_from_any_replica()
    {
        var first = await OrderSite.PostAsync(site.One.As(), "k-1", new { item = "tea" });
        var again = await OrderSite.PostAsync(site.Two.As(tenant: site.One.Tenant), "k-1", new { item = "tea" });
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(first.StatusCode, again.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal("3", Assert.Single(again.Headers.GetValues("X-Till")));
        Assert.Equal("application/json; charset=utf-8", again.Content.Headers.ContentType?.ToString());
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(1, await site.OrdersAsync("tea"));
    }

    [Fact]
    public async Task Twins_at_the_same_moment_run_once_and_agree()
    {
        var clients = Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? site.One : site.Two).As(tenant: site.One.Tenant)).ToArray();
        var twins = clients.Select(client => OrderSite.PostAsync(client, "k-twins", new { item = "slow" })).ToArray();
        await Eventually.TrueAsync(async () => await site.OrdersAsync("slow") == 1);
        Assert.DoesNotContain(twins, twin => twin.IsCompleted);
        site.OpenGate();
        var answers = await Task.WhenAll(twins);
        var bodies = await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()));
        Assert.Single(bodies.Distinct());
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Equal(15, answers.Count(answer => answer.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal(1, await site.OrdersAsync("slow"));
    }

    [Theory]
    [InlineData("/orders", "cake")] // another body
    [InlineData("/other-orders", "milk")] // another path
    public async Task A_key_used_for_another_request_is_refused(string path, string item)
    {
        await OrderSite.PostAsync(site.One.As(), $"k-reuse-{item}", new { item = "milk" });
        var reused = await OrderSite.PostAsync(site.One.As(), $"k-reuse-{item}", new { item }, path);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, reused.StatusCode);
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", await CodeAsync(reused));
    }

    [Fact]
    public async Task A_key_is_its_users_own_and_not_another_persons_of_the_account()
    {
        var first = await OrderSite.PostAsync(site.One.As(), "k-mine", new { item = "honey" });
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        foreach (var other in (HttpClient[])[site.One.As(actor: "user:somebody"), site.One.As("member")])
        {
            var answer = await OrderSite.PostAsync(other, "k-mine", new { item = "honey" });
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "IDEMPOTENCY_KEY_REUSED"), (answer.StatusCode, await CodeAsync(answer)));
        }
        Assert.Equal(1, await site.OrdersAsync("honey"));
    }

    [Theory]
    [InlineData("fails-first", HttpStatusCode.InternalServerError)] // throws
    [InlineData("closed-first", HttpStatusCode.ServiceUnavailable)] // says so
    public async Task A_call_that_failed_on_our_side_frees_its_key(string item, HttpStatusCode status)
    {
        var failed = await OrderSite.PostAsync(site.One.As(), $"k-{item}", new { item });
        Assert.Equal(status, failed.StatusCode);
        var again = await OrderSite.PostAsync(site.One.As(), $"k-{item}", new { item });
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.False(again.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task A_refusal_is_an_answer_and_is_replayed()
    {
        await OrderSite.PostAsync(site.One.As(), "k-404", new { item = "unknown" });
        var again = await OrderSite.PostAsync(site.One.As(), "k-404", new { item = "unknown" });
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Equal("NOT_FOUND", await CodeAsync(again));
        Assert.Equal(1, await site.OrdersAsync("unknown"));
    }

    [Fact]
    public async Task Tenants_do_not_share_keys_and_no_key_means_no_memory()
    {
        await OrderSite.PostAsync(site.One.As(), "k-shared", new { item = "jam" });
        await OrderSite.PostAsync(site.One.As(tenant: TenantId.New(TimeProvider.System.GetUtcNow())), "k-shared", new { item = "jam" });
        await site.One.As().PostAsJsonAsync("/orders", new { item = "jam" });
        await site.One.As().PostAsJsonAsync("/orders", new { item = "jam" });
        Assert.Equal(4, await site.OrdersAsync("jam"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tab\tkey")]
    [InlineData("256")]
    public async Task A_key_that_is_no_key_is_refused_by_name(string key)
    {
        var answer = await OrderSite.PostAsync(site.One.As(), key == "256" ? new string('k', 256) : key, new { item = "bread" });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty("Idempotency-Key", out _));
    }

    [Fact]
    public async Task A_key_is_forgotten_after_a_day()
    {
        await OrderSite.PostAsync(site.One.As(), "k-day", new { item = "newspaper" });
        await using var owner = await site.Test.OpenAsOwnerAsync();
        await owner.ExecuteAsync("update kernel.idempotency set created_at = created_at - interval '24 hours' where key = 'k-day'");
        Assert.Equal(1, await site.One.Services.GetRequiredService<IdempotencyTable>().SweepAsync(default));
        await OrderSite.PostAsync(site.One.As(), "k-day", new { item = "newspaper" });
        Assert.Equal(2, await site.OrdersAsync("newspaper"));
    }

    [Fact]
    public async Task A_key_whose_holder_died_is_free_again_after_its_lease()
    {
        var table = site.One.Services.GetRequiredService<IdempotencyTable>();
        await table.TakeAsync(site.One.Tenant, "k-dead", Guid.CreateVersion7(), "POST /orders", [1], default);
        await using var owner = await site.Test.OpenAsOwnerAsync();
        await owner.ExecuteAsync("update kernel.idempotency set lease_until = lease_until - interval '6 minutes' where key = 'k-dead'");
        var answer = await OrderSite.PostAsync(site.One.As(), "k-dead", new { item = "flowers" });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Fact]
    public async Task A_holder_that_lives_keeps_its_key_however_long_it_takes_and_a_dead_one_for_a_minute()
    {
        await using var own = new OrderSite();
        await own.InitializeAsync();
        await using var owner = await own.Test.OpenAsOwnerAsync();
        var first = OrderSite.PostAsync(own.One.As(), "k-long", new { item = "slow" });
        await Eventually.EqualAsync(1, () => own.OrdersAsync("slow"));
        for (var passed = 0; passed < 12; passed++) // three minutes
        {
            own.Clock.Advance(TimeSpan.FromSeconds(15));
            await Eventually.TrueAsync(() => owner.QuerySingleAsync<bool>("select lease_until = @until from kernel.idempotency where key = 'k-long'", new { until = own.Clock.GetUtcNow().AddMinutes(1) }));
        }
        var twin = OrderSite.PostAsync(own.Two.As(tenant: own.One.Tenant), "k-long", new { item = "slow" });
        own.OpenGate();
        Assert.Equal(await (await first).Content.ReadAsStringAsync(), await (await twin).Content.ReadAsStringAsync());
        Assert.Equal(1, await own.OrdersAsync("slow"));

        await own.One.Services.GetRequiredService<IdempotencyTable>().TakeAsync(own.One.Tenant, "k-died", Guid.CreateVersion7(), "POST /orders", [1], default);
        own.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(HttpStatusCode.Created, (await OrderSite.PostAsync(own.One.As(), "k-died", new { item = "flowers for the dead" })).StatusCode);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
}
