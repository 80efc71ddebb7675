using System.Net;
using System.Net.Http.Json;
using Empire.Gateway.Shared;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Gateway.Tests;

/// <summary>The gateway on a clock that the test moves.</summary>
public sealed class TimedGatewayApp : GatewayApp
{
    public override TestClock Clock { get; } = new(TimeProvider.System.GetUtcNow());   // near the machine's: Redis counts lives by its own
}

public sealed class LimitTests(GatewayApp app) : IClassFixture<GatewayApp>
{
    [Fact]
    public async Task Request_101_of_a_free_key_inside_the_hour_is_refused_by_either_of_two_instances()
    {
        await using var twin = await app.TwinAsync();
        var key = app.Behind.Identity.Key("free");
        using var one = app.ClientFor(key);
        using var two = twin.ClientFor(key);
        var answers = await Task.WhenAll(Enumerable.Range(0, 140).Select(async number =>
        {
            using var answer = await (number % 2 == 0 ? one : two).GetAsync("/api/v1/content/pieces");
            return answer.StatusCode;
        }));
        Assert.Equal((100, 40), (answers.Count(status => status == HttpStatusCode.OK), answers.Count(status => status == HttpStatusCode.TooManyRequests)));
        foreach (var client in new[] { one, two })
        {
            using var refused = await client.GetAsync("/api/v1/content/pieces");
            Assert.Equal((HttpStatusCode.TooManyRequests, "RATE_LIMITED"), (refused.StatusCode, await refused.CodeAsync()));
            Assert.Equal(("100", "0"), (refused.Header("RateLimit-Limit"), refused.Header("RateLimit-Remaining")));
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 3500, 3600);
        }
        using var other = app.ClientFor(app.Behind.Identity.Key("free"));
        using var first = await other.GetAsync("/api/v1/content/pieces");
        Assert.Equal((HttpStatusCode.OK, "99"), (first.StatusCode, first.Header("RateLimit-Remaining")));
    }

    [Fact]
    public async Task A_persons_hour_in_one_account_is_not_their_hour_in_another()
    {
        var person = $"user:{Guid.CreateVersion7():N}";
        using var professional = Session("professional");
        for (var i = 0; i < 101; i++) Assert.Equal(HttpStatusCode.OK, (await professional.GetAsync("/api/v1/content/pieces")).StatusCode);
        using var free = Session("free");
        using var first = await free.GetAsync("/api/v1/content/pieces");
        Assert.Equal((HttpStatusCode.OK, "99"), (first.StatusCode, first.Header("RateLimit-Remaining")));

        HttpClient Session(string tier)
        {
            var session = $"{Guid.CreateVersion7():N}";
            app.Behind.Identity.Know($"session:{session}", new() { TenantId = $"{Guid.CreateVersion7()}", Actor = person, Role = "owner", Tier = tier });
            var client = app.ClientFor(null);
            client.DefaultRequestHeaders.Add("Cookie", $"__Host-empire-session={session}");
            return client;
        }
    }

    [Theory]
    [InlineData("scope", "POST", "/api/v1/content/pieces", HttpStatusCode.Forbidden)]
    [InlineData("antiforgery", "POST", "/api/v1/content/pieces", HttpStatusCode.BadRequest)]
    [InlineData("operator", "GET", "/admin/blocks", HttpStatusCode.Forbidden)]
    public async Task A_refused_call_counts_against_the_hour_as_any_other(string want, string method, string path, HttpStatusCode refusal)
    {
        var session = $"{Guid.CreateVersion7():N}";
        app.Behind.Identity.Know($"session:{session}", new() { TenantId = $"{Guid.CreateVersion7()}", Actor = $"user:{session}", Role = "owner", Tier = "free", AntiforgeryToken = "the token" });
        using var client = app.ClientFor(want == "antiforgery" ? null : app.Behind.Identity.Key("free", reply => { if (want == "scope") reply.Scopes.Add("content:read"); }));
        if (want == "antiforgery") client.DefaultRequestHeaders.Add("Cookie", $"__Host-empire-session={session}");
        for (var i = 0; i < 100; i++)
        {
            using var refused = await client.SendAsync(new(new HttpMethod(method), path));
            Assert.Equal(refusal, refused.StatusCode);
            Assert.Equal($"{99 - i}", refused.Header("RateLimit-Remaining"));
        }
        using var over = await client.SendAsync(new(new HttpMethod(method), path));
        Assert.Equal(HttpStatusCode.TooManyRequests, over.StatusCode);
        using var good = await client.GetAsync("/api/v1/content/pieces");
        Assert.Equal(HttpStatusCode.TooManyRequests, good.StatusCode);   // it is the same hour
    }

    [Fact]
    public async Task Calls_from_a_network_that_the_account_shuts_out_count_by_their_address_and_leave_the_key_its_hour()
    {
        var key = app.Behind.Identity.Key("free", reply => reply.AllowedNetworks.Add("10.0.0.0/8"));
        using var thief = app.ClientFor(key);
        for (var i = 0; i < 50; i++) Assert.Equal(HttpStatusCode.Forbidden, (await thief.GetAsync("/api/v1/content/pieces")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await thief.GetAsync("/api/v1/content/pieces")).StatusCode);
        using var owner = app.ClientFor(key, "10.9.8.7");
        using var first = await owner.GetAsync("/api/v1/content/pieces");
        Assert.Equal((HttpStatusCode.OK, "99"), (first.StatusCode, first.Header("RateLimit-Remaining")));
    }

    [Fact]
    public async Task What_is_refused_takes_nothing_of_the_month()
    {
        using var client = app.ClientFor(app.Behind.Identity.Key("professional", reply => { reply.Metered = true; reply.Scopes.Add("content:read"); }));
        for (var i = 0; i < 10; i++) Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsJsonAsync("/api/v1/content/pieces", new { })).StatusCode);
        for (var i = 0; i < 100; i++) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);   // all that the month has
        using var over = await client.GetAsync("/api/v1/content/pieces");
        Assert.Equal("TIER_LIMIT_EXCEEDED", await over.CodeAsync());
    }

    [Fact]
    public async Task An_enterprise_key_sends_2000_without_a_refusal()
    {
        using var client = app.ClientFor(app.Behind.Identity.Key("enterprise"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            var good = 0;
            for (var i = 0; i < 250; i++)
                if ((await client.GetAsync("/api/v1/content/pieces")).StatusCode == HttpStatusCode.OK) good++;
            return good;
        }));
        Assert.Equal(2000, answers.Sum());
    }

    [Fact]
    public async Task Request_51_without_a_key_is_refused_and_the_site_is_not_counted()
    {
        using var client = app.ClientFor(null);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/blog/a-page")).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);
        }
        using var refused = await client.GetAsync("/api/v1/content/pieces");
        Assert.Equal((HttpStatusCode.TooManyRequests, "50"), (refused.StatusCode, refused.Header("RateLimit-Limit")));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.PostAsJsonAsync("/api/signup", new { email = "ada@example.com" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/blog/a-page")).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", StubServices.MemberKey);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);   // a key is not punished for its neighbour
    }

    [Theory]
    [InlineData("POST", "/api/track-usage")]
    [InlineData("GET", "/api/recipes")]
    public async Task The_11th_request_in_a_minute_is_refused_there_and_answered_elsewhere(string method, string path)
    {
        using var client = app.ClientFor(app.Behind.Identity.Key("enterprise"));
        for (var i = 0; i < 10; i++) Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(new(new(method), path))).StatusCode);
        using var refused = await client.SendAsync(new(new(method), path));
        Assert.Equal((HttpStatusCode.TooManyRequests, "10"), (refused.StatusCode, refused.Header("RateLimit-Limit")));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/social/calendar")).StatusCode);
    }

    [Fact]
    public async Task Call_101_of_a_free_month_is_refused_parallel_calls_do_not_overshoot_and_telemetry_is_not_counted()
    {
        using var client = app.ClientFor(app.Behind.Identity.Key("enterprise", reply => reply.Metered = true));   // no hourly limit, so that the month's is seen
        var answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(async _ => (await client.GetAsync("/api/v1/content/pieces")).StatusCode));
        Assert.Equal(100, answers.Count(status => status == HttpStatusCode.OK));
        using var refused = await client.GetAsync("/api/v1/content/pieces");
        Assert.Equal((HttpStatusCode.TooManyRequests, "TIER_LIMIT_EXCEEDED"), (refused.StatusCode, await refused.CodeAsync()));
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync("/api/track-usage", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/usage")).StatusCode);
    }

    [Theory]
    [InlineData("500", true)]
    [InlineData("503", true)]
    [InlineData("400", false)]
    public async Task A_call_that_the_platform_failed_is_given_back(string status, bool returned)
    {
        using var client = app.ClientFor(app.Behind.Identity.Key("enterprise", reply => reply.Metered = true));
        client.DefaultRequestHeaders.Add("X-Stub-Status", status);
        var before = app.Behind.Identity.Returned.Count;
        await client.GetAsync("/api/v1/content/pieces");
        if (returned) await Eventually.TrueAsync(() => app.Behind.Identity.Returned.Count > before);
        else Assert.Equal(before, app.Behind.Identity.Returned.Count);
    }
}

