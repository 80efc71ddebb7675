using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Testing;

namespace Empire.EndToEnd.Tests;

/// <summary>IDN-02 to 18 as their demonstrations have them: people, roles, invites, limits and personal data through the gateway, with every service behind it.</summary>
[Collection(InstallationCollection.Name)]
public sealed class AccountTests(Installation empire)
{
    private static readonly (string, string)[] WithoutKey = [("GET", "/health"), ("POST", "/api/signup"), ("POST", "/api/auth/login"), ("POST", "/payment/flutterwave/webhook"), ("GET", "/r/unknown1"), ("GET", "/docs")];

    [Fact]
    public async Task A_key_is_needed_everywhere_but_at_the_doors_that_have_none()
    {
        using var nobody = Person.Browser(empire);
        foreach (var path in (string[])["/api/v1/content/pieces", "/api/recipes", "/api/v1/revenue/payments", "/api/gpu/current", "/api/usage", "/admin/users", "/api/products/list"])
        {
            Assert.Equal((HttpStatusCode.Unauthorized, "INVALID_API_KEY"), await Person.AskAsync(nobody, HttpMethod.Get, path));
        }
        foreach (var (method, path) in WithoutKey)
            Assert.NotEqual("INVALID_API_KEY", (await Person.AskAsync(nobody, new(method), path, method == "POST" ? new { } : null)).Code);
    }

    [Fact]
    public async Task Who_signs_up_is_a_user_on_trial_with_the_limits_of_the_free_tier_and_their_address_is_taken_in_any_case()
    {
        using var door = Person.Browser(empire);
        var email = Person.NewEmail();
        using var made = await door.PostAsJsonAsync("/api/auth/signup", new { email, password = Person.Password });
        var user = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("user");
        Assert.Equal(("user", "trial", "free", 0, 100), (Text(user, "role"), Text(user, "subscription_status"), Text(user, "subscription_tier"), user.GetProperty("api_calls_used").GetInt32(), user.GetProperty("monthly_limit").GetInt32()));
        Assert.Equal(HttpStatusCode.Conflict, (await Person.AskAsync(door, HttpMethod.Post, "/api/auth/signup", new { email = email.ToUpperInvariant(), password = Person.Password })).Status);

        using var person = await Person.SignedInAsync(empire, email);
        var profile = await person.Http.GetJsonAsync("/api/auth/profile");
        Assert.Equal((email, "user", "free", 0, 100), (Text(profile, "email"), Text(profile, "role"), Text(profile, "subscription_tier"), profile.GetProperty("api_calls_used").GetInt32(), profile.GetProperty("monthly_limit").GetInt32()));
        Assert.Single((await empire.OwnerClient.GetAllAsync("/admin/users")), one => Text(one, "email") == email && one.GetProperty("last_login").ValueKind is JsonValueKind.String);
    }

    [Fact]
    public async Task Five_wrong_tries_lock_the_sign_in_and_are_an_event()
    {
        using var person = await Person.SignedUpAsync(empire);
        using var door = Person.Browser(empire);
        for (var i = 0; i < 5; i++) Assert.Equal((HttpStatusCode.Unauthorized, "INVALID_CREDENTIALS"), await Person.AskAsync(door, HttpMethod.Post, "/api/auth/login", new { email = person.Email, password = "wrong" }));
        Assert.Equal((HttpStatusCode.Locked, "ACCOUNT_LOCKED"), await Person.AskAsync(door, HttpMethod.Post, "/api/auth/login", new { email = person.Email, password = Person.Password }));
        Assert.Contains(await person.Http.GetAllAsync("/api/v1/identity/security-events"), one => Text(one, "kind") == "sign-in-locked");
    }

    [Fact]
    public async Task An_inactive_account_is_told_so()
    {
        using var tenant = await empire.NewTenantAsync("closed");
        var id = Text(await tenant.GetJsonAsync("/api/v1/identity/me"), "tenant");
        Assert.Equal(HttpStatusCode.OK, (await Person.AskAsync(empire.OwnerClient, HttpMethod.Patch, $"/admin/tenants/{id}", new { is_active = false })).Status);
        await Eventually.EqualAsync(HttpStatusCode.Forbidden, async () => (await Person.AskAsync(tenant, HttpMethod.Get, "/api/v1/content/pieces")).Status);
    }

