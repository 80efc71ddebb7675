using Empire.Contracts.V1;
using Empire.Http;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests.Usage;

/// <summary>The month of an account as a signed-in person spends and sees it.</summary>
public sealed class SessionUsageTests(PeopleApp app) : IClassFixture<PeopleApp>
{
    [Fact]
    public async Task A_session_spends_the_month_like_a_key_and_the_profile_shows_what_is_used()
    {
        var email = await app.RegisteredAsync();
        var browser = await app.BrowserAsync(email);
        var who = (await browser.WhoAsync())!;
        Assert.True(who.Metered);
        Assert.Equal(0, await UsedAsync(browser));
        var answers = await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => SpendAsync(who)));
        Assert.DoesNotContain(false, answers);
        Assert.Equal(7, await UsedAsync(browser));
        using (var again = await app.SignInAsync(email))
            Assert.Equal(7, (await again.JsonAsync()).GetProperty("user").GetProperty("api_calls_used").GetInt64());

        answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => SpendAsync(who)));
        Assert.Equal(93, answers.Count(spent => spent));
        Assert.Equal(100, await UsedAsync(browser)); // the profile itself is not metered

        var other = await app.BrowserAsync(await app.RegisteredAsync());
        Assert.Equal(0, await UsedAsync(other));
    }

    [Fact]
    public async Task At_the_turn_of_the_month_the_profile_begins_at_nothing()
    {
        var email = await app.RegisteredAsync();
        Assert.True(await SpendAsync((await (await app.BrowserAsync(email)).WhoAsync())!));
        var now = app.Clock.GetUtcNow();
        app.Clock.Advance(new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1) - now);
        Assert.Equal(0, await UsedAsync(await app.BrowserAsync(email)));
    }

    private static async Task<long> UsedAsync(Browser browser) => (await browser.ReadAsync("/api/auth/profile")).GetProperty("api_calls_used").GetInt64();

    /// <summary>As the gateway does before a metered request of this caller.</summary>
    private async Task<bool> SpendAsync(AuthenticateReply who)
    {
        using var channel = GrpcChannel.ForAddress(app.Server.BaseAddress, new() { HttpHandler = app.Server.CreateHandler() });
        var caller = new Metadata { { CallerToken.Header, app.Services.GetRequiredService<CallerToken>().Sign(new(new(Guid.Parse(who.TenantId)), who.Actor, who.Role, who.Operator, who.Tier)) } };
        try
        {
            await new Contracts.V1.Identity.IdentityClient(channel).SpendCallAsync(new(), caller);
            return true;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
        {
            return false;
        }
    }
}