/// <summary>What becomes of limits as time goes by.</summary>
public sealed class WindowTests(TimedGatewayApp app) : IClassFixture<TimedGatewayApp>
{
    [Fact]
    public async Task Places_become_free_one_by_one_as_their_requests_leave_the_window()
    {
        using var client = app.ClientFor(app.Behind.Identity.Key("free"));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);
            if (i == 49) app.Clock.Advance(TimeSpan.FromMinutes(30));
        }
        app.Clock.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(1));
        using var refused = await client.GetAsync("/api/v1/content/pieces");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);   // a counter of fixed hours would have let it in
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 50; i++) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);
    }

    [Fact]
    public async Task A_free_host_that_reports_every_ten_seconds_and_is_scraped_every_fifteen_is_never_refused_and_costs_people_nothing()
    {
        using var client = app.ClientFor(app.Behind.Identity.Key("free"));
        for (var second = 0; second < 45 * 60; second += 5)
        {
            if (second % 10 == 0) Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync("/api/track-usage", new { })).StatusCode);
            if (second % 15 == 0) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/telemetry/metrics")).StatusCode);
            app.Clock.Advance(TimeSpan.FromSeconds(5));
        }
        using var looked = await client.GetAsync("/api/v1/telemetry/fleet");
        Assert.Equal((HttpStatusCode.OK, "100", "99"), (looked.StatusCode, looked.Header("RateLimit-Limit"), looked.Header("RateLimit-Remaining")));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/telemetry/metrics")).StatusCode);
        using var refused = await client.GetAsync("/api/v1/telemetry/metrics");
        Assert.Equal((HttpStatusCode.TooManyRequests, "20"), (refused.StatusCode, refused.Header("RateLimit-Limit")));
    }

    [Fact]
    public async Task The_201st_call_of_a_day_without_a_key_is_refused()
    {
        using var client = app.ClientFor(null);
        for (var hour = 0; hour < 4; hour++)
        {
            for (var i = 0; i < 50; i++) Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync("/api/signup", new { })).StatusCode);
            app.Clock.Advance(TimeSpan.FromHours(1));
        }
        using var refused = await client.PostAsJsonAsync("/api/signup", new { });
        Assert.Equal((HttpStatusCode.TooManyRequests, "200"), (refused.StatusCode, refused.Header("RateLimit-Limit")));
    }
}

