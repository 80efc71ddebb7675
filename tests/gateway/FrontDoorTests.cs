using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Empire.Http;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Empire.Gateway.Tests;

public sealed class FrontDoorTests(GatewayApp app) : IClassFixture<GatewayApp>
{
    private const string Caller = "X-Empire-Caller";
    private const string Client = "X-Empire-Client";

    private CallerToken Tokens => app.Services.GetRequiredService<CallerToken>();

    [Theory]
    [InlineData(null)]
    [InlineData("gopt_000000000000000000000000")]
    [InlineData("notakey")]
    public async Task Without_a_good_key_an_api_path_answers_401(string? key)
    {
        using var client = app.ClientFor(key);
        using var response = await client.GetAsync("/api/v1/content/pieces");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("INVALID_API_KEY", await response.CodeAsync());
    }

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("X-Api-Key", "")]
    public async Task The_service_behind_gets_a_signed_caller_and_never_the_key(string header, string scheme)
    {
        using var client = app.ClientFor(null);
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, scheme + StubServices.MemberKey);
        var seen = await client.SeenAsync("/api/v1/content/pieces");
        var caller = Tokens.Verify(seen[Caller]);
        Assert.Equal((StubIdentity.Tenant, "owner", false, "enterprise"), (caller!.Tenant.Value, caller.Role, caller.Operator, caller.Tier));
        Assert.DoesNotContain(seen.Values, value => value.Contains(StubServices.MemberKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_key_of_an_agent_may_stand_in_the_body_which_arrives_unchanged()
    {
        using var client = app.ClientFor(null);
        var body = $$"""{"gpu_data": [ {"api_key": "not this"} ],   "api_key":"{{app.Behind.Identity.Key()}}"}""";
        using var response = await client.PostAsync("/api/track-usage", new StringContent(body, Encoding.UTF8, "application/json"));
        var seen = await response.Content.ReadFromJsonAsync<Dictionary<string, string>>();
        Assert.Equal((HttpStatusCode.OK, body), (response.StatusCode, seen!["body"]));
        Assert.NotNull(Tokens.Verify(seen[Caller]));

        using var inHeader = app.ClientFor(app.Behind.Identity.Key());
        Assert.Equal(HttpStatusCode.OK, (await inHeader.PostAsJsonAsync("/api/track-usage", new { gpu_data = Array.Empty<int>() })).StatusCode);
        using var elsewhere = await client.PostAsync("/api/seo/content", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal((HttpStatusCode.Unauthorized, "INVALID_API_KEY"), (elsewhere.StatusCode, await elsewhere.CodeAsync()));   // the row does not say so there
    }

    [Theory]
    [InlineData("""{"api_key": 5}""")]
    [InlineData("""{"api_key": "\ud800"}""")] // half a surrogate pair: JSON, and no text
    [InlineData("""{"api_key": "gopt_wrongwrongwrongwrongwr"}""")]
    [InlineData("{{{")]
    [InlineData("")]
    public async Task A_body_without_a_good_key_answers_401(string body)
    {
        using var client = app.ClientFor(null);
        using var response = await client.PostAsync("/api/track-usage", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal((HttpStatusCode.Unauthorized, "INVALID_API_KEY"), (response.StatusCode, await response.CodeAsync()));
    }

    [Fact]
    public async Task An_access_token_is_shown_to_identity_as_one()
    {
        app.Behind.Identity.Know("token:aaa.bbb.ccc", new() { TenantId = StubIdentity.Tenant.ToString(), Actor = "user:7", Role = "member", Tier = "enterprise", CacheSeconds = 1 });
        using var client = app.ClientFor("aaa.bbb.ccc");
        Assert.Equal("user:7", Tokens.Verify((await client.SeenAsync("/api/v1/content/pieces"))[Caller])!.Actor);
    }

    [Fact]
    public async Task Identity_alone_sees_by_what_a_person_came_and_nothing_besides()
    {
        app.Behind.Identity.Know("token:ddd.eee.fff", new() { TenantId = StubIdentity.Tenant.ToString(), Actor = "user:8", Role = "member", Tier = "enterprise" });
        foreach (var (key, seenBy) in new[] { ("ddd.eee.fff", "Bearer ddd.eee.fff"), (StubServices.MemberKey, null) })
        {
            using var client = app.ClientFor(key);
            client.DefaultRequestHeaders.Add("Cookie", "theme=dark; __Host-empire-session=s9");
            client.DefaultRequestHeaders.Add("X-Api-Key", "gopt_anotheranotheranotheran");
            var atIdentity = await client.SeenAsync("/api/auth/profile");
            Assert.Equal((seenBy, "theme=dark", false), (atIdentity.GetValueOrDefault("Authorization"), atIdentity["Cookie"], atIdentity.ContainsKey("X-Api-Key")));
            var elsewhere = await client.SeenAsync("/api/v1/content/pieces");
            Assert.Equal((null, "theme=dark", false), (elsewhere.GetValueOrDefault("Authorization"), elsewhere["Cookie"], elsewhere.ContainsKey("X-Api-Key")));
        }
    }

    [Theory]
    [InlineData("GET", "/r/abcdefgh", null, "theme=dark")]                                         // Public
    [InlineData("POST", "/api/auth/login", null, "theme=dark; __Host-empire-session=s9")]          // Open: the session that they have is ended
    [InlineData("POST", "/api/conversions/meadow", "the network's secret", "theme=dark")]          // Signed: X-Api-Key is the sender's own
    public async Task Where_nobody_asks_for_a_credential_none_gets_through(string method, string path, string? key, string cookies)
    {
        using var client = app.ClientFor(StubServices.MemberKey);
        using var request = new HttpRequestMessage(new(method), path) { Content = method == "POST" ? JsonContent.Create(new { }) : null };
        request.Headers.Add("Cookie", "theme=dark; __Host-empire-session=s9");
        request.Headers.Add("X-Api-Key", "the network's secret");
        using var answer = await client.SendAsync(request);
        var seen = (await answer.Content.ReadFromJsonAsync<Dictionary<string, string>>())!;
        Assert.Equal((null, key, cookies), (seen.GetValueOrDefault("Authorization"), seen.GetValueOrDefault("X-Api-Key"), seen.GetValueOrDefault("Cookie")));
    }

    [Fact]
    public async Task A_caller_or_address_that_a_client_claims_is_dropped_even_when_it_is_well_signed()
    {
        var address = GatewayApp.NewAddress();
        using var client = app.ClientFor(StubServices.MemberKey, address);
        client.DefaultRequestHeaders.Add(Caller, Tokens.Sign(new(new(Guid.CreateVersion7()), "user:evil", "owner", true)));
        client.DefaultRequestHeaders.Add(Client, Tokens.SignAddress(IPAddress.Parse("198.51.100.1")));
        var seen = await client.SeenAsync("/api/v1/content/pieces");
        Assert.Equal("key:member", Tokens.Verify(seen[Caller])!.Actor);
        Assert.Equal(address, Tokens.VerifyAddress(seen[Client])!.ToString());
        Assert.False((await client.SeenAsync("/blog/a-page")).ContainsKey(Caller));
    }

    [Fact]
    public async Task A_forwarded_address_counts_from_a_trusted_proxy_only_and_as_far_as_the_chain_is_trusted()
    {
        using var chain = app.ClientFor(StubServices.MemberKey, "198.51.100.66, 203.0.113.200");   // the first one is the client's own claim
        Assert.Equal("203.0.113.200", Tokens.VerifyAddress((await chain.SeenAsync("/api/v1/content/pieces"))[Client])!.ToString());
    }

    [Fact]
    public async Task A_key_is_checked_once_for_the_seconds_identity_allows()
    {
        using var client = app.ClientFor(app.Behind.Identity.Key());
        await client.GetAsync("/api/v1/content/pieces");
        var asked = app.Behind.Identity.Asked;
        for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);
        Assert.Equal(asked, app.Behind.Identity.Asked);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_revoked_key_is_dead_as_soon_as_identity_says_so(bool wholeTenant)
    {
        var key = app.Behind.Identity.Key(with: reply => reply.CacheSeconds = 300);
        var tenant = app.Behind.Identity.Of(key).TenantId;
        using var client = app.ClientFor(key);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);
        app.Behind.Identity.Forget(key);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);   // it was not told yet
        using var redis = await ConnectionMultiplexer.ConnectAsync(app.Redis.Address);
        await redis.GetSubscriber().PublishAsync("identity:revoked", wholeTenant ? $"tenant:{tenant}" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
        await Eventually.EqualAsync(HttpStatusCode.Unauthorized, async () => (await client.GetAsync("/api/v1/content/pieces")).StatusCode);
    }

    /// <summary>A channel can fall silent without anybody being told: what is said on it is lost.</summary>
    [Fact]
    public async Task What_was_revoked_while_a_channel_was_silent_is_dead_once_that_is_noticed()
    {
        await using var deaf = new GatewayApp();
        await deaf.InitializeAsync();
        var key = deaf.Behind.Identity.Key(with: reply => reply.CacheSeconds = 300);
        using var client = deaf.ClientFor(key);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);
        await deaf.Services.GetRequiredService<IConnectionMultiplexer>().GetSubscriber().UnsubscribeAllAsync();
        deaf.Behind.Identity.Forget(key);
        // Within the minute after which any answer is asked for anew.
        await Eventually.EqualAsync(HttpStatusCode.Unauthorized, async () => (await client.GetAsync("/api/v1/content/pieces")).StatusCode, TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task An_inactive_account_answers_403_with_the_reason()
    {
        using var client = app.ClientFor("gopt_inactiveinactiveinactive");
        using var response = await client.GetAsync("/api/recipes");
        Assert.Equal((HttpStatusCode.Forbidden, "ACCOUNT_INACTIVE"), (response.StatusCode, await response.CodeAsync()));
    }

    [Fact]
    public async Task A_key_does_what_its_scopes_say()
    {
        using var client = app.ClientFor(app.Behind.Identity.Key(with: reply => reply.Scopes.AddRange(["content:read", "social:write"])));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync("/api/social/post", new { })).StatusCode);
        foreach (var (method, path) in new[] { (HttpMethod.Post, "/api/v1/content/pieces"), (HttpMethod.Get, "/api/social/calendar"), (HttpMethod.Get, "/api/v1/autopilot/cycles") })
        {
            using var response = await client.SendAsync(new(method, path));
            Assert.Equal((HttpStatusCode.Forbidden, "MISSING_SCOPE"), (response.StatusCode, await response.CodeAsync()));
        }
    }

    [Fact]
    public async Task A_whitelist_is_asked_at_each_request_and_a_refusal_is_an_event()
    {
        var key = app.Behind.Identity.Key(with: reply => reply.AllowedNetworks.Add("10.0.0.0/8"));
        using var inside = app.ClientFor(key, "10.1.2.3");
        using var outside = app.ClientFor(key);
        Assert.Equal(HttpStatusCode.OK, (await inside.GetAsync("/api/v1/content/pieces")).StatusCode);
        using var response = await outside.GetAsync("/api/v1/content/pieces");   // from what was cached for the address inside
        Assert.Equal((HttpStatusCode.Forbidden, "NETWORK_NOT_ALLOWED"), (response.StatusCode, await response.CodeAsync()));
        using var owner = app.ClientFor(StubServices.OperatorKey);
        await Eventually.TrueAsync(async () => (await owner.GetStringAsync("/admin/security-events")).Contains("network_refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_changes_things_only_with_its_antiforgery_token()
    {
        app.Behind.Identity.Know("session:s1", new() { TenantId = StubIdentity.Tenant.ToString(), Actor = "user:1", Role = "owner", Tier = "enterprise", AntiforgeryToken = "the token" });
        using var client = app.ClientFor(null);
        client.DefaultRequestHeaders.Add("Cookie", "theme=dark; __Host-empire-session=s1");
        var seen = await client.SeenAsync("/api/v1/content/pieces");
        Assert.Equal(("user:1", "theme=dark"), (Tokens.Verify(seen[Caller])!.Actor, seen["Cookie"]));
        Assert.Contains("__Host-empire-session=s1", (await client.SeenAsync("/api/auth/profile"))["Cookie"], StringComparison.Ordinal);   // identity's own, to be ended

        foreach (var content in new HttpContent?[] { null, JsonContent.Create(new { csrf_token = "the token" }), new FormUrlEncodedContent([new("csrf_token", "wrong")]) })
        {
            using var refused = await client.PostAsync("/api/social/post", content);
            Assert.Equal((HttpStatusCode.BadRequest, "INVALID_CSRF_TOKEN"), (refused.StatusCode, await refused.CodeAsync()));
        }
        using var form = await client.PostAsync("/api/social/post", new FormUrlEncodedContent([new("text", "hello"), new("csrf_token", "the token")]));
        Assert.Equal("text=hello&csrf_token=the+token", (await form.Content.ReadFromJsonAsync<Dictionary<string, string>>())!["body"]);
        client.DefaultRequestHeaders.Add("X-CSRF-Token", "the token");
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync("/api/social/post", new { })).StatusCode);
        app.Behind.Identity.Forget("session:s1");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);   // sessions are never cached
    }

    [Fact]
    public async Task Only_the_operator_throws_the_kill_switch_and_learns_who_confirmed()
    {
        using var member = app.ClientFor(StubServices.MemberKey);
        Assert.Equal(HttpStatusCode.Forbidden, (await member.PostAsJsonAsync("/api/v1/effects/halt", new { reason = "no" })).StatusCode);
        using var owner = app.ClientFor(StubServices.OperatorKey);
        using var response = await owner.PostAsJsonAsync("/api/v1/effects/halt", new { reason = "something is wrong" });
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.GetProperty("everywhere").GetBoolean());
        Assert.Equal("confirmed", answer.GetProperty("services").GetProperty("publishing").GetString());
        Assert.Equal(Routing.RouteTable.WithEffects.Count, app.Behind.Halts.Count);
        Assert.All(app.Behind.Halts, token => Assert.True(Tokens.Verify(token)!.Operator));
    }

    [Fact]
    public async Task Grpc_streams_pass_with_a_key_and_are_refused_in_their_own_language_without()
    {
        var method = new Grpc.Core.Method<string, string>(Grpc.Core.MethodType.DuplexStreaming, "empire.telemetry.Telemetry", "Ingest", Text, Text);
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(app.Http2);
        var calls = channel.CreateCallInvoker();
        using var call = calls.AsyncDuplexStreamingCall(method, null, new(new Grpc.Core.Metadata { { "authorization", $"Bearer {app.Behind.Identity.Key()}" } }, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(60)));
        for (var i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync($"sample {i}");
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            Assert.Equal($"sample {i}", call.ResponseStream.Current);
        }
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.StartsWith("key:", Tokens.Verify(call.GetTrailers().GetValue("x-empire-caller"))!.Actor, StringComparison.Ordinal);

        using var refused = calls.AsyncDuplexStreamingCall(method, null, new(new Grpc.Core.Metadata(), TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(60)));
        var e = await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => refused.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(Grpc.Core.StatusCode.Unauthenticated, e.StatusCode);
    }

    private static Grpc.Core.Marshaller<string> Text { get; } = new(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);
}
