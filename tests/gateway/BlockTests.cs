using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Gateway.Limits;
using Empire.Gateway.Security;
using Empire.Testing;

namespace Empire.Gateway.Tests;

public sealed class BlockTests(GatewayApp app) : IClassFixture<GatewayApp>
{
    private const string WrongKey = "gopt_wrongwrongwrongwrongwron";

    [Fact]
    public async Task Ten_failed_keys_shut_the_address_out_of_every_route_of_every_instance_until_the_operator_opens_it()
    {
        await using var twin = await app.TwinAsync();
        var address = GatewayApp.NewAddress();
        using var guesser = app.ClientFor(WrongKey, address);
        for (var i = 0; i < 10; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await guesser.GetAsync("/api/v1/content/pieces")).StatusCode);
        using var twinGuesser = twin.ClientFor(StubServices.MemberKey, address);
        await Eventually.EqualAsync(HttpStatusCode.Forbidden, async () => (await twinGuesser.GetAsync("/health")).StatusCode);
        foreach (var path in new[] { "/api/v1/content/pieces", "/", "/docs", "/r/abcdefgh", "/nothing", "/api/nothing" })
        {
            using var shut = await guesser.GetAsync(path);
            Assert.Equal((HttpStatusCode.Forbidden, "ADDRESS_BLOCKED"), (shut.StatusCode, await shut.CodeAsync()));
            Assert.InRange(shut.Headers.RetryAfter!.Delta!.Value.TotalMinutes, 59, 60);
        }
        using var neighbour = app.ClientFor(StubServices.MemberKey);
        Assert.Equal(HttpStatusCode.OK, (await neighbour.GetAsync("/api/v1/content/pieces")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await neighbour.GetAsync("/admin/blocks")).StatusCode);