/// <summary>Redis is a cluster: a script runs over keys of one slot only, and the client sends no other.</summary>
public sealed class ClusterGatewayApp : GatewayApp
{
    private readonly ClusterGatewayApp? first;

    public ClusterGatewayApp() { }

    private ClusterGatewayApp(ClusterGatewayApp first) : base(first) => this.first = first;

    protected override Task<OwnRedis> RedisAsync() => OwnRedis.ClusterAsync();

    protected override GatewayApp NewTwin() => new ClusterGatewayApp(first ?? this);
}

public sealed class ClusterTests(ClusterGatewayApp app) : IClassFixture<ClusterGatewayApp>
{
    [Theory]
    [InlineData(null, "/api/v1/content/pieces", 50)]                 // an hour and a day of the address
    [InlineData(null, "/api/recipes", 10)]                           // and a minute there
    [InlineData("free", "/api/recipes", 10)]                         // a minute there and the hour of the key
    [InlineData("free", "/api/v1/content/pieces", 100)]
    public async Task Windows_that_are_asked_for_together_are_counted_once_over_two_instances(string? tier, string path, int limit)
    {
        await using var twin = await app.TwinAsync();
        var (key, address) = (tier is null ? null : app.Behind.Identity.Key(tier), GatewayApp.NewAddress());
        using var one = app.ClientFor(key, address);
        using var two = twin.ClientFor(key, address);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < limit + 10; i++)
        {
            using var answer = await (i % 2 == 0 ? one : two).GetAsync(path);
            statuses.Add(answer.StatusCode);
        }
        Assert.Equal((limit, 10), (statuses.Count(status => status is HttpStatusCode.OK or HttpStatusCode.Unauthorized), statuses.Count(status => status == HttpStatusCode.TooManyRequests)));
        Assert.False(app.Services.GetRequiredService<SharedState>().IsAway);
    }

    [Fact]
    public async Task An_address_that_the_operator_lets_in_again_stays_in_with_every_instance()
    {
        await using var twin = await app.TwinAsync();
        var address = GatewayApp.NewAddress();
        await ShutOutAsync(app, twin, address);
        using var owner = app.ClientFor(StubServices.OperatorKey);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"/admin/blocks?address={address}")).StatusCode);
        await ShutOutAsync(twin, app, GatewayApp.NewAddress());   // the blocks were read since
        using var one = app.ClientFor(StubServices.MemberKey, address);
        using var two = twin.ClientFor(StubServices.MemberKey, address);
        Assert.Equal(HttpStatusCode.OK, (await one.GetAsync("/api/v1/content/pieces")).StatusCode);
        await Eventually.EqualAsync(HttpStatusCode.OK, async () => (await two.GetAsync("/api/v1/content/pieces")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.DeleteAsync($"/admin/blocks?address={address}")).StatusCode);
        Assert.False(app.Services.GetRequiredService<SharedState>().IsAway);
        using var guesser = app.ClientFor("gopt_wrongwrongwrongwrongwron", address);
        for (var i = 0; i < 9; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await guesser.GetAsync("/api/v1/content/pieces")).StatusCode);   // its failures are forgiven, too
        Assert.Equal(HttpStatusCode.OK, (await one.GetAsync("/api/v1/content/pieces")).StatusCode);
    }

    private static async Task ShutOutAsync(GatewayApp where, GatewayApp alsoSeenBy, string address)
    {
        using var guesser = where.ClientFor("gopt_wrongwrongwrongwrongwron", address);
        for (var i = 0; i < 10; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await guesser.GetAsync("/api/v1/content/pieces")).StatusCode);
        using var other = alsoSeenBy.ClientFor(StubServices.MemberKey, address);
        await Eventually.EqualAsync(HttpStatusCode.Forbidden, async () => (await other.GetAsync("/api/v1/content/pieces")).StatusCode);
    }
}

