using Dapper;
using Empire.Acquisition.Privacy;
using Empire.Testing;

namespace Empire.Acquisition.Tests.Privacy;

public sealed class PersonalDataTests(AcquisitionApp app) : IClassFixture<AcquisitionApp>
{
    [Fact]
    public async Task Campaigns_and_spend_say_who_made_them_until_that_person_is_forgotten()
    {
        var (user, tenant, campaign) = (Guid.CreateVersion7(), app.Tenant.Value, Guid.CreateVersion7());
        var actor = $"user:{user:N}";
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(
            """
            insert into campaigns (id, tenant_id, name, channel, status, budget_micros, currency, created_by, created_at, updated_at) values (@campaign, @tenant, 'Spring', 'email', 'draft', 0, 'USD', @actor, now(), now());
            insert into campaign_spend (id, tenant_id, campaign_id, micros, currency, spent_on, source, reference, test, recorded_by, recorded_at)
              values (gen_random_uuid(), @tenant, @campaign, 5, 'USD', '2026-03-01', 'printer', '1', false, @actor, now()), (gen_random_uuid(), @tenant, @campaign, 6, 'USD', '2026-03-01', 'printer', '2', false, 'user:other', now())
            """, new { campaign, tenant, actor });
        var probe = new PersonalDataProbe(app.Services, app.Database, app.Tenant, user, "eve@people.example");
        var told = await probe.ExportAsync<PersonalData>();
        Assert.Equal((1, 1), (told.GetProperty("campaigns").GetArrayLength(), told.GetProperty("campaign_spend").GetArrayLength()));
        Assert.Equal(2, await probe.EraseAsync<PersonalData>());
        Assert.Equal("user:erased 11", await owner.QuerySingleAsync<string>("select min(c.created_by) || ' ' || sum(s.micros) from campaigns c join campaign_spend s on s.campaign_id = c.id where c.id = @campaign", new { campaign }));
        Assert.Equal(0, await probe.EraseAsync<PersonalData>());
    }

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