    [Fact]
    public async Task An_admin_promotes_a_user_which_stands_in_the_audit_log_and_the_last_admin_stays()
    {
        using var person = await Person.SignedUpAsync(empire);
        Assert.Equal(HttpStatusCode.Forbidden, (await Person.AskAsync(person.Http, HttpMethod.Get, "/admin/users")).Status);
        var users = await empire.OwnerClient.GetAllAsync("/admin/users");
        var id = Text(users.Single(user => Text(user, "email") == person.Email), "id");
        var admins = users.Where(user => Text(user, "role") == "admin").ToList();
        Assert.Equal((HttpStatusCode.Conflict, "LAST_ADMIN"), await Person.AskAsync(empire.OwnerClient, HttpMethod.Patch, $"/admin/users/{Text(Assert.Single(admins), "id")}", new { role = "user" }));
        Assert.Equal(HttpStatusCode.OK, (await Person.AskAsync(empire.OwnerClient, HttpMethod.Patch, $"/admin/users/{id}", new { role = "admin" })).Status);
        using (var admin = await Person.SignedInAsync(empire, person.Email)) Assert.Equal(HttpStatusCode.OK, (await Person.AskAsync(admin.Http, HttpMethod.Get, "/admin/users")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Person.AskAsync(empire.OwnerClient, HttpMethod.Patch, $"/admin/users/{id}", new { role = "user" })).Status);

        var log = await empire.OwnerClient.GetAllAsync($"/api/v1/identity/audit?entity={id}");
        var change = log.First(line => Text(line, "action") == "person.role-changed");
        Assert.True(change.GetProperty("at").TryGetDateTimeOffset(out _));
        Assert.StartsWith("key:", Text(change, "actor"), StringComparison.Ordinal);
        Assert.True(IPAddress.TryParse(Text(change, "address"), out _));
        Assert.Equal(["admin", "user"], log.Where(line => Text(line, "action") == "person.role-changed").Select(line => Text(line.GetProperty("details"), "after")).Order());
    }