        using var owner = app.ClientFor(StubServices.OperatorKey);
        Assert.Contains(address, await owner.GetStringAsync("/admin/blocks"), StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => (await EventsAsync(owner)).Any(e => e.Kind == "block" && e.Address == address));
        Assert.Equal(10, (await EventsAsync(owner)).Count(e => e.Kind == "failed_credential" && e.Address == address));
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"/admin/blocks?address={address}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.DeleteAsync($"/admin/blocks?address={address}")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await owner.DeleteAsync("/admin/blocks?address=home")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await guesser.GetAsync("/blog/a-page")).StatusCode);
        await Eventually.EqualAsync(HttpStatusCode.OK, async () => (await twinGuesser.GetAsync("/api/v1/content/pieces")).StatusCode);
    }

    [Fact]
    public async Task Who_runs_the_installation_opens_the_address_they_stand_behind_themselves()
    {
        var address = GatewayApp.NewAddress();
        using var guesser = app.ClientFor(WrongKey, address);
        for (var i = 0; i < 10; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await guesser.GetAsync("/api/v1/content/pieces")).StatusCode);
        using var owner = app.ClientFor(StubServices.OperatorKey, address);
        using var member = app.ClientFor(StubServices.MemberKey, address);
        foreach (var (client, path) in new[] { (guesser, "/admin/blocks"), (member, "/admin/blocks"), (owner, "/api/v1/content/pieces"), (owner, "/admin/security-events") })
        {
            using var shut = await client.GetAsync(path);
            Assert.Equal((HttpStatusCode.Forbidden, "ADDRESS_BLOCKED"), (shut.StatusCode, await shut.CodeAsync()));
        }
        Assert.Contains(address, await owner.GetStringAsync("/admin/blocks"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"/admin/blocks?address={address}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await member.GetAsync("/api/v1/content/pieces")).StatusCode);
    }

    [Fact]
    public async Task Signing_in_and_hanging_up_before_the_answer_counts_as_a_failure()
    {
        var address = GatewayApp.NewAddress();
        using var guesser = app.ClientFor(null, address);
        guesser.DefaultRequestHeaders.Add("X-Stub-Pace", "never");
        using var gone = new CancellationTokenSource();
        var (begun, givenUp) = (app.Behind.Waiting, app.Behind.GivenUp);
        var guesses = Enumerable.Range(0, 10).Select(_ => guesser.PostAsJsonAsync("/api/auth/login", new { email = "ada@example.com", password = "a guess" }, gone.Token)).ToList();
        await Eventually.TrueAsync(() => app.Behind.Waiting >= begun + 10);
        await gone.CancelAsync();
        foreach (var guess in guesses) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guess);
        await Eventually.TrueAsync(() => app.Behind.GivenUp >= givenUp + 10);
        using var shut = app.ClientFor(StubServices.MemberKey, address);
        await Eventually.EqualAsync(HttpStatusCode.Forbidden, async () => (await shut.GetAsync("/api/v1/content/pieces")).StatusCode);
    }

    [Fact]
    public async Task Ten_bad_signatures_are_events_and_shut_the_address_out_of_all_but_what_is_signed()
    {
        await using var twin = await app.TwinAsync();
        var address = GatewayApp.NewAddress();
        using var network = app.ClientFor(null, address);
        for (var i = 0; i < 12; i++) Assert.Equal(HttpStatusCode.Unauthorized, await SentAsync(network, "/api/conversions/meadow", "401"));
        using var member = app.ClientFor(StubServices.MemberKey, address);
        using var shut = await member.GetAsync("/api/v1/content/pieces");
        Assert.Equal((HttpStatusCode.Forbidden, "ADDRESS_BLOCKED"), (shut.StatusCode, await shut.CodeAsync()));
        using var twinNetwork = twin.ClientFor(null, address);
        await Eventually.EqualAsync(HttpStatusCode.Forbidden, async () => (await twinNetwork.GetAsync("/")).StatusCode);
        foreach (var client in (HttpClient[])[network, twinNetwork])
            foreach (var path in (string[])["/api/conversions/meadow", "/api/v1/revenue/webhooks/stripe"]) Assert.Equal(HttpStatusCode.OK, await SentAsync(client, path, "200"));   // a provider's own, from where a stranger has it send theirs

        using var owner = app.ClientFor(StubServices.OperatorKey);
        await Eventually.TrueAsync(async () => (await EventsAsync(owner)).Count(e => e.Kind == "bad_signature" && e.Address == address) >= 10);
        Assert.Single(await EventsAsync(owner), e => e.Kind == "block" && e.Address == address);
        var block = (await owner.GetFromJsonAsync<JsonElement>("/admin/blocks")).GetProperty("data").EnumerateArray().Single(b => b.GetProperty("address").GetString() == address);
        Assert.Equal("signatures", block.GetProperty("for").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"/admin/blocks?address={address}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await member.GetAsync("/api/v1/content/pieces")).StatusCode);
    }

    /// <summary>A network that can only send a fixed header lets its customers set <c>X-Api-Key</c>, and name any path of ours.</summary>
    [Fact]
    public async Task Keys_that_a_stranger_has_a_network_send_shut_it_out_of_all_but_what_is_signed_and_bad_signatures_are_no_guesses()
    {
        await using var twin = await app.TwinAsync();
        var address = GatewayApp.NewAddress();
        using var network = app.ClientFor(null, address);
        network.DefaultRequestHeaders.Add("X-Api-Key", WrongKey);
        for (var i = 0; i < 9; i++) Assert.Equal(HttpStatusCode.Unauthorized, await SentAsync(network, "/api/conversions/meadow", "401"));
        for (var i = 0; i < 9; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await network.GetAsync("/api/v1/content/pieces")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await network.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await network.GetAsync("/api/v1/content/pieces")).StatusCode);
        using var twinNetwork = twin.ClientFor(null, address);
        await Eventually.EqualAsync(HttpStatusCode.Forbidden, async () => (await twinNetwork.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await network.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await SentAsync(network, "/api/auth/login", "200"));
        foreach (var client in (HttpClient[])[network, twinNetwork]) Assert.Equal(HttpStatusCode.OK, await SentAsync(client, "/api/conversions/meadow", "200"));
    }

    [Theory]
    [InlineData("/api/conversions/meadow")]
    [InlineData("/api/v1/content/pieces")]
    public async Task Of_an_address_that_failed_too_often_so_many_signed_messages_at_once_are_looked_at(string failing)
    {
        var address = GatewayApp.NewAddress();
        using var network = app.ClientFor(WrongKey, address);
        for (var i = 0; i < 10; i++) Assert.Equal(HttpStatusCode.Unauthorized, await SentAsync(network, failing, "401"));
        using var flood = app.ClientFor(null, address);
        flood.DefaultRequestHeaders.Add("X-Stub-Pace", "never");
        using var gone = new CancellationTokenSource();
        var begun = app.Behind.Waiting;
        var waiting = Enumerable.Range(0, AtOnce.Most).Select(_ => flood.PostAsJsonAsync("/api/conversions/meadow", new { }, gone.Token)).ToList();
        await Eventually.TrueAsync(() => app.Behind.Waiting >= begun + AtOnce.Most);
        using (var more = await network.PostAsJsonAsync("/api/conversions/meadow", new { })) Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1)), (more.StatusCode, more.Headers.RetryAfter?.Delta));
        using var other = app.ClientFor(null);
        Assert.Equal(HttpStatusCode.OK, await SentAsync(other, "/api/conversions/meadow", "200"));
        await gone.CancelAsync();
        foreach (var one in waiting) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        await Eventually.EqualAsync(HttpStatusCode.OK, () => SentAsync(network, "/api/conversions/meadow", "200"));
    }

    [Fact]
    public async Task Polling_with_an_access_token_that_is_over_shuts_nobody_out()
    {
        var address = GatewayApp.NewAddress();
        using var program = app.ClientFor(StubIdentity.OverToken, address);
        for (var i = 0; i < 12; i++)
        {
            using var over = await program.GetAsync("/api/v1/content/pieces");
            Assert.Equal((HttpStatusCode.Unauthorized, "INVALID_API_KEY"), (over.StatusCode, await over.CodeAsync()));
        }
        using var neighbour = app.ClientFor(StubServices.MemberKey, address);
        Assert.Equal(HttpStatusCode.OK, (await neighbour.GetAsync("/api/v1/content/pieces")).StatusCode);
    }

    [Fact]
    public async Task A_message_that_is_signed_well_and_cannot_be_read_is_no_failure()
    {
        using var network = app.ClientFor(null, GatewayApp.NewAddress());
        network.DefaultRequestHeaders.Add("X-Stub-Status", "400");
        network.DefaultRequestHeaders.Add("X-Stub-Blameless", "1");
        for (var i = 0; i < 12; i++)
        {
            using var answer = await network.PostAsJsonAsync("/api/conversions/meadow", new { });
            Assert.Equal((HttpStatusCode.BadRequest, false), (answer.StatusCode, answer.Headers.Contains(Empire.Http.Blameless.Header)));
        }
    }

    [Fact]
    public async Task A_message_too_long_to_be_signed_by_anyone_is_one_too()
    {
        var address = GatewayApp.NewAddress();
        using var network = app.ClientFor(null, address);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/conversions/meadow") { Content = new ByteArrayContent(new byte[1024 * 1024 + 1]) };
        request.Headers.ExpectContinue = true; // else the refusal may meet a client that is still sending
        using var answer = await network.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        using var owner = app.ClientFor(StubServices.OperatorKey);
        await Eventually.TrueAsync(async () => (await EventsAsync(owner)).Count(e => e.Kind == "bad_signature" && e.Address == address) == 1);
    }

    [Fact]
    public async Task A_try_at_a_locked_sign_in_is_an_event()
    {
        var address = GatewayApp.NewAddress();
        using var client = app.ClientFor(null, address);
        client.DefaultRequestHeaders.Add("X-Stub-Status", "423");
        Assert.Equal(HttpStatusCode.Locked, (await client.PostAsJsonAsync("/api/auth/login", new { email = "a@example.com", password = "x" })).StatusCode);
        using var owner = app.ClientFor(StubServices.OperatorKey);
        await Eventually.TrueAsync(async () => (await EventsAsync(owner)).Any(e => e.Kind == "locked" && e.Address == address && e.Route == "/api/auth/login"));
    }

    [Fact]
    public async Task A_limit_is_an_event_and_the_list_has_pages()
    {
        var address = GatewayApp.NewAddress();
        using var client = app.ClientFor(null, address);
        for (var i = 0; i < 52; i++) await client.PostAsJsonAsync("/api/signup", new { });
        using var owner = app.ClientFor(StubServices.OperatorKey);
        await Eventually.TrueAsync(async () => (await EventsAsync(owner)).Any(e => e.Kind == "limit" && e.Address == address && e.Route == "/api/signup"));
        var first = await owner.GetFromJsonAsync<JsonElement>("/admin/security-events?limit=1");
        var cursor = first.GetProperty("next_cursor").GetString();
        var second = await owner.GetFromJsonAsync<JsonElement>($"/admin/security-events?limit=1&cursor={cursor}");
        Assert.NotEqual(first.GetProperty("data")[0].GetProperty("id").GetString(), second.GetProperty("data")[0].GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await owner.GetAsync("/admin/security-events?cursor=zzz")).StatusCode);
    }

    /// <param name="status">What the service behind says of its signature.</param>
    private static async Task<HttpStatusCode> SentAsync(HttpClient sender, string path, string status)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { }), Headers = { { "X-Stub-Status", status } } };
        using var answer = await sender.SendAsync(message);
        return answer.StatusCode;
    }

    private static async Task<(string Kind, string Address, string? Route)[]> EventsAsync(HttpClient owner) =>
        [.. (await owner.GetFromJsonAsync<JsonElement>("/admin/security-events?limit=200")).GetProperty("data").EnumerateArray()
            .Select(e => (e.GetProperty("kind").GetString()!, e.GetProperty("address").GetString()!, e.GetProperty("route").GetString()))];
}

