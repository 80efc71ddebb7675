using System.Net;
using System.Net.Http.Json;
using Dapper;
using Empire.Testing;

namespace Empire.Identity.Tests.People;

public sealed class MailTokenTests(PeopleApp app) : IClassFixture<PeopleApp>
{
    [Fact]
    public async Task The_link_of_the_mail_verifies_once()
    {
        var email = await app.RegisteredAsync();
        var browser = await app.BrowserAsync(email);
        Assert.False((await browser.ReadAsync("/api/auth/profile")).GetProperty("email_verified").GetBoolean());
        var token = app.Open((await app.HeardAsync("CustomerSignedUp", email))[0], "SealedVerificationToken", "mail:verification");
        using (var scanner = app.CreateClient())   // of a mailbox, which looks where links lead
        using (var looked = await scanner.SendAsync(new(HttpMethod.Head, $"/api/auth/verify?token={token}"))) Assert.Equal(HttpStatusCode.OK, looked.StatusCode);
        Assert.False((await browser.ReadAsync("/api/auth/profile")).GetProperty("email_verified").GetBoolean());
        using (var verified = await GetAsync($"/api/auth/verify?token={token}")) Assert.Equal(HttpStatusCode.OK, verified.StatusCode);
        Assert.True((await browser.ReadAsync("/api/auth/profile")).GetProperty("email_verified").GetBoolean());
        using var again = await GetAsync($"/api/auth/verify?token={token}");
        Assert.Equal((HttpStatusCode.BadRequest, "TOKEN_INVALID"), (again.StatusCode, await again.CodeAsync()));
        await using var database = await app.OpenAsync();
        Assert.DoesNotContain(await database.QueryAsync<string>("select one_time_tokens::text from one_time_tokens"), row => row.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_done_by_the_links_of_mails_stands_in_the_log_of_the_persons_account()
    {
        var email = await app.RegisteredAsync();
        var token = app.Open((await app.HeardAsync("CustomerSignedUp", email))[0], "SealedVerificationToken", "mail:verification");
        (await GetAsync($"/api/auth/verify?token={token}")).Dispose();
        (await PostAsync("/api/auth/reset-password", new { token = await ResetTokenAsync(email), password = "another long phrase" })).Dispose();
        var browser = await app.BrowserAsync(email, "another long phrase");
        var person = (await browser.ReadAsync("/api/auth/profile")).Text("id");
        var log = (await browser.ReadAsync($"/api/v1/identity/audit?entity={person}")).GetProperty("data").EnumerateArray().Select(entry => entry.Text("action")).ToList();
        foreach (var action in (string[])["person.signed-up", "email.verified", "password.reset"]) Assert.Contains(action, log);
    }

    [Fact]
    public async Task A_new_verification_mail_voids_the_link_before_and_a_day_ends_it()
    {
        var email = await app.RegisteredAsync();
        var first = app.Open((await app.HeardAsync("CustomerSignedUp", email))[0], "SealedVerificationToken", "mail:verification");
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        (await PostAsync("/api/auth/resend-verification", new { email })).Dispose();
        await Eventually.EqualAsync(1, async () => (await app.HeardAsync("EmailVerificationRequested", email)).Count);
        using (var old = await GetAsync($"/api/auth/verify?token={first}")) Assert.Equal(HttpStatusCode.BadRequest, old.StatusCode);
        var second = app.Open((await app.HeardAsync("EmailVerificationRequested", email))[0], "SealedVerificationToken", "mail:verification");
        app.Clock.Advance(TimeSpan.FromHours(24));
        using var late = await GetAsync($"/api/auth/verify?token={second}");
        Assert.Equal(HttpStatusCode.BadRequest, late.StatusCode);
    }

    [Fact]
    public async Task A_forgotten_password_is_set_anew_once_ends_every_session_and_opens_a_lock()
    {
        var email = await app.RegisteredAsync();
        var browser = await app.BrowserAsync(email);
        for (var i = 0; i < 5; i++) (await app.SignInAsync(email, "not the right one")).Dispose();
        using (var locked = await app.SignInAsync(email)) Assert.Equal(HttpStatusCode.Locked, locked.StatusCode);
        var token = await ResetTokenAsync(email);
        using (var weak = await PostAsync("/api/auth/reset-password", new { token, password = "short" })) Assert.Equal(HttpStatusCode.BadRequest, weak.StatusCode);
        using (var set = await PostAsync("/api/auth/reset-password", new { token, password = "another long phrase" })) Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        using (var again = await PostAsync("/api/auth/reset-password", new { token, password = "a third long phrase" })) Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
        Assert.False(await browser.IsInAsync());
        using (var old = await app.SignInAsync(email)) Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        Assert.True(await (await app.BrowserAsync(email, "another long phrase")).IsInAsync());
    }

    [Fact]
    public async Task Somebody_who_signed_up_by_address_alone_chooses_a_password_by_mail()
    {
        var email = PeopleApp.NewEmail();
        (await PostAsync("/api/signup", new { email })).Dispose();
        using (var early = await app.SignInAsync(email)) Assert.Equal(HttpStatusCode.Unauthorized, early.StatusCode);
        var token = await ResetTokenAsync(email);
        (await PostAsync("/api/auth/reset-password", new { token, password = PeopleApp.Password })).Dispose();
        var profile = await (await app.BrowserAsync(email)).ReadAsync("/api/auth/profile");
        Assert.True(profile.GetProperty("email_verified").GetBoolean());
    }

    [Fact]
    public async Task Asking_for_a_password_answers_alike_and_writes_alike_whether_or_not_the_address_is_known()
    {
        var known = await app.RegisteredAsync();
        var unknown = PeopleApp.NewEmail();
        using var first = await PostAsync("/api/auth/forgot-password", new { email = known });
        using var second = await PostAsync("/api/auth/forgot-password", new { email = unknown });
        Assert.Equal((HttpStatusCode.OK, await first.Content.ReadAsStringAsync()), (second.StatusCode, await second.Content.ReadAsStringAsync()));
        await Eventually.EqualAsync(1, async () => (await app.HeardAsync("PasswordResetRequested", known)).Count);
        await using var database = await app.OpenAsync();
        await Eventually.EqualAsync(0, () => database.QuerySingleAsync<int>("select count(*)::int from mail_requests")); // both were looked at, by the worker
        Assert.Empty(await app.HeardAsync("PasswordResetRequested", unknown));
    }

    [Fact]
    public async Task Asking_ten_times_in_a_minute_sends_one_mail()
    {
        var email = await app.RegisteredAsync();
        for (var i = 0; i < 10; i++) (await PostAsync("/api/auth/forgot-password", new { email })).Dispose();
        await using var database = await app.OpenAsync();
        await Eventually.EqualAsync(0, () => database.QuerySingleAsync<int>("select count(*)::int from mail_requests"));
        Assert.Single(await app.HeardAsync("PasswordResetRequested", email));
    }

    [Fact]
    public async Task Of_two_who_bring_one_token_at_once_one_sets_the_password()
    {
        var email = await app.RegisteredAsync();
        var token = await ResetTokenAsync(email);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => PostAsync("/api/auth/reset-password", new { token, password = $"the long phrase of number {i}" })));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task A_password_is_changed_by_who_knows_the_old_one_and_only_this_browser_stays_in_under_a_new_id()
    {
        var email = await app.RegisteredAsync();
        var (here, there) = (await app.BrowserAsync(email), await app.BrowserAsync(email));
        var before = here.Cookie;
        using (var wrong = await here.PostAsync("/api/auth/password", new { current = "not the right one", @new = "another long phrase" })) Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        using (var done = await here.PostAsync("/api/auth/password", new { current = PeopleApp.Password, @new = "another long phrase" })) Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.NotEqual(before, here.Cookie);
        Assert.True(await here.IsInAsync());
        Assert.False(await there.IsInAsync());
        Assert.Null(await app.AuthenticateAsync(new() { Session = before }));
    }

    private async Task<string> ResetTokenAsync(string email)
    {
        (await PostAsync("/api/auth/forgot-password", new { email })).Dispose();
        await Eventually.TrueAsync(async () => (await app.HeardAsync("PasswordResetRequested", email)).Count > 0);
        return app.Open((await app.HeardAsync("PasswordResetRequested", email))[^1], "SealedToken", "mail:password-reset");
    }

    private async Task<HttpResponseMessage> GetAsync(string path)
    {
        using var client = app.CreateClient();
        return await client.GetAsync(path);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, object body)
    {
        using var client = app.CreateClient();
        return await client.PostAsJsonAsync(path, body);
    }
}