/// <summary>What the client will not send to Redis is as if Redis were away.</summary>
public sealed class UnsentCommandTests(ClusterGatewayApp app) : IClassFixture<ClusterGatewayApp>
{
    [Fact]
    public async Task A_command_that_no_node_of_the_cluster_could_run_fails_no_request()
    {
        var (answered, _) = await app.Services.GetRequiredService<SharedState>().TryAsync(redis => redis.StringGetAsync(["one", "another"]));
        Assert.False(answered);
    }
}

/// <summary>Redis dies under the gateway and comes back.</summary>
public sealed class WithoutRedisTests : IAsyncLifetime
{
    private readonly GatewayApp app = new();

    public ValueTask InitializeAsync() => app.InitializeAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Limits_and_blocks_hold_in_the_instance_nothing_fails_and_redis_is_used_again_when_it_is_back()
    {
        var key = app.Behind.Identity.Key("free");
        using var client = app.ClientFor(key);
        for (var i = 0; i < 60; i++) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);
        await app.Redis.KillAsync();
        for (var i = 0; i < 40; i++) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);   // no failure, and the first 60 are remembered
        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);

        var address = GatewayApp.NewAddress();
        using var guesser = app.ClientFor("gopt_wrongwrongwrongwrongwron", address);
        for (var i = 0; i < 10; i++) await guesser.GetAsync("/api/v1/content/pieces");
        Assert.Equal(HttpStatusCode.Forbidden, (await guesser.GetAsync("/api/v1/content/pieces")).StatusCode);
        using var owner = app.ClientFor(StubServices.OperatorKey);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await owner.GetAsync("/admin/security-events")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await owner.PostAsJsonAsync("/api/auth/login", new { })).StatusCode);   // logging in still works

        await app.Redis.StartAsync();
        await Eventually.TrueAsync(async () => (await owner.GetAsync("/admin/security-events")).StatusCode == HttpStatusCode.OK);
        await using var twin = await app.TwinAsync();
        using var elsewhere = twin.ClientFor(key, address);
        await Eventually.EqualAsync(HttpStatusCode.Forbidden, async () => (await elsewhere.GetAsync("/blog/a-page")).StatusCode);   // the block made meanwhile is told
        Assert.False(app.Services.GetRequiredService<SharedState>().IsAway);
    }

    [Fact]
    public async Task Calls_of_an_account_without_a_limit_are_told_to_identity_once_each_and_those_that_we_failed_are_not()
    {
        var (key, other) = (app.Behind.Identity.Key("enterprise"), app.Behind.Identity.Key("enterprise"));
        Guid Account(string of) => Guid.Parse(app.Behind.Identity.Of(of).TenantId);
        long Counted(string of) => app.Behind.Identity.Counted.GetValueOrDefault(Account(of));
        using var client = app.ClientFor(key);
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);
        using (var refused = new HttpRequestMessage(HttpMethod.Get, "/api/v1/content/pieces") { Headers = { { "X-Stub-Status", "404" } } }) (await client.SendAsync(refused)).Dispose();
        using (var failed = new HttpRequestMessage(HttpMethod.Get, "/api/v1/content/pieces") { Headers = { { "X-Stub-Status", "500" } } }) (await client.SendAsync(failed)).Dispose();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/identity/me")).StatusCode);   // not metered
        await Eventually.EqualAsync(4L, () => Task.FromResult(Counted(key)));

        app.Behind.Identity.LoseAnswerToBatch();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);
        await Eventually.EqualAsync(5L, () => Task.FromResult(Counted(key)));
        using var another = app.ClientFor(other);
        Assert.Equal(HttpStatusCode.OK, (await another.GetAsync("/api/v1/content/pieces")).StatusCode);
        await Eventually.EqualAsync(1L, () => Task.FromResult(Counted(other)));   // told after the batch that was told again
        Assert.Equal(5, Counted(key));
    }

    [Fact]
    public async Task A_gateway_that_stops_tells_first_what_it_has_counted()
    {
        var key = app.Behind.Identity.Key("enterprise");
        await using (var twin = await app.TwinAsync())
        {
            using var client = twin.ClientFor(key);
            for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);
        }
        Assert.Equal(3, app.Behind.Identity.Counted.GetValueOrDefault(Guid.Parse(app.Behind.Identity.Of(key).TenantId)));
    }
}
