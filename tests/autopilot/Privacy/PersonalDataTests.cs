using Dapper;
using Empire.Autopilot.Privacy;
using Empire.Testing;

namespace Empire.Autopilot.Tests.Privacy;

public sealed class PersonalDataTests(AutopilotApp app) : IClassFixture<AutopilotApp>
{
    [Fact]
    public async Task What_is_kept_of_a_person_is_told_and_then_no_longer_theirs_while_the_account_keeps_its_rows()
    {
        var (user, tenant) = (Guid.CreateVersion7(), app.Tenant.Value);
        var actor = $"user:{user:N}";
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(
            """
            insert into cycles (id, tenant_id, day, source, state, trigger, plan, requested_by, created_at) values (gen_random_uuid(), @tenant, '2026-03-02', 'networks', 'completed', 'manual', '{}', @actor, now()),
              (gen_random_uuid(), @tenant, '2026-03-02', 'networks', 'completed', 'manual', '{}', 'user:other', now())
            """, new { tenant, actor });
        var probe = new PersonalDataProbe(app.Services, app.Database, app.Tenant, user, "ada@people.example");
        Assert.Equal(1, (await probe.ExportAsync<PersonalData>()).GetProperty("cycles").GetArrayLength());
        Assert.Equal(1, await probe.EraseAsync<PersonalData>());
        Assert.Equal(0, await owner.QuerySingleAsync<int>("select count(*)::int from cycles where requested_by = @actor", new { actor }));
        Assert.Equal(2, await owner.QuerySingleAsync<int>("select count(*)::int from cycles where tenant_id = @tenant", new { tenant }));
        Assert.Equal(0, await probe.EraseAsync<PersonalData>()); // asked again
        Assert.False((await probe.ExportAsync<PersonalData>()).TryGetProperty("cycles", out _));
    }
}
