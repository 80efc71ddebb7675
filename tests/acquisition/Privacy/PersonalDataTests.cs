using Dapper;
using Empire.Acquisition.Mail;
using Empire.Acquisition.Privacy;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

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
        Assert.Equal(0, await owner.QuerySingleAsync<int>("select (select count(*)::int from mails where lower(recipient) = 'ada@people.example') + (select count(*)::int from bounces where address = 'ada@people.example') + (select count(*)::int from kernel.effects where lower(intent::text) like '%ada@people.example%')", new { actor }));
        Assert.Equal(2, await owner.QuerySingleAsync<int>("select count(*)::int from mails where tenant_id = @tenant and mail_key in ('a', 'b')", new { tenant }));
        Assert.Equal(0, await probe.EraseAsync<PersonalData>()); // asked again
        Assert.False((await probe.ExportAsync<PersonalData>()).TryGetProperty("mails", out _));
    }

    [Fact]
    public async Task A_mail_under_way_is_let_finish_and_then_names_nobody_and_one_that_waits_for_a_person_is_given_up()
    {
        var fact = app.SignUp("flo@people.example");
        await app.Sandbox.ArmAsync("temporary", fact.Email, "RCPT", count: 1_000_000);
        await app.PublishAsync(fact);
        await Eventually.TrueAsync(async () => await app.EffectStateAsync(fact.Email) is not null);
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        var probe = new PersonalDataProbe(app.Services, app.Database, app.Tenant, fact.UserId, fact.Email);
        Assert.Null(await probe.TryEraseAsync<PersonalData>()); // not done while the mail is tried
        Assert.Equal(1, await KeptAsync(fact.Email));

        await app.Sandbox.DisarmAsync();
        await Eventually.EqualAsync(0, () => KeptAsync(fact.Email)); // taken, and with that forgotten
        Assert.NotNull(await probe.TryEraseAsync<PersonalData>());

        await owner.ExecuteAsync(
            """
            insert into mails (id, tenant_id, mail_key, template, recipient, state, test, planned_at) values (gen_random_uuid(), @Value, 'held', 'welcome', @Email, 'planned', true, now());
            insert into kernel.effects (id, tenant_id, kind, key, intent, state, due_at, planned_at) values (gen_random_uuid(), @Value, 'mail.send', 'held', jsonb_build_object('template', 'welcome', 'recipient', @Email), 'held', now(), now())
            """, new { app.Tenant.Value, fact.Email });
        Assert.NotNull(await probe.TryEraseAsync<PersonalData>());
        Assert.Equal(0, await KeptAsync(fact.Email));
        Assert.Equal(("refused", "rejected"), await owner.QuerySingleAsync<(string, string)>("select m.state, e.state from mails m join kernel.effects e on e.key = m.mail_key where m.mail_key = 'held'"));

        await app.PublishAsync(new Contracts.NewSignIn { TenantId = app.Tenant.Value, UserId = fact.UserId, Email = fact.Email, OccurredAt = fact.OccurredAt }); // from an error queue
        var later = new Contracts.NewSignIn { TenantId = app.Tenant.Value, UserId = Guid.CreateVersion7(), Email = fact.Email, OccurredAt = TimeProvider.System.GetUtcNow() }; // somebody new with the same address
        await app.PublishAsync(later);
        await app.SettledAsync("sent", fact.Email);
        Assert.Equal(1, await owner.QuerySingleAsync<int>("select count(*)::int from mails where recipient = @Email", new { fact.Email }));
    }

    [Fact]
    public async Task Who_has_come_back_with_the_address_is_not_reached_by_the_erasure_that_is_asked_again()
    {
        var (tenant, email, asked) = (app.Tenant.Value, $"{Guid.CreateVersion7():n}@people.example", TimeProvider.System.GetUtcNow());
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        var probe = new PersonalDataProbe(app.Services, app.Database, app.Tenant, Guid.CreateVersion7(), email);
        const string sent = "insert into mails (id, tenant_id, mail_key, template, recipient, state, test, planned_at, settled_at) values (gen_random_uuid(), @tenant, gen_random_uuid(), 'welcome', @email, 'sent', true, now(), now())";
        await owner.ExecuteAsync(sent, new { tenant, email });
        Assert.Equal(1, await probe.TryEraseAsync<PersonalData>(asked));
        await owner.ExecuteAsync(sent, new { tenant, email });
        await owner.ExecuteAsync(
            """
            insert into kernel.effects (id, tenant_id, kind, key, intent, state, due_at, planned_at) values (gen_random_uuid(), @tenant, 'mail.send', gen_random_uuid(), jsonb_build_object('recipient', @email), 'held', now(), now())
            """, new { tenant, email });
        Assert.Equal(0, await probe.TryEraseAsync<PersonalData>(asked)); // and what is under way for the newcomer holds up no answer
        Assert.Equal(1, await KeptAsync(email));
        Assert.Equal(2, await probe.TryEraseAsync<PersonalData>(TimeProvider.System.GetUtcNow())); // they want to be forgotten, too
        Assert.Equal(0, await KeptAsync(email));
    }

    [Fact]
    public async Task A_mail_that_is_planned_while_its_recipient_is_forgotten_names_nobody_in_the_end()
    {
        var (email, key) = ($"{Guid.CreateVersion7():n}@people.example", $"{Guid.CreateVersion7():n}");
        var probe = new PersonalDataProbe(app.Services, app.Database, app.Tenant, Guid.CreateVersion7(), email);
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await using var watch = await app.TestDatabase.OpenAsOwnerAsync();
        await using var held = await owner.BeginTransactionAsync();
        await owner.ExecuteAsync("lock table kernel.quotas in exclusive mode", transaction: held); // the planning has looked who is forgotten, and not yet written
        var planning = PlanAsync();
        await Eventually.TrueAsync(() => WaitsAsync("relation"));
        var erasing = probe.TryEraseAsync<PersonalData>();
        await Eventually.TrueAsync(async () => erasing.IsCompleted || await WaitsAsync("advisory"));
        await held.CommitAsync();
        await planning;
        await erasing;
        await Eventually.EqualAsync("sent", () => watch.QuerySingleAsync<string>("select state from mails where mail_key = @key", new { key }));
        await Eventually.EqualAsync(0, () => KeptAsync(email), TimeSpan.FromSeconds(20));

        async Task PlanAsync()
        {
            await using var work = await app.Database.BeginAsync(app.Tenant, default);
            await ActivatorUtilities.CreateInstance<MailPlanner>(app.Services).PlanAsync(work, new Letter("account-closed", key, email, AskedFor: true, work.Now).With("account", "a").With("occurred", "today"), default);
            await work.CommitAsync(default);
        }

        Task<bool> WaitsAsync(string what) => watch.QuerySingleAsync<bool>(
            "select exists (select from pg_locks where not granted and locktype = @what and database = (select oid from pg_database where datname = current_database()))", new { what });
    }

    [Fact]
    public async Task A_mail_that_bounces_while_its_recipient_is_forgotten_leaves_no_address()
    {
        var (email, key, id) = ($"{Guid.CreateVersion7():n}@people.example", $"{Guid.CreateVersion7():n}", Guid.CreateVersion7());
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(
            """
            insert into mails (id, tenant_id, mail_key, template, recipient, state, test, planned_at) values (@id, @Value, @key, 'welcome', @email, 'planned', true, now());
            insert into kernel.effects (id, tenant_id, kind, key, intent, state, due_at, planned_at, lease_until) values (@id, @Value, 'mail.send', @key, jsonb_build_object('recipient', @email), 'running', now(), now(), now() + interval '1 hour')
            """, new { id, app.Tenant.Value, key, email });
        Task bouncing;
        await using (var erasing = await app.Database.BeginAsync(app.Tenant, default))
        {
            await ActivatorUtilities.CreateInstance<PersonalData>(app.Services).HandleAsync(
                new Contracts.PersonalDataErasureRequested { TenantId = app.Tenant.Value, RequestId = id, UserId = id, Email = email, OccurredAt = erasing.Now }, erasing, default);
            bouncing = BounceAsync();
            await Eventually.TrueAsync(async () => bouncing.IsCompleted || await owner.QuerySingleAsync<bool>(
                "select exists (select from pg_locks where not granted and locktype = 'advisory' and database = (select oid from pg_database where datname = current_database()))"));
            await erasing.CommitAsync(default);
        }
        await bouncing;
        Assert.Equal(0, await owner.QuerySingleAsync<int>("select count(*)::int from bounces where address = @email", new { email }));

        async Task BounceAsync()
        {
            await using var work = await app.Database.BeginAsync(app.Tenant, default);
            await using var scope = app.Services.CreateAsyncScope();
            await ActivatorUtilities.CreateInstance<SendMailHandler>(scope.ServiceProvider).SettledAsync(
                new(id, key, new("welcome", email, new Dictionary<string, string>(), new Dictionary<string, SealedValue>(), null, true), false, null, $"{SmtpPost.BouncePrefix}no such mailbox", work.Now), work, default);
            await work.CommitAsync(default);
        }
    }

    [Theory]
    [InlineData("code filter alone")]
    [InlineData("database alone")]
    public async Task A_person_in_two_accounts_is_forgotten_in_one_whichever_wall_stands(string wall)
    {
        var (user, other, email) = (Guid.CreateVersion7(), TenantId.New(TimeProvider.System.GetUtcNow()), $"{Guid.CreateVersion7():n}@people.example");
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        foreach (var tenant in (Guid[])[app.Tenant.Value, other.Value])
            await owner.ExecuteAsync(
                """
                insert into mails (id, tenant_id, mail_key, template, recipient, state, test, planned_at, settled_at) values (gen_random_uuid(), @tenant, @email, 'welcome', @email, 'sent', true, now(), now());
                insert into bounces (tenant_id, address, reason, bounced_at) values (@tenant, @email, 'no such mailbox', now());
                insert into campaigns (id, tenant_id, name, channel, status, budget_micros, currency, created_by, created_at, updated_at) values (gen_random_uuid(), @tenant, 'Spring', 'email', 'draft', 0, 'USD', @actor, now(), now())
                """, new { tenant, email, actor = $"user:{user:N}" });
        string[] tables = ["mails", "bounces", "campaigns"];
        if (wall == "database alone") PersonalDataProbe.CodeFilterIsOff = true;
        else foreach (var table in tables) await owner.ExecuteAsync($"alter table {table} disable row level security");
        try
        {
            var probe = new PersonalDataProbe(app.Services, app.Database, app.Tenant, user, email);
            Assert.Equal(1, (await probe.ExportAsync<PersonalData>()).GetProperty("mails").GetArrayLength());
            Assert.Equal(3, await probe.EraseAsync<PersonalData>());
        }
        finally
        {
            PersonalDataProbe.CodeFilterIsOff = false;
            foreach (var table in tables) await owner.ExecuteAsync($"alter table {table} enable row level security");
        }
        Assert.Equal((1, 1, 1), await owner.QuerySingleAsync<(int, int, int)>(
            "select (select count(*)::int from mails where recipient = @email), (select count(*)::int from bounces where address = @email), (select count(*)::int from campaigns where created_by = @actor)", new { email, actor = $"user:{user:N}" }));
    }

    private async Task<int> KeptAsync(string email)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        return await owner.QuerySingleAsync<int>(
            "select (exists (select from mails where lower(recipient) = @email) or exists (select from bounces where address = @email) or exists (select from kernel.effects e where lower(e::text) like '%' || @email || '%'))::int", new { email });
    }
}