    [Fact]
    public async Task While_private_only_an_invite_opens_either_door_also_after_a_crash()
    {
        using var door = Person.Browser(empire);
        using var member = await empire.NewTenantAsync("no operator");
        Assert.Equal(HttpStatusCode.Forbidden, (await Person.AskAsync(member, HttpMethod.Post, "/admin/generate-invite", new { uses = 3 })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Person.AskAsync(member, HttpMethod.Post, "/admin/toggle-private", new { private_mode = true })).Status);
        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), await Person.AskAsync(empire.OwnerClient, HttpMethod.Post, "/admin/generate-invite", new { uses = 101 }));
        await PrivateAsync(true);
        try
        {
            await empire.KillAsync("identity");
            await empire.HealthyAsync();
            foreach (var path in (string[])["/api/signup", "/api/auth/signup"])
                Assert.Equal((HttpStatusCode.Forbidden, "INVITE_REQUIRED"), await Person.AskAsync(door, HttpMethod.Post, path, path == "/api/signup" ? (object)new { email = Person.NewEmail() } : new { email = Person.NewEmail(), password = Person.Password }));
            var invite = await empire.OwnerClient.PostJsonAsync("/admin/generate-invite", JsonContent.Create(new { uses = 3, hours = 48 }));
            var code = Text(invite, "code");
            Assert.Equal($"/signup?invite={code}", Text(invite, "link"));
            for (var use = 0; use < 3; use++) Assert.Equal(HttpStatusCode.OK, (await Person.AskAsync(door, HttpMethod.Post, "/api/signup", new { email = Person.NewEmail(), invite = code })).Status);
            Assert.Equal((HttpStatusCode.Forbidden, "INVITE_USED_UP"), await Person.AskAsync(door, HttpMethod.Post, "/api/signup", new { email = Person.NewEmail(), invite = code }));
            var last = Text(await empire.OwnerClient.PostJsonAsync("/admin/generate-invite", JsonContent.Create(new { })), "code");
            var race = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Person.AskAsync(door, HttpMethod.Post, "/api/signup", new { email = Person.NewEmail(), invite = last })));
            Assert.Single(race, one => one.Status == HttpStatusCode.OK);
        }
        finally
        {
            await PrivateAsync(false);
        }
        Assert.Equal(HttpStatusCode.OK, (await Person.AskAsync(door, HttpMethod.Post, "/api/signup", new { email = Person.NewEmail() })).Status);
    }

    [Fact]
    public async Task A_white_list_shuts_out_who_calls_from_elsewhere_and_tells_of_it()
    {
        using var tenant = await empire.NewTenantAsync("listed");
        const string controls = "/admin/access-controls";
        Assert.Equal(HttpStatusCode.BadRequest, (await Person.AskAsync(tenant, HttpMethod.Post, controls, new { control_type = "foo", control_value = "1" })).Status);
        Assert.Equal((HttpStatusCode.Conflict, "WOULD_LOCK_YOU_OUT"), await Person.AskAsync(tenant, HttpMethod.Post, controls, new { control_type = "ip_whitelist", control_value = "10.0.0.0/8" }));
        Assert.Equal(HttpStatusCode.Created, (await Person.AskAsync(tenant, HttpMethod.Post, controls, new { control_type = "ip_whitelist", control_value = "10.0.0.0/8", force = true })).Status);
        await Eventually.EqualAsync(HttpStatusCode.Forbidden, async () => (await Person.AskAsync(tenant, HttpMethod.Get, "/api/usage")).Status);
        await Eventually.TrueAsync(async () => (await empire.OwnerClient.GetAllAsync("/admin/security-events")).Any(one => Text(one, "kind") == "network_refused"));
    }

    /// <summary>Each key may ask a hundred times an hour and the account a hundred times a month, so two keys are needed to meet the month's limit.</summary>
    [Fact]
    public async Task Call_101_of_a_free_month_is_refused_whatever_key_it_comes_with_and_an_upgrade_lifts_it_at_once()
    {
        using var made = await empire.OwnerClient.PostAsJsonAsync("/api/v1/tenants", new { name = "a month" });
        var account = await made.Content.ReadFromJsonAsync<JsonElement>();
        using var first = Plain(Text(account, "api_key"));
        using var second = Plain(Text(await first.PostJsonAsync("/api/v1/identity/keys", JsonContent.Create(new { name = "another" })), "api_key"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(call => Person.AskAsync(call % 2 == 0 ? first : second, HttpMethod.Get, "/api/v1/content/pieces?limit=1")));
        // A call that a busy machine cannot count in time is not made, and may have cost one of the month's.
        var (done, uncounted) = (answers.Count(answer => answer.Status == HttpStatusCode.OK), answers.Count(answer => answer == (HttpStatusCode.ServiceUnavailable, "SERVICE_UNAVAILABLE")));
        Assert.InRange(done, 100 - uncounted, 100);
        Assert.Equal(answers.Length - done - uncounted, answers.Count(answer => answer == (HttpStatusCode.TooManyRequests, "TIER_LIMIT_EXCEEDED")));
        await Eventually.EqualAsync((HttpStatusCode.TooManyRequests, "TIER_LIMIT_EXCEEDED"), () => Person.AskAsync(second, HttpMethod.Get, "/api/v1/content/pieces?limit=1"));
        Assert.Equal((100L, 100L), Calls(await first.GetJsonAsync("/api/usage")));

        Assert.Equal(HttpStatusCode.OK, (await Person.AskAsync(empire.OwnerClient, HttpMethod.Patch, $"/admin/tenants/{Text(account, "tenant")}", new { tier = "pro" })).Status);
        await Eventually.EqualAsync(HttpStatusCode.OK, async () => (await Person.AskAsync(first, HttpMethod.Get, "/api/v1/content/pieces?limit=1")).Status);
        Assert.Equal(1000, Calls(await first.GetJsonAsync("/api/usage")).Limit);
    }

    [Fact]
    public async Task A_credential_goes_in_and_never_comes_out()
    {
        using var tenant = await empire.NewTenantAsync("vault");
        const string secret = "shpat_0123456789abcdefTAIL";
        var stored = await tenant.PostJsonAsync("/api/v1/identity/credentials", JsonContent.Create(new { name = "main", provider = "shopify", @class = "platform", value = secret }));
        var shown = (await tenant.GetJsonAsync("/api/v1/identity/credentials")).GetRawText() + stored.GetRawText() + (await tenant.GetJsonAsync("/api/v1/identity/audit")).GetRawText();
        Assert.Contains("TAIL", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
        foreach (var resource in (string[])["identity", "gateway"]) Assert.DoesNotContain(secret, await empire.LogAsync(resource), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_persons_data_comes_in_one_archive_from_every_service_and_is_forgotten_by_every_service()
    {
        using var person = await Person.SignedUpAsync(empire);
        await person.Http.PostJsonAsync("/api/v1/identity/keys", JsonContent.Create(new { name = "of mine" }));
        var export = Text(await person.Http.PostJsonAsync("/api/v1/identity/privacy/exports", JsonContent.Create(new { })), "id");
        await Eventually.EqualAsync("completed", async () => Text(await person.Http.GetJsonAsync($"/api/v1/identity/privacy/exports/{export}"), "state"), TimeSpan.FromMinutes(2));
        using (var zip = new ZipArchive(new MemoryStream(await person.Http.GetByteArrayAsync(new Uri($"/api/v1/identity/privacy/exports/{export}/download", UriKind.Relative)))))
        {
            Assert.Equal(["acquisition.json", "analytics.json", "autopilot.json", "content.json", "identity.json", "payments.json", "publishing.json", "telemetry.json"], zip.Entries.Select(entry => entry.FullName).Order());
            using var identity = new StreamReader(zip.GetEntry("identity.json")!.Open());
            Assert.Contains(person.Email, await identity.ReadToEndAsync(), StringComparison.Ordinal);
            using var mail = new StreamReader(zip.GetEntry("acquisition.json")!.Open());
            Assert.Contains("welcome", await mail.ReadToEndAsync(), StringComparison.OrdinalIgnoreCase);
        }
        using (var stranger = await Person.SignedUpAsync(empire))
            Assert.Equal(HttpStatusCode.NotFound, (await Person.AskAsync(stranger.Http, HttpMethod.Get, $"/api/v1/identity/privacy/exports/{export}/download")).Status);

        var id = (await person.Http.GetJsonAsync("/api/auth/profile")).GetProperty("id").GetString()!;
        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), await Person.AskAsync(person.Http, HttpMethod.Post, "/api/v1/identity/privacy/erasures", new { confirm = "somebody@else.test" }));
        Assert.Equal(HttpStatusCode.Accepted, (await Person.AskAsync(person.Http, HttpMethod.Post, "/api/v1/identity/privacy/erasures", new { confirm = person.Email })).Status);
        await Eventually.EqualAsync(HttpStatusCode.Unauthorized, async () => (await Person.AskAsync(person.Http, HttpMethod.Get, "/api/auth/profile")).Status, TimeSpan.FromMinutes(2));
        using var door = Person.Browser(empire);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Person.AskAsync(door, HttpMethod.Post, "/api/auth/login", new { email = person.Email, password = Person.Password })).Status);
        var erased = (await empire.OwnerClient.GetAllAsync("/admin/users")).Single(user => Text(user, "id") == id);
        Assert.EndsWith("@erased.invalid", Text(erased, "email"), StringComparison.Ordinal);
        using var again = await Person.SignedUpAsync(empire, person.Email);   // the address is nobody's any more
        Assert.NotEqual(id, Text(await again.Http.GetJsonAsync("/api/auth/profile"), "id"));
    }

    [Fact]
    public async Task Every_service_confirms_that_a_member_is_forgotten_in_the_account()
    {
        using var owner = await Person.SignedUpAsync(empire);
        using var member = await Person.SignedUpAsync(empire);
        var id = Text(await owner.Http.PostJsonAsync("/api/v1/identity/members", JsonContent.Create(new { email = member.Email, role = "member" })), "id");
        Assert.Equal(HttpStatusCode.NotFound, (await Person.AskAsync(owner.Http, HttpMethod.Post, "/api/v1/identity/privacy/erasures", new { confirm = member.Email, user_id = id })).Status);   // has not accepted
        await member.ConfirmAsync(empire);
        using (var accepting = await Person.SignedInAsync(empire, member.Email))
            await accepting.Http.PostJsonAsync("/api/auth/switch", JsonContent.Create(new { tenant = Text(await owner.Http.GetJsonAsync("/api/auth/profile"), "tenant") }));
        var erasure = Text(await owner.Http.PostJsonAsync("/api/v1/identity/privacy/erasures", JsonContent.Create(new { confirm = member.Email, user_id = id })), "id");
        JsonElement seen = default;
        await Eventually.EqualAsync("completed", async () => Text(seen = await owner.Http.GetJsonAsync($"/api/v1/identity/privacy/erasures/{erasure}"), "state"), TimeSpan.FromMinutes(2));
        var services = seen.GetProperty("services").EnumerateArray().ToList();
        Assert.Equal(["acquisition", "analytics", "autopilot", "content", "identity", "payments", "publishing", "telemetry"], services.Select(service => Text(service, "service")).Order());
        Assert.All(services, service => Assert.Equal("done", Text(service, "state")));
        Assert.DoesNotContain((await owner.Http.GetJsonAsync("/api/v1/identity/members")).GetProperty("data").EnumerateArray(), one => Text(one, "id") == id);
        Assert.Equal(HttpStatusCode.OK, (await Person.AskAsync(member.Http, HttpMethod.Get, "/api/auth/profile")).Status);   // in their own account they are who they were
    }

    private async Task PrivateAsync(bool on) => Assert.Equal(on, (await empire.OwnerClient.PostJsonAsync("/admin/toggle-private", JsonContent.Create(new { private_mode = on }))).GetProperty("private_mode").GetBoolean());

    private static (long Used, long Limit) Calls(JsonElement usage)
    {
        var line = usage.GetProperty("usage").EnumerateArray().Single(item => Text(item, "item") == "api_calls");
        return (line.GetProperty("used").GetInt64(), line.GetProperty("limit").GetInt64());
    }

    /// <summary>Takes a refusal for an answer, and does not come again.</summary>
    private HttpClient Plain(string key)
    {
        var client = Person.Browser(empire);
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }

    private static string Text(JsonElement json, string field) => json.GetProperty(field).GetString()!;
}
