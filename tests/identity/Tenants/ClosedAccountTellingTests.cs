using System.Net;
using System.Net.Http.Json;
using Dapper;
using Empire.Contracts;
using Empire.Identity.Tenants;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests.Tenants;

public sealed class ClosedAccountTellingTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Fact]
    public async Task What_was_closed_before_anybody_was_told_of_it_is_told_once_with_the_time_of_its_closing()
    {
        var (closed, open, erased) = (await app.AccountAsync(), await app.AccountAsync(), await app.AccountAsync());
        var at = app.Clock.GetUtcNow();
        await CloseAsync(closed);
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("delete from heard where type like '%AccountClosed'");
        await owner.ExecuteAsync("update tenants set closed_told_at = null where tenant_id = @Value", new { closed.Value });
        await owner.ExecuteAsync("update tenants set is_active = false, name = 'erased' where tenant_id = @Value", new { erased.Value });
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        var telling = app.Services.GetRequiredService<ClosedAccountTelling>();
        while (await telling.TellAsync(default) > 0) { }
        while (await telling.TellAsync(default) > 0) { }

        var told = (await app.HeardAsync<AccountClosed>()).ToDictionary(fact => fact.TenantId); // each once
        Assert.Equal(new[] { closed.Value, erased.Value }.Order(), told.Keys.Order());
        Assert.Equal((false, true), (told[closed.Value].Erased, told[erased.Value].Erased));
        Assert.InRange(told[closed.Value].OccurredAt, at, at.AddMinutes(1));
        Assert.DoesNotContain(open.Value, told.Keys);
    }

    [Fact]
    public async Task What_is_closed_now_is_told_by_its_closing_alone_also_after_it_was_open_again()
    {
        var account = await app.AccountAsync();
        await CloseAsync(account);
        await CloseAsync(account, open: true);
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        Assert.True(await owner.QuerySingleAsync<bool>("select closed_told_at is null from tenants where tenant_id = @Value", new { account.Value }));
        await CloseAsync(account);
        await app.Services.GetRequiredService<ClosedAccountTelling>().TellAsync(default);
        Assert.Equal(2, (await app.HeardAsync<AccountClosed>()).Count(fact => fact.TenantId == account.Value));
    }

    private async Task CloseAsync(TenantId account, bool open = false)
    {
        using var changed = await app.Operator().PatchAsJsonAsync($"/admin/tenants/{account}", new { is_active = open });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }
}
