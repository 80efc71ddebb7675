using System.Net;
using System.Net.Http.Json;
using Empire.Testing;

namespace Empire.Gateway.Tests;

/// <summary>A gateway with acquisition installed, whose /api/marketing/analytics is a hot route.</summary>
public class CachingGatewayApp : GatewayApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Gateway:Installed:1", "acquisition")];
}

public sealed class BrieflyCachingGatewayApp : CachingGatewayApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("CACHE_TTL", "1")];
}

/// <summary>It gives a service one second, on a clock that the test moves.</summary>
public sealed class ImpatientCachingGatewayApp : GatewayApp
{
    private readonly TestClock clock;

    public ImpatientCachingGatewayApp() => clock = new(TimeProvider.System.GetUtcNow());

    private ImpatientCachingGatewayApp(ImpatientCachingGatewayApp twin) : base(twin) => clock = twin.clock;

    public override TestClock Clock => clock;

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Gateway:Installed:1", "acquisition"), new("Gateway:RequestTimeoutSeconds", "1")];

    protected override GatewayApp NewTwin() => new ImpatientCachingGatewayApp(this);
}

public sealed class CacheTests(CachingGatewayApp app, BrieflyCachingGatewayApp brief, ImpatientCachingGatewayApp impatient)
    : IClassFixture<CachingGatewayApp>, IClassFixture<BrieflyCachingGatewayApp>, IClassFixture<ImpatientCachingGatewayApp>
{
    private const string Hot = "/api/marketing/analytics";

    [Fact]
    public async Task The_second_call_comes_from_the_cache_until_the_account_changes_something()
    {
        using var client = app.ClientFor(app.Behind.Identity.Key());
        using var other = app.ClientFor(app.Behind.Identity.Key());
        var (first, fresh) = await AskAsync(client);
        Assert.Equal(("miss", (first, "hit")), (fresh, await AskAsync(client)));
        Assert.NotEqual(first, (await AskAsync(other)).Answer);            // another account's answer is its own
        Assert.Equal((first, "hit"), await AskAsync(client));

        Assert.Equal(HttpStatusCode.OK, (await other.PutAsJsonAsync("/api/marketing/5", new { budget = 1 })).StatusCode);
        Assert.Equal((first, "hit"), await AskAsync(client));              // nor does its change matter here
        Assert.Equal(HttpStatusCode.OK, (await client.PutAsJsonAsync("/api/marketing/5", new { budget = 1 })).StatusCode);
        var (second, again) = await AskAsync(client);
        Assert.Equal("miss", again);
        Assert.NotEqual(first, second);

        using var failing = new HttpRequestMessage(HttpMethod.Put, "/api/marketing/5") { Headers = { { "X-Stub-Status", "409" } } };
        await client.SendAsync(failing);
        Assert.Equal((second, "hit"), await AskAsync(client));             // a refused change is none
    }

    [Theory]
    [InlineData("X-Stub-Pace", "drip")]      // the answer has begun and not ended: who changed it may ask already
    [InlineData("X-Stub-Status", "500")]     // it may have been done before the service failed
    public async Task A_change_is_seen_by_whoever_has_its_answer_and_one_that_failed_may_have_been_made(string header, string value)
    {
        using var client = app.ClientFor(app.Behind.Identity.Key());
        var (first, _) = await AskAsync(client);
        using var change = new HttpRequestMessage(HttpMethod.Put, "/api/marketing/5") { Headers = { { header, value } } };
        using var answer = await client.SendAsync(change, HttpCompletionOption.ResponseHeadersRead);
        var (second, fresh) = await AskAsync(client);
        Assert.Equal("miss", fresh);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task A_change_whose_client_left_before_the_answer_may_have_been_made()
    {
        using var client = app.ClientFor(app.Behind.Identity.Key());
        var (first, _) = await AskAsync(client);
        using var leaving = new CancellationTokenSource();
        using var change = new HttpRequestMessage(HttpMethod.Put, "/api/marketing/5") { Headers = { { "X-Stub-Pace", "never" } } };
        var (begun, givenUp, answer) = (app.Behind.Waiting, app.Behind.GivenUp, client.SendAsync(change, leaving.Token));
        await Eventually.TrueAsync(() => app.Behind.Waiting > begun);   // it has reached the service
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await Eventually.TrueAsync(() => app.Behind.GivenUp > givenUp);
        await Eventually.TrueAsync(async () => (await AskAsync(client)).Answer != first);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_kept_anywhere_while_a_change_that_was_given_up_may_still_be_made(bool byItsClient)
    {
        await using var twin = await impatient.TwinAsync();
        var (key, neighbour) = (impatient.Behind.Identity.Key(), impatient.Behind.Identity.Key());
        using var client = impatient.ClientFor(key);
        using var there = twin.ClientFor(key);
        using var other = impatient.ClientFor(neighbour);
        using var leaving = new CancellationTokenSource();
        using var change = new HttpRequestMessage(HttpMethod.Put, "/api/marketing/5") { Headers = { { "X-Stub-Pace", "never" } } };
        var (begun, givenUp, answer) = (impatient.Behind.Waiting, impatient.Behind.GivenUp, client.SendAsync(change, leaving.Token));
        if (byItsClient)
        {
            await Eventually.TrueAsync(() => impatient.Behind.Waiting > begun);
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
            await Eventually.TrueAsync(() => impatient.Behind.GivenUp > givenUp);
        }
        else Assert.Equal(HttpStatusCode.GatewayTimeout, (await answer).StatusCode);

        // The service goes on, and changes what it says when it is done: nobody must be told the old by then.
        foreach (var asking in (HttpClient[])[client, there]) await Eventually.TrueAsync(async () => (await AskAsync(asking)).Answer != (await AskAsync(asking)).Answer);
        for (var minute = 0; minute < 10; minute++)
        {
            Assert.Equal(("miss", "miss"), ((await AskAsync(client)).Cache, (await AskAsync(there)).Cache));
            impatient.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        await AskAsync(other);
        Assert.Equal("hit", (await AskAsync(other)).Cache);   // another account's answers are kept

        impatient.Clock.Advance(TimeSpan.FromMinutes(2));   // it is over, one way or the other
        foreach (var asking in (HttpClient[])[client, there])
        {
            await AskAsync(asking);
            Assert.Equal("hit", (await AskAsync(asking)).Cache);
        }
    }

    [Fact]
    public async Task An_answer_is_kept_for_CACHE_TTL_seconds()
    {
        using var client = brief.ClientFor(brief.Behind.Identity.Key());
        var (first, _) = await AskAsync(client);
        await Eventually.TrueAsync(async () => await AskAsync(client) is ({ } answer, "miss") && answer != first);
    }

    [Fact]
    public async Task Queries_are_told_apart_and_errors_are_not_kept()
    {
        using var client = app.ClientFor(app.Behind.Identity.Key());
        Assert.Equal("miss", (await AskAsync(client, "?from=1")).Cache);
        Assert.Equal("miss", (await AskAsync(client, "?from=2")).Cache);
        client.DefaultRequestHeaders.Add("X-Stub-Status", "500");
        Assert.Equal("miss", (await AskAsync(client, "?from=3")).Cache);
        Assert.Equal("miss", (await AskAsync(client, "?from=3")).Cache);
    }

    private static async Task<(string Answer, string? Cache)> AskAsync(HttpClient client, string query = "")
    {
        using var response = await client.GetAsync(Hot + query);
        var seen = await response.Content.ReadFromJsonAsync<Dictionary<string, string>>();
        return (seen!["answer"], response.Header("X-Cache"));
    }
}
