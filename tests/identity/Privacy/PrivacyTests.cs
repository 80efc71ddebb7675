using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Empire.Contracts;
using Empire.Identity.Privacy;
using Empire.Identity.Security;
using Empire.Privacy;
using Empire.Security;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests.Privacy;

public sealed class PrivacyTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Fact]
    public void Every_service_that_hears_of_it_is_waited_for() =>
        Assert.Equal(["acquisition", "analytics", "autopilot", "content", "payments", "publishing", "telemetry"], Participants.Others);

    [Fact]
    public async Task An_export_is_one_archive_with_the_data_of_each_service_for_seven_days()
    {
        var (ada, tenant, client) = await PersonAsync();
        await client.PostAsJsonAsync("/api/v1/identity/keys", new { name = "adas" });
        await LockedAsync(tenant, ada);
        var id = (await AskAsync(client, "exports", new { })).Text("id");
        Assert.Equal("running", (await GetAsync(client, $"exports/{id}")).Text("state"));
        using (var early = await client.GetAsync(new Uri($"/api/v1/identity/privacy/exports/{id}/download", UriKind.Relative))) Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        foreach (var service in Participants.Others) await AnswerAsync(tenant, id, service, $$"""{"rows_of":["{{service}}"]}""");
        await Eventually.EqualAsync("completed", async () => (await GetAsync(client, $"exports/{id}")).Text("state"));

        using var zip = new ZipArchive(new MemoryStream(await client.GetByteArrayAsync(new Uri($"/api/v1/identity/privacy/exports/{id}/download", UriKind.Relative))));
        Assert.Equal([.. Participants.Others.Append("identity").Order().Select(service => $"{service}.json")], zip.Entries.Select(entry => entry.FullName).Order());
        Assert.Contains("rows_of", Read(zip, "content.json"), StringComparison.Ordinal);
        var own = JsonDocument.Parse(Read(zip, "identity.json")).RootElement;
        Assert.Equal($"{ada:n}@people.example", own.GetProperty("person").Text("email"));
        Assert.Equal("203.0.113.77", Assert.Single(own.GetProperty("security_events").EnumerateArray()).GetProperty("details").Text("address"));
        Assert.Equal("adas", own.GetProperty("keys_made")[0].Text("name"));
        Assert.Equal("key.made", own.GetProperty("audit").EnumerateArray().Single(entry => entry.Text("entity_type") == "key").Text("action"));

        await app.Services.GetRequiredService<PrivacyProcess>().TurnAsync(default);
        app.Clock.Advance(TimeSpan.FromDays(7));
        await app.Services.GetRequiredService<PrivacyProcess>().TurnAsync(default);
        using (var late = await client.GetAsync(new Uri($"/api/v1/identity/privacy/exports/{id}/download", UriKind.Relative)))
            Assert.Equal((HttpStatusCode.Gone, "EXPORT_GONE"), (late.StatusCode, await late.CodeAsync()));
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await Eventually.EqualAsync(0, () => owner.QuerySingleAsync<int>("select count(*)::int from privacy_parts where request_id = @id and sealed_data is not null", new { id = Guid.Parse(id[4..]) }));
    }

    [Fact]
    public async Task An_export_is_of_every_account_of_the_person_and_nobody_else_sees_it()
    {
        var (ada, first, client) = await PersonAsync();
        var second = await app.AccountAsync();
        await JoinAsync(second, ada, "member");
        var id = (await AskAsync(client, "exports", new { })).Text("id");
        var asked = (await app.HeardAsync<PersonalDataExportRequested>()).Where(e => e.UserId == ada).Select(e => e.TenantId);
        Assert.Equal(new[] { first.Value, second.Value }.Order(), asked.Order());
        var (_, _, other) = await PersonAsync();
        foreach (var stranger in (HttpClient[])[other, app.Of(first)]) // also another owner of the same account
        {
            Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(new Uri($"/api/v1/identity/privacy/exports/{id}", UriKind.Relative))).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(new Uri($"/api/v1/identity/privacy/exports/{id}/download", UriKind.Relative))).StatusCode);
        }
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        var rows = await owner.QueryAsync<string>("select privacy_requests::text from privacy_requests union all select privacy_parts::text from privacy_parts");
        Assert.All(rows, row => Assert.DoesNotContain("people.example", row, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_erasure_waits_its_grace_and_then_takes_the_person_out_of_every_table_and_every_service_confirms()
    {
        var (ada, tenant, client) = await PersonAsync();
        using var made = await client.PostAsJsonAsync("/api/v1/identity/keys", new { name = "adas" });
        var key = (await made.JsonAsync()).Text("api_key");
        await LockedAsync(tenant, ada);
        await LockedAsync(app.OperatorTenant, ada);   // from a time when they belonged nowhere
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(
            """
            insert into sessions (id, tenant_id, user_id, token_hash, address, created_at, last_seen_at, expires_at) values (gen_random_uuid(), @tenant, @ada, sha256(@ada::text::bytea), '203.0.113.9', now(), now(), now() + interval '1 year');
            insert into second_factors (user_id, sealed_secret, created_at) values (@ada, 's1.x', now())
            """, new { tenant = tenant.Value, ada });
        var id = (await AskAsync(client, "erasures", new { confirm = $"{ada:n}@People.example" })).Text("id");
        app.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        await TurnAsync();
        Assert.Equal("waiting", (await GetAsync(client, $"erasures/{id}")).Text("state"));
        Assert.NotNull(await app.AuthenticateAsync(key));

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(async () =>
        {
            await TurnAsync();
            return (await GetAsync(client, $"erasures/{id}")).Text("state") == "running";
        });
        var text = string.Join('\n', await owner.QueryAsync<string>(
            """
            select users::text from users union all select sessions::text from sessions union all select memberships::text from memberships
            union all select second_factors::text from second_factors union all select invite_codes::text from invite_codes
            """));
        var events = (await owner.QueryAsync<string>("select details::text from security_events where entity_id = @id", new { id = PublicId.Format("usr", ada) })).AsList();
        Assert.Equal(2, events.Count);
        Assert.All(events, details => Assert.DoesNotContain("203.0.113.77", details, StringComparison.Ordinal));
        Assert.DoesNotContain($"{ada:n}@people.example", text, StringComparison.Ordinal);
        Assert.Equal((0, 0), await owner.QuerySingleAsync<(int, int)>("select (select count(*)::int from sessions where user_id = @ada), (select count(*)::int from second_factors where user_id = @ada)", new { ada }));
        Assert.Equal($"erased-{ada:n}@erased.invalid", await owner.QuerySingleAsync<string>("select email from users where id = @ada", new { ada }));
        Assert.Null(await app.AuthenticateAsync(key));
        Assert.Equal("adas", await owner.QuerySingleAsync<string>("select name from api_keys where created_by = @actor", new { actor = $"user:{ada:N}" })); // what the account did stays

        Assert.Single((await app.HeardAsync<PersonalDataErasureRequested>()), e => e.UserId == ada);
        foreach (var service in Participants.Others) await ErasedAsync(tenant, id, service, 3);
        await Eventually.EqualAsync("completed", async () => (await GetAsync(client, $"erasures/{id}")).Text("state"));
        await Eventually.TrueAsync(async () =>
        {
            await TurnAsync();
            return await owner.QuerySingleAsync<bool>("select sealed_email is null and completed_at is not null from privacy_requests where id = @id", new { id = Guid.Parse(id[4..]) });
        });
        var parts = (await GetAsync(client, $"erasures/{id}")).GetProperty("services").EnumerateArray().ToList();
        Assert.Equal(Participants.Others.Count + 1, parts.Count);
        Assert.All(parts, part => Assert.Equal("done", part.Text("state")));
    }

    [Fact]
    public async Task An_address_whose_key_is_gone_holds_up_no_erasure()
    {
        var (ada, _, client) = await PersonAsync();
        var id = (await AskAsync(client, "erasures", new { confirm = $"{ada:n}@people.example" })).Text("id");
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("update privacy_requests set sealed_email = 's1.0badcafe.' || split_part(sealed_email, '.', 3) where id = @id", new { id = Guid.Parse(id[4..]) });
        app.Clock.Advance(TimeSpan.FromDays(7));
        await Eventually.TrueAsync(async () =>
        {
            await TurnAsync();
            return (await GetAsync(client, $"erasures/{id}")).Text("state") == "running";
        });
        Assert.Equal($"{ada:n}@people.example", Assert.Single(await app.HeardAsync<PersonalDataErasureRequested>(), e => e.UserId == ada).Email);
    }

    [Fact]
    public async Task It_needs_the_person_s_own_address_and_can_be_cancelled_within_the_grace()
    {
        var (ada, _, client) = await PersonAsync();
        using (var unsure = await client.PostAsJsonAsync("/api/v1/identity/privacy/erasures", new { confirm = "yes" })) Assert.Equal(HttpStatusCode.BadRequest, unsure.StatusCode);
        var id = (await AskAsync(client, "erasures", new { confirm = $"{ada:n}@people.example" })).Text("id");
        using (var twice = await client.PostAsJsonAsync("/api/v1/identity/privacy/erasures", new { confirm = $"{ada:n}@people.example" })) Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        using (var cancelled = await client.DeleteAsync(new Uri($"/api/v1/identity/privacy/erasures/{id}", UriKind.Relative))) Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        app.Clock.Advance(TimeSpan.FromDays(8));
        await TurnAsync();
        Assert.Equal("cancelled", (await GetAsync(client, $"erasures/{id}")).Text("state"));
        Assert.DoesNotContain(await app.HeardAsync<PersonalDataErasureRequested>(), e => e.UserId == ada);
    }

    [Fact]
    public async Task A_service_that_does_not_confirm_within_a_day_is_asked_again_and_someone_is_told()
    {
        var (ada, tenant, client) = await PersonAsync();
        var id = (await AskAsync(client, "exports", new { })).Text("id");
        foreach (var service in Participants.Others.Where(service => service != "content")) await AnswerAsync(tenant, id, service, "{}");
        await Eventually.EqualAsync(1, async () => (await GetAsync(client, $"exports/{id}")).GetProperty("services").EnumerateArray().Count(part => part.Text("state") == "asked"));
        app.Clock.Advance(TimeSpan.FromDays(1));
        await Eventually.EqualAsync(2, async () =>
        {
            await TurnAsync();
            return (await app.HeardAsync<PersonalDataExportRequested>()).Count(e => e.UserId == ada);
        });
        var told = (await app.Of(tenant).GetFromJsonAsync<JsonElement>("/api/v1/identity/security-events?kind=export-unconfirmed")).GetProperty("data");
        Assert.Equal("content", Assert.Single(told.EnumerateArray()).GetProperty("details").Text("service"));
        await AnswerAsync(tenant, id, "content", """{"late":true}""");
        await AnswerAsync(tenant, id, "analytics", """{"twice":true}"""); // asked again, it answered again
        await Eventually.EqualAsync("completed", async () => (await GetAsync(client, $"exports/{id}")).Text("state"));
        using var zip = new ZipArchive(new MemoryStream(await client.GetByteArrayAsync(new Uri($"/api/v1/identity/privacy/exports/{id}/download", UriKind.Relative))));
        Assert.Equal("{}", Read(zip, "analytics.json"));
    }

    [Fact]
    public async Task Who_is_forgotten_is_forgotten_where_they_belonged_once_and_with_whoever_runs_the_installation_too()
    {
        var (ada, own, client) = await PersonAsync();
        var (left, foreign) = (await app.AccountAsync(), await app.AccountAsync());
        await JoinAsync(left, await app.UserAsync(), "owner");
        await JoinAsync(left, ada, "member");
        using (var removed = await app.Of(left).DeleteAsync(new Uri($"/api/v1/identity/members/usr_{ada:N}", UriKind.Relative))) Assert.True(removed.IsSuccessStatusCode);
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("update users set email_verified_at = now() where id = @ada", new { ada });
        await AskAsync(client, "exports", new { });
        var told = (await app.HeardAsync<PersonalDataExportRequested>()).Where(e => e.UserId == ada).Select(e => e.TenantId).Order();
        Assert.Equal(new[] { own.Value, left.Value, app.OperatorTenant.Value }.Order(), told);

        var id = (await AskAsync(client, "erasures", new { confirm = $"{ada:n}@people.example" })).Text("id");
        app.Clock.Advance(TimeSpan.FromDays(7));
        await Eventually.TrueAsync(async () =>
        {
            await TurnAsync();
            return (await GetAsync(client, $"erasures/{id}")).Text("state") == "running";
        });
        var asked = (await app.HeardAsync<PersonalDataErasureRequested>()).Where(e => e.UserId == ada).Select(e => e.TenantId).Distinct().Order();
        Assert.Equal(new[] { own.Value, left.Value, app.OperatorTenant.Value }.Order(), asked);
        Assert.True(await owner.QuerySingleAsync<bool>("select bool_and(is_active) and bool_and(name <> 'erased') from tenants where tenant_id = any(@others)", new { others = new[] { left.Value, app.OperatorTenant.Value, foreign.Value } }));
        Assert.Equal(0, await owner.QuerySingleAsync<int>("select count(*)::int from past_memberships where user_id = @ada and tenant_id = @Value", new { ada, left.Value }));
    }

    [Fact]
    public async Task What_only_an_unproved_address_names_is_not_told()
    {
        var (ada, own, client) = await PersonAsync();
        await AskAsync(client, "exports", new { });
        Assert.Equal([own.Value], (await app.HeardAsync<PersonalDataExportRequested>()).Where(e => e.UserId == ada).Select(e => e.TenantId));
    }

    [Fact]
    public async Task Accounts_that_only_asked_an_unproved_address_neither_tell_nor_forget_anything_at_its_user_s_word()
    {
        var (ada, own, client) = await PersonAsync();
        var (asking, declined, left) = (await app.AccountAsync(), await app.AccountAsync(), await app.AccountAsync());
        await AskedAsync(asking, ada);
        await AskedAsync(declined, ada);
        await JoinAsync(left, ada, "member");
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("delete from memberships where user_id = @ada and tenant_id = any(@gone)", new { ada, gone = new[] { declined.Value, left.Value } });
        await AskAsync(client, "exports", new { });
        Assert.Equal(new[] { own.Value, left.Value }.Order(), (await app.HeardAsync<PersonalDataExportRequested>()).Where(e => e.UserId == ada).Select(e => e.TenantId).Order());

        var id = (await AskAsync(client, "erasures", new { confirm = $"{ada:n}@people.example" })).Text("id");
        app.Clock.Advance(TimeSpan.FromDays(7));
        await RunningAsync(client, id);
        Assert.Equal(new[] { own.Value, left.Value }.Order(), (await app.HeardAsync<PersonalDataErasureRequested>()).Where(e => e.UserId == ada).Select(e => e.TenantId).Distinct().Order());
        Assert.Equal(($"erased-{ada:n}@erased.invalid", 0), await owner.QuerySingleAsync<(string, int)>(
            "select email, (select count(*)::int from memberships where user_id = @ada) from users where id = @ada", new { ada }));
    }

    [Fact]
    public async Task An_account_whose_question_a_proved_address_declined_tells_what_it_keeps()
    {
        var (ada, own, client) = await PersonAsync();
        var (asking, declined) = (await app.AccountAsync(), await app.AccountAsync());
        await AskedAsync(asking, ada);
        await AskedAsync(declined, ada);
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("delete from memberships where user_id = @ada and tenant_id = @Value; update users set email_verified_at = now() where id = @ada", new { ada, declined.Value });
        await AskAsync(client, "exports", new { });
        Assert.Equal(new[] { own.Value, asking.Value, declined.Value, app.OperatorTenant.Value }.Order(), (await app.HeardAsync<PersonalDataExportRequested>()).Where(e => e.UserId == ada).Select(e => e.TenantId).Order());
    }

    [Fact]
    public async Task Who_is_asked_to_join_while_they_are_being_forgotten_is_forgotten_there_too()
    {
        var (ada, own, client) = await PersonAsync();
        var asking = await app.AccountAsync();
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("update users set email_verified_at = now() where id = @ada", new { ada });
        var id = (await AskAsync(client, "erasures", new { confirm = $"{ada:n}@people.example" })).Text("id");
        await using (var holding = await app.TestDatabase.OpenAsOwnerAsync())
        {
            await using var transaction = await holding.BeginTransactionAsync();
            await holding.ExecuteAsync("select from memberships where tenant_id = @Value for update", new { own.Value }, transaction);   // which the erasure looks at when it knows the accounts
            app.Clock.Advance(TimeSpan.FromDays(7));
            var turn = TurnAsync();
            await Eventually.TrueAsync(() => owner.QuerySingleAsync<bool>("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"));
            await AskedAsync(asking, ada);
            await transaction.CommitAsync();
            await turn;
        }
        await RunningAsync(client, id);
        Assert.Equal(new[] { own.Value, asking.Value, app.OperatorTenant.Value }.Order(), (await app.HeardAsync<PersonalDataErasureRequested>()).Where(e => e.UserId == ada).Select(e => e.TenantId).Distinct().Order());
        Assert.Equal(($"erased-{ada:n}@erased.invalid", 0), await owner.QuerySingleAsync<(string, int)>(
            "select email, (select count(*)::int from memberships where user_id = @ada) from users where id = @ada", new { ada }));
    }

    /// <summary>Two who wait for each other are told so by the database, and one of them has failed.</summary>
    [Theory]
    [InlineData("delete from mail_requests where email = @email", "delete from one_time_tokens where user_id = @ada")]   // a link is made and sent
    [InlineData("update one_time_tokens set used_at = now() where user_id = @ada", "select from memberships where user_id = @ada for update")]   // and spent
    public async Task Who_is_being_forgotten_while_a_link_of_theirs_is_on_its_way_is_waited_for_and_in_nobody_s_way(string first, string then)
    {
        var (ada, _, client) = await PersonAsync();
        var email = $"{ada:n}@people.example";
        var id = (await AskAsync(client, "erasures", new { confirm = email })).Text("id");
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(
            """
            insert into one_time_tokens (token_hash, user_id, purpose, created_at, expires_at)
            values (sha256(convert_to(@email, 'UTF8')), @ada, 'reset-password', @now, @now::timestamptz + interval '100 days')
            """, new { ada, email, now = app.Clock.GetUtcNow().UtcDateTime });
        await using (var link = await app.TestDatabase.OpenAsOwnerAsync())
        {
            await using var transaction = await link.BeginTransactionAsync();
            await Eventually.TrueAsync(async () =>
            {
                if (first.Contains("mail_requests", StringComparison.Ordinal)) await owner.ExecuteAsync("insert into mail_requests (email, purpose, requested_at) values (@email, 'reset-password', now()) on conflict do nothing", new { email });
                return await link.ExecuteAsync(first, new { ada, email }, transaction) == 1; // unless it was served a moment ago
            });
            app.Clock.Advance(TimeSpan.FromDays(7));
            var turn = TurnAsync();
            await Eventually.TrueAsync(() => owner.QuerySingleAsync<bool>("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"));
            await link.ExecuteAsync($"set local lock_timeout = '500ms'; {then}", new { ada }, transaction);
            await transaction.CommitAsync();
            await turn;
        }
        await RunningAsync(client, id);
        Assert.Equal($"erased-{ada:n}@erased.invalid", await owner.QuerySingleAsync<string>("select email from users where id = @ada", new { ada }));
    }

    [Fact]
    public async Task A_service_with_something_under_way_for_the_person_is_asked_again_soon_and_nobody_is_alarmed()
    {
        var (ada, tenant, client) = await PersonAsync();
        var id = (await AskAsync(client, "erasures", new { confirm = $"{ada:n}@people.example" })).Text("id");
        app.Clock.Advance(TimeSpan.FromDays(7));
        await Eventually.TrueAsync(async () =>
        {
            await TurnAsync();
            return (await GetAsync(client, $"erasures/{id}")).Text("state") == "running";
        });
        foreach (var service in Participants.Others.Where(service => service != "acquisition")) await ErasedAsync(tenant, id, service, 0);
        await Eventually.EqualAsync(1, async () => (await GetAsync(client, $"erasures/{id}")).GetProperty("services").EnumerateArray().Count(part => part.Text("state") == "asked"));
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        await Eventually.EqualAsync(2, async () =>
        {
            await TurnAsync();
            return (await app.HeardAsync<PersonalDataErasureRequested>()).Count(e => e.UserId == ada);
        });
        await TurnAsync();
        Assert.Equal(2, (await app.HeardAsync<PersonalDataErasureRequested>()).Count(e => e.UserId == ada)); // not at every look
        Assert.Empty((await app.Of(tenant).GetFromJsonAsync<JsonElement>("/api/v1/identity/security-events?kind=erasure-unconfirmed")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task The_only_owner_of_an_account_with_others_in_it_hands_it_on_first()
    {
        var (ada, tenant, client) = await PersonAsync();
        await JoinAsync(tenant, await app.UserAsync(), "member");
        using var kept = await client.PostAsJsonAsync("/api/v1/identity/privacy/erasures", new { confirm = $"{ada:n}@people.example" });
        Assert.Equal((HttpStatusCode.Conflict, "LAST_OWNER"), (kept.StatusCode, await kept.CodeAsync()));
    }

    [Fact]
    public async Task Who_asked_for_somebody_s_data_as_an_admin_sees_none_of_it_when_they_are_none_any_more()
    {
        var (ada, tenant, _) = await PersonAsync();
        var id = (await AskAsync(app.Of(tenant, actor: "user:boss"), "exports", new { user_id = $"usr_{ada:N}" })).Text("id");
        foreach (var path in (string[])["", "/download"])
        {
            using var lowered = await app.Of(tenant, "member", actor: "user:boss").GetAsync(new Uri($"/api/v1/identity/privacy/exports/{id}{path}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, lowered.StatusCode);
        }
        Assert.Equal(id, (await GetAsync(app.Of(tenant, actor: "user:boss"), $"exports/{id}")).Text("id"));
    }

    [Fact]
    public async Task An_admin_s_request_for_a_member_is_about_this_account_alone()
    {
        var (ada, own, _) = await PersonAsync();
        var tenant = await app.AccountAsync();
        await JoinAsync(tenant, ada, "member");
        var by = await app.UserAsync();
        await JoinAsync(tenant, by, "admin");
        var admin = app.Of(tenant, "admin", actor: $"user:{by:N}");
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Of(tenant, "member").PostAsJsonAsync("/api/v1/identity/privacy/exports", new { user_id = $"usr_{ada:N}" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Of(await app.AccountAsync(), "admin").PostAsJsonAsync("/api/v1/identity/privacy/exports", new { user_id = $"usr_{ada:N}" })).StatusCode);
        await AskAsync(admin, "erasures", new { confirm = $"{ada:n}@people.example", user_id = $"usr_{ada:N}" });
        app.Clock.Advance(TimeSpan.FromDays(7));
        await Eventually.EqualAsync(1, async () =>
        {
            await TurnAsync();
            return (await app.HeardAsync<PersonalDataErasureRequested>()).Count(e => e.UserId == ada);
        });
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        Assert.Equal(own.Value, await owner.QuerySingleAsync<Guid>("select tenant_id from memberships where user_id = @ada", new { ada }));
        Assert.Equal($"{ada:n}@people.example", await owner.QuerySingleAsync<string>("select email from users where id = @ada", new { ada }));
    }

    [Theory]
    [InlineData("exports")]
    [InlineData("erasures")]
    public async Task An_owner_is_told_of_or_forgotten_at_an_owner_s_word_and_not_at_an_admin_s(string what)
    {
        var (ada, tenant, _) = await PersonAsync();
        await JoinAsync(tenant, await app.UserAsync(), "owner");   // a second one: Ada is not the last
        object request = what == "exports" ? new { user_id = $"usr_{ada:N}" } : new { confirm = $"{ada:n}@people.example", user_id = $"usr_{ada:N}" };
        foreach (var actor in (string[])["user:admin", $"key:{Guid.CreateVersion7():N}"])
        {
            using var refused = await app.Of(tenant, "admin", actor: actor).PostAsJsonAsync($"/api/v1/identity/privacy/{what}", request);
            Assert.Equal((HttpStatusCode.Forbidden, "FORBIDDEN"), (refused.StatusCode, await refused.CodeAsync()));
        }
        await AskAsync(app.Of(tenant), what, request);
    }

    [Theory]
    [InlineData("admin", "refused")]
    [InlineData("owner", "running")]
    public async Task Who_became_an_owner_within_the_grace_is_forgotten_only_if_an_owner_had_asked(string asker, string outcome)
    {
        var (_, tenant, _) = await PersonAsync();
        var (grace, by) = (await app.UserAsync(), await app.UserAsync());
        await JoinAsync(tenant, grace, "member");
        await JoinAsync(tenant, by, asker);
        var client = app.Of(tenant, asker, actor: $"user:{by:N}");
        var id = (await AskAsync(client, "erasures", new { confirm = $"{grace:n}@people.example", user_id = $"usr_{grace:N}" })).Text("id");
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("update memberships set role = 'owner' where user_id = @grace", new { grace });
        app.Clock.Advance(TimeSpan.FromDays(7));
        await Eventually.EqualAsync(outcome, async () =>
        {
            await TurnAsync();
            return (await GetAsync(client, $"erasures/{id}")).Text("state");
        });
        Assert.Equal(outcome == "refused", await owner.QuerySingleAsync<bool>("select exists (select from memberships where user_id = @grace)", new { grace }));
    }

    [Theory]
    [InlineData("delete from memberships where user_id = @by", "refused")]
    [InlineData("update memberships set role = 'member' where user_id = @by", "refused")]
    [InlineData("update memberships set pending = true where user_id = @by", "refused")]
    [InlineData("update memberships set role = 'owner' where user_id = @by", "running")]
    public async Task What_an_admin_asked_of_somebody_is_not_done_when_they_are_none_any_more(string meanwhile, string outcome)
    {
        var (_, tenant, boss) = await PersonAsync();
        var (grace, by) = (await app.UserAsync(), await app.UserAsync());
        await JoinAsync(tenant, grace, "member");
        await JoinAsync(tenant, by, "admin");
        var id = (await AskAsync(app.Of(tenant, "admin", actor: $"user:{by:N}"), "erasures", new { confirm = $"{grace:n}@people.example", user_id = $"usr_{grace:N}" })).Text("id");
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(meanwhile, new { by });
        app.Clock.Advance(TimeSpan.FromDays(7));
        var state = "";
        await Eventually.TrueAsync(async () =>
        {
            await TurnAsync();
            return (state = await owner.QuerySingleAsync<string>("select state from privacy_requests where id = @id", new { id = Guid.Parse(id[4..]) })) != "waiting";
        });
        Assert.Equal(outcome, state);
        Assert.Equal(outcome == "refused", await owner.QuerySingleAsync<bool>("select exists (select from memberships where user_id = @grace)", new { grace }));
        Assert.Equal(outcome, (await GetAsync(boss, $"erasures/{id}")).Text("state"));
    }

    [Theory]
    [InlineData("update api_keys set revoked_at = now() where id = @id", "refused")]
    [InlineData("update api_keys set role = 'viewer' where id = @id", "refused")]
    [InlineData("update api_keys set role = role where id = @id", "running")]
    public async Task Nor_what_a_key_asked_that_was_revoked_or_cut_down(string meanwhile, string outcome)
    {
        var (_, tenant, _) = await PersonAsync();
        var grace = await app.UserAsync();
        await JoinAsync(tenant, grace, "member");
        await app.KeyAsync(tenant, "admin");
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        var key = await owner.QuerySingleAsync<Guid>("select id from api_keys where tenant_id = @Value", new { tenant.Value });
        var id = (await AskAsync(app.Of(tenant, "admin", actor: $"key:{key:N}"), "erasures", new { confirm = $"{grace:n}@people.example", user_id = $"usr_{grace:N}" })).Text("id");
        await owner.ExecuteAsync(meanwhile, new { id = key });
        app.Clock.Advance(TimeSpan.FromDays(7));
        var state = "";
        await Eventually.TrueAsync(async () =>
        {
            await TurnAsync();
            return (state = await owner.QuerySingleAsync<string>("select state from privacy_requests where id = @id", new { id = Guid.Parse(id[4..]) })) != "waiting";
        });
        Assert.Equal(outcome, state);
    }

    [Fact]
    public async Task Owners_and_admins_see_and_cancel_an_erasure_that_another_asked_and_strangers_do_not()
    {
        var (_, tenant, boss) = await PersonAsync();
        var (grace, by) = (await app.UserAsync(), await app.UserAsync());
        await JoinAsync(tenant, grace, "member");
        await JoinAsync(tenant, by, "admin");
        var id = (await AskAsync(app.Of(tenant, "admin", actor: $"user:{by:N}"), "erasures", new { confirm = $"{grace:n}@people.example", user_id = $"usr_{grace:N}" })).Text("id");
        var path = new Uri($"/api/v1/identity/privacy/erasures/{id}", UriKind.Relative);
        var (_, _, elsewhere) = await PersonAsync();
        foreach (var stranger in (HttpClient[])[elsewhere, app.Of(tenant, "member", actor: $"user:{await app.UserAsync():N}")])
        {
            using var seen = await stranger.GetAsync(path);
            using var undone = await stranger.DeleteAsync(path);
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (seen.StatusCode, undone.StatusCode));
        }
        Assert.Equal("waiting", (await GetAsync(boss, $"erasures/{id}")).Text("state"));
        using (var cancelled = await boss.DeleteAsync(path)) Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        Assert.Equal("cancelled", (await GetAsync(boss, $"erasures/{id}")).Text("state"));
    }

    [Fact]
    public async Task What_somebody_asked_of_themselves_is_nobody_else_s_to_see_or_cancel()
    {
        var (_, tenant, boss) = await PersonAsync();
        var grace = await app.UserAsync();
        await JoinAsync(tenant, grace, "member");
        var id = (await AskAsync(app.Of(tenant, "member", actor: $"user:{grace:N}"), "erasures", new { confirm = $"{grace:n}@people.example" })).Text("id");
        using var seen = await boss.GetAsync(new Uri($"/api/v1/identity/privacy/erasures/{id}", UriKind.Relative));
        using var undone = await boss.DeleteAsync(new Uri($"/api/v1/identity/privacy/erasures/{id}", UriKind.Relative));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (seen.StatusCode, undone.StatusCode));
    }

    [Fact]
    public async Task The_last_admin_of_the_installation_is_not_forgotten_neither_when_asked_nor_when_the_grace_is_over()
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        var ada = await owner.QuerySingleAsync<Guid>("select id from users where email = 'owner@empire.example'");
        await JoinAsync(app.OperatorTenant, await app.UserAsync(), "owner");   // the account would have an owner left
        var client = app.SignedAs(new(app.OperatorTenant, $"user:{ada:N}", "owner", Operator: true, "enterprise"));
        async Task<(HttpStatusCode, string)> AskedAsync()
        {
            using var answer = await client.PostAsJsonAsync("/api/v1/identity/privacy/erasures", new { confirm = "owner@empire.example" });
            return (answer.StatusCode, (await answer.JsonAsync()).Text(answer.IsSuccessStatusCode ? "id" : "code"));
        }
        Assert.Equal((HttpStatusCode.Conflict, "LAST_ADMIN"), await AskedAsync());

        var bob = await app.UserAsync();
        await owner.ExecuteAsync("update users set role = 'admin' where id = @bob", new { bob });
        Assert.Equal((HttpStatusCode.Conflict, "LAST_ADMIN"), await AskedAsync());   // who belongs to no account cannot sign in
        var home = await app.AccountAsync();
        await JoinAsync(home, bob, "owner");
        var (accepted, id) = await AskedAsync();
        Assert.Equal(HttpStatusCode.Accepted, accepted);
        await owner.ExecuteAsync("update users set role = 'user' where id = @bob", new { bob });
        app.Clock.Advance(TimeSpan.FromDays(7));
        await Eventually.EqualAsync("refused", async () =>
        {
            await TurnAsync();
            return (await GetAsync(client, $"erasures/{id}")).Text("state");
        });
        Assert.Equal("admin", await owner.QuerySingleAsync<string>("select role from users where id = @ada", new { ada }));
    }

    [Fact]
    public async Task An_account_that_lives_by_an_owner_s_key_outlives_the_one_person_in_it()
    {
        var (grace, keyed) = (await app.UserAsync(), await app.AccountAsync());
        var key = await app.KeyAsync(keyed);
        await JoinAsync(keyed, grace, "member");
        var client = app.Of(keyed, "member", actor: $"user:{grace:N}");
        var id = (await AskAsync(client, "erasures", new { confirm = $"{grace:n}@people.example" })).Text("id");
        app.Clock.Advance(TimeSpan.FromDays(7));
        await Eventually.TrueAsync(async () =>
        {
            await TurnAsync();
            return (await GetAsync(client, $"erasures/{id}")).Text("state") == "running";
        });
        Assert.Equal("owner", (await app.AuthenticateAsync(key))!.Role);
    }

    /// <summary>Somebody new, the owner of an account of their own.</summary>
    private async Task<(Guid User, TenantId Tenant, HttpClient Client)> PersonAsync()
    {
        var (user, tenant) = (await app.UserAsync(), await app.AccountAsync());
        await JoinAsync(tenant, user, "owner");
        return (user, tenant, app.Of(tenant, actor: $"user:{user:N}"));
    }

    private async Task JoinAsync(TenantId tenant, Guid user, string role)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("insert into memberships (tenant_id, user_id, role, created_at) values (@Value, @user, @role, now())", new { tenant.Value, user, role });
    }

    /// <summary>Their sign-in was locked.</summary>
    private async Task LockedAsync(TenantId tenant, Guid user)
    {
        await using var work = await app.Database.BeginAsync(tenant, default);
        await SecurityEventTable.AddAsync(work, "sign-in-locked", PublicId.Format("usr", user), "Too many wrong tries.", new { until = app.Clock.GetUtcNow(), address = "203.0.113.77" }, default);
        await work.CommitAsync(default);
    }

    /// <summary>Asked to join, and without an answer.</summary>
    private async Task AskedAsync(TenantId tenant, Guid user)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("insert into memberships (tenant_id, user_id, role, pending, created_at) values (@Value, @user, 'member', true, now())", new { tenant.Value, user });
    }

    private Task RunningAsync(HttpClient client, string id) => Eventually.TrueAsync(async () =>
    {
        await TurnAsync();
        return (await GetAsync(client, $"erasures/{id}")).Text("state") == "running";
    });

    private Task TurnAsync() => app.Services.GetRequiredService<PrivacyProcess>().TurnAsync(default);

    private async Task AnswerAsync(TenantId tenant, string id, string service, string json)
    {
        await using var work = await app.Database.BeginAsync(tenant, default);
        work.Publish(new PersonalDataExported
        {
            TenantId = tenant.Value, RequestId = Guid.Parse(id[4..]), Service = service, OccurredAt = app.Clock.GetUtcNow(),
            SealedData = app.Services.GetRequiredService<Sealer>().Seal(json, PersonalDataHandler.Purpose),
        });
        await work.CommitAsync(default);
    }

    private async Task ErasedAsync(TenantId tenant, string id, string service, int rows)
    {
        await using var work = await app.Database.BeginAsync(tenant, default);
        work.Publish(new PersonalDataErased { TenantId = tenant.Value, RequestId = Guid.Parse(id[4..]), Service = service, Rows = rows, OccurredAt = app.Clock.GetUtcNow() });
        await work.CommitAsync(default);
    }

    private static async Task<JsonElement> AskAsync(HttpClient client, string what, object request)
    {
        using var answer = await client.PostAsJsonAsync($"/api/v1/identity/privacy/{what}", request);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return await answer.JsonAsync();
    }

    private static Task<JsonElement> GetAsync(HttpClient client, string path) => client.GetFromJsonAsync<JsonElement>($"/api/v1/identity/privacy/{path}");

    private static string Read(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }
}
