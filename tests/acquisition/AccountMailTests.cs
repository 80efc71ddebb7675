using System.Text.Json.Nodes;
using Empire.Contracts;
using Empire.Testing;

namespace Empire.Acquisition.Tests;

/// <summary>Each event of an account brings its mail, once, to the right person, readable as HTML and as text.</summary>
public sealed class AccountMailTests(AcquisitionApp app) : IClassFixture<AcquisitionApp>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Sign_up_is_welcomed_with_the_key_the_first_steps_and_the_link()
    {
        var fact = app.SignUp("welcome@example.com");
        await app.PublishAsync(fact);
        await app.PublishAsync(fact); // told twice
        await app.SettledAsync("sent", fact.Email);
        var mail = await app.Sandbox.MailToAsync(fact.Email);
        AssertBoth(mail, "gopt_secretsecretsecretsecret", "https://empire.example/verify-email?token=verify%2Bme%2F%3D", "/api/v1/identity/me");
        Assert.Equal("Welcome to Empire", mail["subject"]!.GetValue<string>());
        Assert.True(mail["tls"]!.GetValue<bool>(), "The mail came in clear.");
        Assert.Equal("post@empire.example", mail["user"]!.GetValue<string>());
        var headers = mail["headers"]!.AsArray().ToLookup(h => h!["name"]!.GetValue<string>(), h => h!["value"]!.GetValue<string>(), StringComparer.OrdinalIgnoreCase);
        Assert.Equal("auto-generated", headers["Auto-Submitted"].Single());
        Assert.StartsWith("multipart/alternative", headers["Content-Type"].Single());
        Assert.Equal("Empire <post@empire.example>", headers["From"].Single().Replace("\"", "", StringComparison.Ordinal));
        Assert.Equal(fact.Email, headers["To"].Single());
        Assert.Single(headers["Date"]);
        Assert.EndsWith("@empire.example>", headers["Message-ID"].Single());
        Assert.Equal([250], await app.Sandbox.AnswersAsync(fact.Email));
    }

    [Fact]
    public async Task The_owners_of_a_closed_account_are_told_although_nothing_else_is_begun_for_it()
    {
        var (account, owner) = (TenantId.New(Now), "closed@example.com");
        app.Identity.Owners[account.Value] = [owner];
        await using (var work = await app.Database.BeginAsync(account, CancellationToken.None))
        {
            work.Publish(new AccountClosed { TenantId = account.Value, Erased = false, OccurredAt = Now });
            await work.CommitAsync(CancellationToken.None);
        }
        AssertBoth(await app.Sandbox.MailToAsync(owner), account.ToString(), "closed");
    }

    [Fact]
    public async Task A_sign_up_without_a_key_is_welcomed_without_one()
    {
        var fact = app.SignUp("keyless@example.com") with { SealedApiKey = null };
        await app.PublishAsync(fact);
        var mail = await app.Sandbox.MailToAsync(fact.Email);
        AssertBoth(mail, "/verify-email?token=", "https://empire.example/dashboard");   // where they make their first
        foreach (var ofAKey in (string[])["gopt_", "Keep your API key", "/forgot-password", "{{"]) Assert.DoesNotContain(ofAKey, mail["text"]!.GetValue<string>() + mail["html"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verification_brings_the_link_again_each_time_it_is_asked_for()
    {
        var fact = new EmailVerificationRequested { TenantId = app.Tenant.Value, UserId = Guid.CreateVersion7(), Email = "again@example.com", SealedVerificationToken = app.Sealer.Seal("v1", "mail:verification"), OccurredAt = Now };
        await app.PublishAsync(fact);
        AssertBoth(await app.Sandbox.MailToAsync(fact.Email), "https://empire.example/verify-email?token=v1");
        await app.PublishAsync(fact with { SealedVerificationToken = app.Sealer.Seal("v2", "mail:verification"), OccurredAt = Now.AddMinutes(1) });
        await Eventually.TrueAsync(async () => (await app.Sandbox.MailsToAsync(fact.Email)).Count == 2);
        AssertBoth((await app.Sandbox.MailsToAsync(fact.Email))[0], "token=v2");
    }

    [Fact]
    public async Task A_reset_brings_the_link_and_its_end()
    {
        var fact = new PasswordResetRequested { TenantId = app.Tenant.Value, UserId = Guid.CreateVersion7(), Email = "reset@example.com", SealedToken = app.Sealer.Seal("r&1", "mail:password-reset"), ExpiresAt = new(2999, 1, 2, 3, 4, 0, TimeSpan.Zero), OccurredAt = Now };
        await app.PublishAsync(fact);
        AssertBoth(await app.Sandbox.MailToAsync(fact.Email), "https://empire.example/reset-password?token=r%261", "2 Jan 2999, 03:04 UTC");
    }

    [Fact]
    public async Task A_reset_that_has_expired_is_not_sent()
    {
        var fact = new PasswordResetRequested { TenantId = app.Tenant.Value, UserId = Guid.CreateVersion7(), Email = "late@example.com", SealedToken = app.Sealer.Seal("r", "mail:password-reset"), ExpiresAt = Now.AddSeconds(-1), OccurredAt = Now };
        await app.PublishAsync(fact);
        await app.SettledAsync("refused", fact.Email);
        Assert.Empty(await app.Sandbox.MailsToAsync(fact.Email));
    }

    [Fact]
    public async Task An_invite_brings_its_link()
    {
        var fact = new InviteSent { TenantId = app.Tenant.Value, InviteId = Guid.CreateVersion7(), Email = "guest@example.com", SealedCode = app.Sealer.Seal("c0de_-", "mail:invite"), ExpiresAt = null, OccurredAt = Now };
        await app.PublishAsync(fact);
        var mail = await app.Sandbox.MailToAsync(fact.Email);
        AssertBoth(mail, "https://empire.example/signup?invite=c0de_-");
        Assert.DoesNotContain("good until", mail["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task Who_is_asked_to_join_an_account_is_told_once_whose_and_as_what()
    {
        var fact = Asked("asked@example.com", "Harbour <b> Roasters & Co");
        await app.PublishAsync(fact);
        await app.PublishAsync(fact); // told twice
        await app.PublishAsync(app.SignUp("another@example.com"));
        await app.Sandbox.MailToAsync("another@example.com");
        await app.SettledAsync("sent", fact.Email);
        var mail = Assert.Single(await app.Sandbox.MailsToAsync(fact.Email));
        AssertBoth(mail, "Harbour <b> Roasters & Co", app.Tenant.ToString(), "admin", "https://empire.example/login", fact.Email);
        Assert.DoesNotContain("<b>", mail["html"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("You are asked to join an account of Empire", mail["subject"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("Win at https://evil.example/x")]
    [InlineData("www.evil.example")]
    [InlineData("call me@evil")]
    public async Task A_name_that_would_become_a_link_is_not_in_the_mail(string name)
    {
        var fact = Asked($"{Guid.CreateVersion7():N}@example.com", name);
        await app.PublishAsync(fact);
        var mail = await app.Sandbox.MailToAsync(fact.Email);
        AssertBoth(mail, app.Tenant.ToString(), "admin");
        Assert.DoesNotContain("evil", mail["text"]!.GetValue<string>() + mail["html"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    /// <summary>Whoever typed the address at the sign-up is not to be helped to a proof by its holder, who has just been told of something that waits for them.</summary>
    [Fact]
    public async Task Who_is_asked_under_an_address_that_nobody_proved_is_sent_to_a_new_password()
    {
        var (unproved, proved) = (Asked("typed-only@example.com", "Shop") with { EmailVerified = false }, Asked("confirmed@example.com", "Shop"));
        await app.PublishAsync(unproved);
        await app.PublishAsync(proved);
        AssertBoth(await app.Sandbox.MailToAsync(unproved.Email), "/forgot-password", "never confirmed it");
        var mail = await app.Sandbox.MailToAsync(proved.Email);
        Assert.DoesNotContain("/forgot-password", mail["text"]!.GetValue<string>() + mail["html"]!.GetValue<string>(), StringComparison.Ordinal);
        AssertBoth(mail, "/login");
    }

    private MemberAdded Asked(string email, string account) => new() { TenantId = app.Tenant.Value, UserId = Guid.CreateVersion7(), Email = email, AccountName = account, Role = "admin", OccurredAt = Now };

    [Fact]
    public async Task A_lock_out_says_until_when_and_from_where()
    {
        var fact = new UserLockedOut { TenantId = app.Tenant.Value, UserId = Guid.CreateVersion7(), Email = "locked@example.com", Until = new(2026, 5, 6, 7, 8, 0, TimeSpan.Zero), Address = "203.0.113.9", OccurredAt = Now };
        await app.PublishAsync(fact);
        AssertBoth(await app.Sandbox.MailToAsync(fact.Email), "6 May 2026, 07:08 UTC", "203.0.113.9");
    }

    [Fact]
    public async Task A_new_sign_in_shows_what_is_known_and_nothing_in_it_becomes_markup()
    {
        const string program = "<img src=x onerror=alert(1)>\r\nBcc: eve@example.com {{recipient}} {content}";
        var fact = new NewSignIn { TenantId = app.Tenant.Value, UserId = Guid.CreateVersion7(), Email = "signed-in@example.com", Address = "203.0.113.9", UserAgent = program, OccurredAt = Now };
        await app.PublishAsync(fact);
        var mail = await app.Sandbox.MailToAsync(fact.Email);
        AssertBoth(mail, "203.0.113.9", "{{recipient}} {content}");
        var html = mail["html"]!.GetValue<string>();
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", html);
        Assert.DoesNotContain("<img", html);
        Assert.Contains("<img src=x onerror=alert(1)>  Bcc: eve@example.com", mail["text"]!.GetValue<string>()); // in one line, and text is text
        Assert.Empty(await app.Sandbox.MailsToAsync("eve@example.com"));
    }

    [Theory]
    [InlineData("eve@example.com\r\nBcc: all@example.com")]
    [InlineData("eve@example.com, all@example.com")]
    [InlineData("Eve <eve2@example.com>")]
    [InlineData("\"a b\"@example.com")]
    [InlineData("nobody")]
    [InlineData("")]
    public async Task An_address_that_could_be_more_than_one_is_refused_and_holds_up_nobody(string address)
    {
        var user = Guid.CreateVersion7();
        await app.PublishAsync(app.SignUp(address, user));
        await app.PublishAsync(app.SignUp($"next-{user:N}@example.com"));
        await app.Sandbox.MailToAsync($"next-{user:N}@example.com");
        Assert.Equal(("refused", "The address cannot be mailed."), await app.ReadAsync<(string, string)>("select state, detail from mails where mail_key = @key", new { key = $"welcome:{user:N}" }));
        Assert.Empty(await app.Sandbox.MailsToAsync("all@example.com"));
        Assert.Null(await app.ReadAsync<string>("select state from kernel.effects where key = @key", new { key = $"welcome:{user:N}" }));
    }

    [Fact]
    public async Task Sealed_secrets_are_forgotten_once_the_mail_is_sent()
    {
        var fact = app.SignUp("forgotten@example.com");
        await app.Sandbox.ArmAsync("temporary", fact.Email);
        await app.PublishAsync(fact);
        await app.SettledAsync("sent", fact.Email);
        Assert.Contains("gopt_secretsecretsecretsecret", (await app.Sandbox.MailToAsync(fact.Email))["text"]!.GetValue<string>());
        Assert.Equal("{}", await app.ReadAsync<string>("select intent->>'secrets' from kernel.effects where key = @key", new { key = $"welcome:{fact.UserId:N}" }));
    }

    [Fact]
    public async Task No_secret_lies_in_clear_in_any_table()
    {
        var fact = app.SignUp("sealed@example.com");
        await app.PublishAsync(fact);
        await app.SettledAsync("sent", fact.Email);
        foreach (var secret in (string[])["gopt_secretsecret", "verify+me"])
            Assert.Equal("", await app.ReadAsync<string>(
                """
                select coalesce(string_agg(format('%I.%I', table_schema, table_name), ', '), '') from information_schema.tables
                where table_schema in ('public', 'kernel') and table_type = 'BASE TABLE'
                  and query_to_xml(format('select t.*::text as r from %I.%I t where t.*::text like %L', table_schema, table_name, '%' || @secret || '%'), false, false, '')::text like '%<r>%'
                """, new { secret }));
        // The same search finds what is there.
        Assert.NotEqual("", await app.ReadAsync<string>(
            "select coalesce(string_agg(table_name, ', '), '') from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and query_to_xml(format('select t.*::text as r from %I.%I t where t.*::text like %L', table_schema, table_name, '%sealed@example.com%'), false, false, '')::text like '%<r>%'"));
    }

    private static void AssertBoth(JsonObject mail, params string[] wanted)
    {
        var (text, html) = (mail["text"]!.GetValue<string>(), System.Net.WebUtility.HtmlDecode(mail["html"]!.GetValue<string>()));
        foreach (var part in wanted)
        {
            Assert.Contains(part, text);
            Assert.Contains(part, html);
        }
    }
}
