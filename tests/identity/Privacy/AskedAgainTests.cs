using System.Net;
using System.Net.Http.Json;
using Dapper;
using Empire.Contracts;
using Empire.Identity.Privacy;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests.Privacy;

public sealed class AskedAgainTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Fact]
    public async Task Asked_again_an_erasure_says_when_it_was_asked_first_so_that_whoever_has_come_back_is_not_meant()
    {
        var (ada, tenant) = (await app.UserAsync(), await app.AccountAsync());
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("insert into memberships (tenant_id, user_id, role, created_at) values (@Value, @ada, 'owner', now())", new { tenant.Value, ada });
        using var asked = await app.Of(tenant, actor: $"user:{ada:N}").PostAsJsonAsync("/api/v1/identity/privacy/erasures", new { confirm = $"{ada:n}@people.example" });
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        foreach (var (wait, times) in ((TimeSpan, int)[])[(TimeSpan.FromDays(7), 1), (TimeSpan.FromMinutes(15), 2), (TimeSpan.FromDays(1), 4)]) // begun, reminded, and a day later reminded and asked again
        {
            app.Clock.Advance(wait);
            await Eventually.TrueAsync(async () =>
            {
                await app.Services.GetRequiredService<PrivacyProcess>().TurnAsync(default);
                return (await ToldAsync()).Count >= times;
            });
        }
        var told = await ToldAsync();
        Assert.Equal(told[0].OccurredAt, told[0].FirstAskedAt!.Value, TimeSpan.FromSeconds(1));
        Assert.All(told, one => Assert.Equal(told[0].FirstAskedAt!.Value, one.FirstAskedAt!.Value, TimeSpan.FromMilliseconds(1)));

        async Task<List<PersonalDataErasureRequested>> ToldAsync() => [.. (await app.HeardAsync<PersonalDataErasureRequested>()).Where(e => e.UserId == ada)];
    }
}
