using Dapper;
using Empire.Content.Privacy;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Content.Tests.Privacy;

public sealed class PersonalDataTests(ContentApp app) : IClassFixture<ContentApp>
{
    [Fact]
    public async Task What_is_kept_of_a_person_is_told_and_then_no_longer_theirs_while_the_account_keeps_its_rows()
    {
        var (user, tenant) = (Guid.CreateVersion7(), app.Tenant.Value);
        var actor = $"user:{user:N}";
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(
            """
            insert into prompt_choices (tenant_id, kind, version, chosen_by, chosen_at) values (@tenant, 'recipe', 1, @actor, @now),
              (@tenant, 'post', 1, 'user:other', @now)
            """, new { tenant, actor, now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow() });
        var probe = new PersonalDataProbe(app.Services, app.Database, app.Tenant, user, "ada@people.example");
        Assert.Equal(1, (await probe.ExportAsync<PersonalData>()).GetProperty("prompt_choices").GetArrayLength());
        Assert.Equal(1, await probe.EraseAsync<PersonalData>());
        Assert.Equal(0, await owner.QuerySingleAsync<int>("select count(*)::int from prompt_choices where chosen_by = @actor", new { actor }));
        Assert.Equal(2, await owner.QuerySingleAsync<int>("select count(*)::int from prompt_choices where tenant_id = @tenant", new { tenant }));
        Assert.Equal(0, await probe.EraseAsync<PersonalData>()); // asked again
        Assert.False((await probe.ExportAsync<PersonalData>()).TryGetProperty("prompt_choices", out _));
    }
}