/// <summary>What is left of a flood in the log and in the list.</summary>
public sealed class FloodTests(SlowGateway app) : IClassFixture<SlowGateway>
{
    private const int Refused = 64;

    [Fact]
    public async Task The_log_has_the_first_refusal_and_then_how_many_more_a_minute_and_the_list_adds_up_to_all()
    {
        var address = GatewayApp.NewAddress();
        using var client = app.ClientFor(null, address);
        await RefusedAsync(Refused, client);
        await RefusedAsync(2, app.ClientFor(null, GatewayApp.NewAddress()));   // another's are counted by themselves
        Assert.Single(Lines());
        app.Clock.Advance(SecurityEvents.SumEvery);
        await Eventually.TrueAsync(() => Lines().Length == 2);
        Assert.EndsWith($": {Refused - 1} more within a minute", Lines()[1], StringComparison.Ordinal);
        using var owner = app.ClientFor(StubServices.OperatorKey);
        await Eventually.EqualAsync((11, Refused), ListedAsync);

        await RefusedAsync(5, client);   // it goes on: no line for the first of them
        Assert.Equal(2, Lines().Length);
        app.Clock.Advance(SecurityEvents.SumEvery);
        await Eventually.TrueAsync(() => Lines().Length == 3);
        Assert.EndsWith(": 5 more within a minute", Lines()[2], StringComparison.Ordinal);
        await Eventually.EqualAsync((16, Refused + 5), ListedAsync);

        var other = GatewayApp.NewAddress();
        await RefusedAsync(2, app.ClientFor(null, other));
        app.Clock.Advance(SecurityEvents.SumEvery);   // a quiet minute, over when the other's sum is said
        await Eventually.TrueAsync(() => app.Log.Of(typeof(SecurityEvents).FullName!).Any(line => line.StartsWith($"Security: limit from {other} ", StringComparison.Ordinal) && line.EndsWith(" 1 more within a minute", StringComparison.Ordinal)));
        Assert.Equal(3, Lines().Length);
        await RefusedAsync(1, client);
        Assert.Equal(4, Lines().Length);
        Assert.DoesNotContain("more within", Lines()[3], StringComparison.Ordinal);

        string[] Lines() => [.. app.Log.Of(typeof(SecurityEvents).FullName!).Where(line => line.StartsWith($"Security: limit from {address} ", StringComparison.Ordinal))];

        async Task<(int Rows, int Sum)> ListedAsync()
        {
            var rows = (await owner.GetFromJsonAsync<JsonElement>("/admin/security-events?limit=200")).GetProperty("data").EnumerateArray().Where(e => e.GetProperty("address").GetString() == address).ToList();
            return (rows.Count, rows.Sum(row => row.GetProperty("count").GetInt32()));
        }

        // As often as it takes: fifty are let in, and a few more where Redis was slow to count them.
        async Task RefusedAsync(int times, HttpClient who)
        {
            for (var asked = 0; times > 0; asked++)
            {
                Assert.True(asked < 300, "Nobody is refused.");
                using var answer = await who.PostAsJsonAsync("/api/signup", new { });
                if (answer.StatusCode == HttpStatusCode.TooManyRequests) times--;
            }
        }
    }
}
