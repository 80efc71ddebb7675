using System.Net;
using Dapper;
using Empire.Identity.Sessions;
using Empire.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests.Sessions;

/// <summary>Somebody ends all sessions at the moment at which one of them is given a successor.</summary>
public sealed class SessionRaceTests(PeopleApp app) : IClassFixture<PeopleApp>
{
    [Fact]
    public async Task A_session_that_was_ended_while_it_was_switched_has_no_successor()
    {
        var browser = await app.BrowserAsync(await app.RegisteredAsync());
        var (tenant, user) = await WhoAsync(browser);
        await using var ending = await app.OpenAsync();
        await using var transaction = await ending.BeginTransactionAsync();
        await ending.ExecuteAsync("select from users where id = @user for no key update; delete from sessions where user_id = @user", new { user }, transaction);
        var late = browser.PostAsync("/api/auth/switch", new { tenant = tenant.ToString() });
        await WaiterAsync(late);
        await transaction.CommitAsync();
        using var answer = await late;
        Assert.Equal((HttpStatusCode.Forbidden, "SESSION_NEEDED"), (answer.StatusCode, await answer.CodeAsync()));
        Assert.Equal(0, await SessionsAsync(user));
    }

    [Fact]
    public async Task Who_is_removed_while_they_switch_to_the_account_finds_none()
    {
        var browser = await app.BrowserAsync(await app.RegisteredAsync());
        var (_, user) = await WhoAsync(browser);
        var (tenant, _) = await WhoAsync(await app.BrowserAsync(await app.RegisteredAsync()));
        await using var removal = await app.OpenAsync();
        await removal.ExecuteAsync("insert into memberships (tenant_id, user_id, role, created_at) values (@Value, @user, 'member', now())", new { tenant.Value, user });
        await using var transaction = await removal.BeginTransactionAsync();
        await removal.ExecuteAsync("delete from memberships where tenant_id = @Value and user_id = @user", new { tenant.Value, user }, transaction);
        var late = browser.PostAsync("/api/auth/switch", new { tenant = tenant.ToString() });
        await WaiterAsync(late);
        await transaction.CommitAsync();
        using var answer = await late;
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.True(await browser.IsInAsync());   // where they were
    }

    [Fact]
    public async Task Ending_all_others_ends_a_successor_that_was_on_its_way()
    {
        var email = await app.RegisteredAsync();
        var (thief, owner) = (await app.BrowserAsync(email), await app.BrowserAsync(email));
        var (tenant, user) = await WhoAsync(thief);
        await using var switching = await app.Database.BeginSystemAsync(default);
        var session = await SessionTable.FindAsync(switching, SessionToken.Hash(thief.Cookie), default);
        Assert.NotNull(await app.Services.GetRequiredService<SessionIssuer>().StartAsync(switching, new DefaultHttpContext(), user, tenant, session, app.Clock.GetUtcNow(), default));
        var ending = owner.SendAsync(HttpMethod.Delete, "/api/v1/identity/sessions");
        await WaiterAsync(ending);
        switching.NothingToAudit();
        await switching.CommitAsync(default);
        using var ended = await ending;
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        Assert.Equal(1, await SessionsAsync(user));
        Assert.True(await owner.IsInAsync());
    }

    private static async Task<(TenantId Tenant, Guid User)> WhoAsync(Browser browser)
    {
        var who = (await browser.WhoAsync())!;
        return (new(Guid.Parse(who.TenantId)), Guid.ParseExact(who.Actor["user:".Length..], "N"));
    }

    private async Task<int> SessionsAsync(Guid user)
    {
        await using var database = await app.OpenAsync();
        return await database.QuerySingleAsync<int>("select count(*)::int from sessions where user_id = @user", new { user });
    }

    /// <summary>Until the request waits for what the test holds; one that has been answered did not wait.</summary>
    private async Task WaiterAsync(Task request)
    {
        await using var owner = await app.OpenAsync();
        await Eventually.TrueAsync(async () =>
            request.IsCompleted || await owner.QuerySingleAsync<bool>("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"));
        Assert.False(request.IsCompleted, "It did not wait.");
    }
}
