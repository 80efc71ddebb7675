using System.Net;
using System.Net.Http.Json;
using Dapper;
using Empire.Contracts;
using Empire.Http;
using Empire.Identity.Privacy;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests.Tenants;

public sealed class ClosedAccountTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Fact]
    public async Task Closing_and_opening_an_account_is_told_once_each_and_stands_in_its_document()
    {
        var tenant = await app.AccountAsync();
        foreach (var isActive in (bool[])[true, false, false, true])
        {
            using var changed = await app.Operator().PatchAsJsonAsync($"/admin/tenants/{tenant}", new { is_active = isActive });
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
            var shown = await app.Grpc().GetTenantAsync(new(), app.For(new Caller(tenant, "service:autopilot", "service")));
            Assert.Equal(isActive, shown.IsActive);
            Assert.Equal(isActive, (await (await app.Of(tenant).GetAsync(new Uri("/api/v1/identity/me", UriKind.Relative))).JsonAsync()).GetProperty("is_active").GetBoolean());
        }
        Assert.Equal([false], (await app.HeardAsync<AccountClosed>()).Where(fact => fact.TenantId == tenant.Value).Select(fact => fact.Erased));
        Assert.Single(await app.HeardAsync<AccountOpened>(), fact => fact.TenantId == tenant.Value);
    }

    [Fact]
    public async Task The_account_of_its_last_person_is_told_as_closed_for_good()
    {
        var (user, tenant) = (await app.UserAsync(), await app.AccountAsync());
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("insert into memberships (tenant_id, user_id, role, created_at) values (@Value, @user, 'owner', now())", new { tenant.Value, user });
        using (var asked = await app.Of(tenant, actor: $"user:{user:N}").PostAsJsonAsync("/api/v1/identity/privacy/erasures", new { confirm = $"{user:n}@people.example" }))
            Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        app.Clock.Advance(TimeSpan.FromDays(7));
        await Eventually.EqualAsync(1, async () =>
        {
            await app.Services.GetRequiredService<PrivacyProcess>().TurnAsync(default);
            return (await app.HeardAsync<AccountClosed>()).Count(fact => fact.TenantId == tenant.Value && fact.Erased);
        });
    }

    /// <summary>Services hold to the later of two facts: the time of each must be in the order in which they came about.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_account_is_told_as_closed_at_the_time_at_which_it_was_its_turn(bool erased)
    {
        var (user, tenant) = (await app.UserAsync(), await app.AccountAsync());
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("insert into memberships (tenant_id, user_id, role, created_at) values (@Value, @user, 'owner', now())", new { tenant.Value, user });
        if (erased)
        {
            using var asked = await app.Of(tenant, actor: $"user:{user:N}").PostAsJsonAsync("/api/v1/identity/privacy/erasures", new { confirm = $"{user:n}@people.example" });
            Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        }
        await using var before = await app.TestDatabase.OpenAsOwnerAsync();
        await using var transaction = await before.BeginTransactionAsync();
        await before.ExecuteAsync("select from tenants where tenant_id = @Value for update", new { tenant.Value }, transaction);   // somebody opens it
        if (erased) app.Clock.Advance(TimeSpan.FromDays(7));
        var closing = erased ? app.Services.GetRequiredService<PrivacyProcess>().TurnAsync(default)
            : app.Operator().PatchAsJsonAsync($"/admin/tenants/{tenant}", new { is_active = false });
        await Eventually.TrueAsync(() => owner.QuerySingleAsync<bool>("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var opened = app.Clock.GetUtcNow();
        await transaction.CommitAsync();
        await closing;
        await Eventually.EqualAsync(1, async () => (await app.HeardAsync<AccountClosed>()).Count(fact => fact.TenantId == tenant.Value));
        Assert.InRange((await app.HeardAsync<AccountClosed>()).Single(fact => fact.TenantId == tenant.Value).OccurredAt, opened, DateTimeOffset.MaxValue);
    }
}
