using Dapper;
using Empire.Acquisition.Privacy;
using Empire.Testing;

namespace Empire.Acquisition.Tests.Privacy;

public sealed class PersonalDataTests(AcquisitionApp app) : IClassFixture<AcquisitionApp>
{
    [Fact]
    public async Task What_is_kept_of_a_person_is_told_and_then_no_longer_theirs_while_the_account_keeps_its_rows()
    {
        var (user, tenant) = (Guid.CreateVersion7(), app.Tenant.Value);
        var actor = $"user:{user:N}";
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(
            """
            insert into mails (id, tenant_id, mail_key, template, recipient, state, test, planned_at, settled_at) values (gen_random_uuid(), @tenant, 'a', 'welcome', 'Ada@People.example', 'sent', true, now(), now()),
              (gen_random_uuid(), @tenant, 'b', 'welcome', 'bob@people.example', 'sent', true, now(), now());
            insert into kernel.effects (id, tenant_id, kind, key, intent, state, due_at, planned_at, settled_at) values (gen_random_uuid(), @tenant, 'mail.send', 'a', '{"template": "welcome", "recipient": "Ada@People.example", "values": {"name": "ada@people.example"}, "secrets": {}}', 'succeeded', now(), now(), now());
            insert into bounces (tenant_id, address, reason, bounced_at) values (@tenant, 'ada@people.example', 'no such mailbox', now())
            """, new { tenant, actor });
        var probe = new PersonalDataProbe(app.Services, app.Database, app.Tenant, user, "ada@people.example");
        Assert.Equal(1, (await probe.ExportAsync<PersonalData>()).GetProperty("mails").GetArrayLength());
        Assert.Equal(3, await probe.EraseAsync<PersonalData>());
        Assert.Equal(0, await owner.QuerySingleAsync<int>("select (select count(*)::int from mails where lower(recipient) = 'ada@people.example') + (select count(*)::int from bounces) + (select count(*)::int from kernel.effects where lower(intent::text) like '%ada@people.example%')", new { actor }));
        Assert.Equal(2, await owner.QuerySingleAsync<int>("select count(*)::int from mails where tenant_id = @tenant", new { tenant }));
        Assert.Equal(0, await probe.EraseAsync<PersonalData>()); // asked again
        Assert.False((await probe.ExportAsync<PersonalData>()).TryGetProperty("mails", out _));
    }
}
