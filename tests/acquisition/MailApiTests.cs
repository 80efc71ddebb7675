using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Empire.Http;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Acquisition.Tests;

/// <summary>What an account's admins and the operator may see of mails.</summary>
public sealed class MailApiTests(AcquisitionApp app) : IClassFixture<AcquisitionApp>
{
    private const string List = "/api/v1/acquisition/mail", Templates = "/api/v1/acquisition/mail/templates";

    [Fact]
    public Task Every_table_with_a_tenant_is_isolated() => TenantTables.AssertIsolatedAsync(app.TestDatabase);

    [Fact]
    public async Task The_list_says_to_whom_which_mail_went_and_nothing_it_said()
    {
        var fact = app.SignUp("listed@example.com");
        await app.PublishAsync(fact);
        await app.SettledAsync("sent", fact.Email);
        using var owner = app.OwnerClient();
        var text = await owner.GetStringAsync($"{List}?recipient=Listed@example.com");
        var mail = Assert.Single(JsonNode.Parse(text)!["data"]!.AsArray())!;
        Assert.Equal(("welcome", fact.Email, "sent", true), (mail["template"]!.GetValue<string>(), mail["recipient"]!.GetValue<string>(), mail["state"]!.GetValue<string>(), mail["test"]!.GetValue<bool>()));
        Assert.StartsWith("mail_", mail["id"]!.GetValue<string>());
        Assert.Equal((await app.Sandbox.MailToAsync(fact.Email))["message_id"]!.GetValue<string>(), mail["message_id"]!.GetValue<string>());
        Assert.DoesNotContain("gopt_", text);
        Assert.DoesNotContain("s1.", text);

        using var admin = app.ClientFor(app.Tenant, "admin");
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync(List)).StatusCode);
        using var member = app.ClientFor(app.Tenant, "member");
        Assert.Equal(HttpStatusCode.Forbidden, (await member.GetAsync(List)).StatusCode);
        using var stranger = app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()));
        Assert.Empty((await stranger.GetFromJsonAsync<JsonObject>(List))!["data"]!.AsArray());
        Assert.Equal(HttpStatusCode.BadRequest, (await owner.GetAsync($"{List}?cursor=nonsense")).StatusCode);
    }

    [Fact]
    public async Task The_operator_sees_every_template_in_both_forms_and_nobody_else_does()
    {
        using var owner = app.OwnerClient();
        Assert.Equal(HttpStatusCode.Forbidden, (await owner.GetAsync(Templates)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await owner.GetAsync($"{Templates}/welcome/preview")).StatusCode);
        using var operatorClient = app.CreateClient();
        operatorClient.DefaultRequestHeaders.Add(CallerToken.Header, app.Services.GetRequiredService<CallerToken>().Sign(new(app.Tenant, "user:operator", "owner", Operator: true)));
        var names = (await operatorClient.GetFromJsonAsync<JsonObject>(Templates))!["templates"]!.AsArray().Select(name => name!.GetValue<string>()).ToList();
        Assert.Equal(["account-closed", "books-drifted", "credential-aged", "credential-use-jumped", "dispute-opened", "invite", "invoice", "locked-out", "member-added", "new-sign-in", "payment-overdue", "receipt", "refund", "renewal-failed", "reset-password", "tier-ended", "upgraded", "verify-email", "welcome"], names);
        foreach (var name in names)
        {
            var html = await operatorClient.GetStringAsync($"{Templates}/{name}/preview");
            var text = await operatorClient.GetStringAsync($"{Templates}/{name}/preview?format=text");
            Assert.DoesNotContain("{{", html + text);
            Assert.Contains("ada@example.com", html);
            Assert.Contains("ada@example.com", text);
            Assert.StartsWith("Subject: ", text);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await operatorClient.GetAsync($"{Templates}/layout/preview")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await operatorClient.GetAsync($"{Templates}/welcome/preview?format=pdf")).StatusCode);
    }
}

/// <summary>Two mails an hour, and a clock that stands.</summary>
public sealed class ThriftyApp : AcquisitionApp
{
    public override TestClock Clock { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Mail:PerHour", "2")];
}

public sealed class QuotaTests(ThriftyApp app) : IClassFixture<ThriftyApp>
{
    [Fact]
    public async Task What_an_hour_does_not_hold_waits_for_the_next_ones()
    {
        for (var i = 0; i < 5; i++) await app.PublishAsync(app.SignUp($"many-{i}@example.com"));
        await Eventually.EqualAsync(5L, () => app.ReadAsync<long>("select count(*) from mails"));
        Assert.Equal("08:00 09:00 10:00", await app.ReadAsync<string>(
            "select string_agg(distinct to_char(due_at at time zone 'UTC', 'HH24:MI'), ' ' order by to_char(due_at at time zone 'UTC', 'HH24:MI')) from kernel.effects"));
        Assert.Equal(2L, await app.ReadAsync<long>("select max(used) from kernel.quotas"));
    }
}
