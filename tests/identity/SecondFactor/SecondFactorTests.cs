using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Empire.Contracts.V1;
using Empire.Http;
using Empire.Identity.SecondFactor;
using Empire.Identity.Sessions;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests.SecondFactor;

public sealed class SecondFactorTests(PeopleApp app) : IClassFixture<PeopleApp>
{
    /// <summary>RFC 6238, appendix B, the rows of SHA-1.</summary>
    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        Assert.Equal(code, Totp.CodeAt(Encoding.ASCII.GetBytes("12345678901234567890"), Totp.StepOf(DateTimeOffset.FromUnixTimeSeconds(seconds)), digits: 8));

    /// <summary>RFC 4648, section 10.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Secrets_are_shown_in_the_standard_s_base32(string clear, string shown) => Assert.Equal(shown, Totp.ToBase32(Encoding.ASCII.GetBytes(clear)));

    [Fact]
    public async Task Enrolled_and_confirmed_it_is_asked_for_and_each_code_opens_once()
    {
        var (email, secret, _) = await EnrolledAsync();
        using (var without = await app.SignInAsync(email)) Assert.Equal((HttpStatusCode.Unauthorized, "SECOND_FACTOR_REQUIRED"), (without.StatusCode, await without.CodeAsync()));
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        var code = CodeNow(secret);
        using (var wrong = await app.SignInAsync(email, code: code == "000000" ? "000001" : "000000")) Assert.Equal("INVALID_CREDENTIALS", await wrong.CodeAsync());
        using (var right = await app.SignInAsync(email, code: code)) Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        using (var replayed = await app.SignInAsync(email, code: code)) Assert.Equal(HttpStatusCode.Unauthorized, replayed.StatusCode);
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        var racing = CodeNow(secret);
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => app.SignInAsync(email, code: racing)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task Wrong_codes_lock_and_asking_for_the_code_in_between_does_not_wipe_them_out()
    {
        var (email, secret, _) = await EnrolledAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        var wrong = CodeNow(secret) == "000000" ? "000001" : "000000";
        for (var i = 0; i < 5; i++)
        {
            using (var without = await app.SignInAsync(email)) Assert.Equal("SECOND_FACTOR_REQUIRED", await without.CodeAsync());
            (await app.SignInAsync(email, code: wrong)).Dispose();
        }
        using var locked = await app.SignInAsync(email, code: CodeNow(secret));
        Assert.Equal(HttpStatusCode.Locked, locked.StatusCode);
        Assert.Single(await app.HeardAsync("UserLockedOut", email));
    }

    [Fact]
    public async Task A_recovery_code_opens_once_and_ten_new_ones_void_the_old()
    {
        var (email, secret, recovery) = await EnrolledAsync();
        Assert.Equal(10, recovery.Distinct().Count());
        var browser = await app.BrowserAsync(email, code: recovery[0].ToLowerInvariant());
        using (var again = await app.SignInAsync(email, code: recovery[0])) Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        Assert.Equal(9, (await browser.ReadAsync("/api/auth/second-factor")).GetProperty("recovery_codes_left").GetInt32());
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        using (var renewed = await browser.PostAsync("/api/auth/second-factor/recovery-codes", new { password = PeopleApp.Password, code = CodeNow(secret) }))
            Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
        using (var old = await app.SignInAsync(email, code: recovery[1])) Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
    }

    [Fact]
    public async Task Turning_it_on_puts_other_browsers_out_and_gives_this_one_a_new_id_and_off_needs_both_factors()
    {
        var email = await app.RegisteredAsync();
        var (here, there) = (await app.BrowserAsync(email), await app.BrowserAsync(email));
        var before = here.Cookie;
        var secret = await EnrolAsync(here);
        using (var wrong = await here.PostAsync("/api/auth/second-factor/confirm", new { code = "12" })) Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using (var on = await here.PostAsync("/api/auth/second-factor/confirm", new { code = CodeNow(secret) })) Assert.Equal(HttpStatusCode.OK, on.StatusCode);
        Assert.NotEqual(before, here.Cookie);
        Assert.Equal((true, false), (await here.IsInAsync(), await there.IsInAsync()));
        Assert.Null(await app.AuthenticateAsync(new() { Session = before }));
        using (var twice = await here.PostAsync("/api/auth/second-factor", new { password = PeopleApp.Password })) Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        using (var half = await here.PostAsync("/api/auth/second-factor/disable", new { password = PeopleApp.Password, code = "000000x" })) Assert.Equal(HttpStatusCode.Forbidden, half.StatusCode);
        using (var off = await here.PostAsync("/api/auth/second-factor/disable", new { password = PeopleApp.Password, code = CodeNow(secret) })) Assert.Equal(HttpStatusCode.OK, off.StatusCode);
        using var plain = await app.SignInAsync(email);
        Assert.Equal(HttpStatusCode.OK, plain.StatusCode);
    }

    [Fact]
    public async Task A_browser_that_was_signed_out_while_its_request_was_held_back_does_not_turn_it_on()
    {
        var email = await app.RegisteredAsync();
        var (thief, owner) = (await app.BrowserAsync(email), await app.BrowserAsync(email));
        var secret = await EnrolAsync(thief);
        var signed = (await thief.WhoAsync())!;
        using (var ended = await owner.SendAsync(HttpMethod.Delete, "/api/v1/identity/sessions")) Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        using (var late = await LateAsync(signed, thief.Cookie, CodeNow(secret))) Assert.Equal((HttpStatusCode.Forbidden, "FORBIDDEN"), (late.StatusCode, await late.CodeAsync()));
        Assert.True(await owner.IsInAsync());
        using var plain = await app.SignInAsync(email);
        Assert.Equal(HttpStatusCode.OK, plain.StatusCode);
    }

    [Theory]
    [InlineData(SecondFactors.MostWrongCodes - 1, HttpStatusCode.OK)]
    [InlineData(SecondFactors.MostWrongCodes, HttpStatusCode.BadRequest)]
    public async Task A_secret_waits_for_so_many_wrong_codes_however_many_come_at_once_and_locks_no_sign_in(int wrong, HttpStatusCode then)
    {
        var email = await app.RegisteredAsync();
        var browser = await app.BrowserAsync(email);
        var secret = await EnrolAsync(browser);
        var now = Totp.StepOf(app.Clock.GetUtcNow());
        var good = Enumerable.Range(-2, 5).Select(step => Totp.CodeAt(secret, now + step)).ToHashSet();
        var guesses = Enumerable.Range(0, 20).Select(number => $"{number:D6}").Where(code => !good.Contains(code)).Take(wrong);
        foreach (var answer in await Task.WhenAll(guesses.Select(code => browser.PostAsync("/api/auth/second-factor/confirm", new { code }))))
            using (answer) Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using (var right = await browser.PostAsync("/api/auth/second-factor/confirm", new { code = CodeNow(secret) })) Assert.Equal(then, right.StatusCode);
        if (then == HttpStatusCode.OK) return;
        using (var plain = await app.SignInAsync(email)) Assert.Equal(HttpStatusCode.OK, plain.StatusCode);
        secret = await EnrolAsync(browser);
        using var anew = await browser.PostAsync("/api/auth/second-factor/confirm", new { code = CodeNow(secret) });
        Assert.Equal(HttpStatusCode.OK, anew.StatusCode);
    }

    [Fact]
    public async Task A_secret_waits_for_ten_minutes()
    {
        var browser = await app.BrowserAsync(await app.RegisteredAsync());
        var secret = await EnrolAsync(browser);
        app.Clock.Advance(SecondFactors.ConfirmWithin);
        using (var late = await browser.PostAsync("/api/auth/second-factor/confirm", new { code = CodeNow(secret) })) Assert.Equal(HttpStatusCode.BadRequest, late.StatusCode);
        secret = await EnrolAsync(browser);
        app.Clock.Advance(SecondFactors.ConfirmWithin - TimeSpan.FromSeconds(1));
        using var right = await browser.PostAsync("/api/auth/second-factor/confirm", new { code = CodeNow(secret) });
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_a_new_password_a_secret_that_was_never_confirmed_is_void(bool byMail)
    {
        const string newPassword = "a new phrase of mine";
        var email = await app.ConfirmedAsync();
        var browser = await app.BrowserAsync(email);
        var secret = await EnrolAsync(browser);
        if (byMail)
        {
            using var client = app.CreateClient();
            (await client.PostAsJsonAsync("/api/auth/forgot-password", new { email })).Dispose();
            await Eventually.EqualAsync(1, async () => (await app.HeardAsync("PasswordResetRequested", email)).Count);
            var token = app.Open((await app.HeardAsync("PasswordResetRequested", email))[0], "SealedToken", "mail:password-reset");
            using var reset = await client.PostAsJsonAsync("/api/auth/reset-password", new { token, password = newPassword });
            Assert.Equal(HttpStatusCode.OK, reset.StatusCode);
        }
        else
        {
            using var changed = await browser.PostAsync("/api/auth/password", new { current = PeopleApp.Password, @new = newPassword });
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        }
        browser = await app.BrowserAsync(email, newPassword);
        using var late = await browser.PostAsync("/api/auth/second-factor/confirm", new { code = CodeNow(secret) });
        Assert.Equal(HttpStatusCode.BadRequest, late.StatusCode);
    }

    [Fact]
    public async Task A_second_factor_that_is_on_outlives_a_new_password()
    {
        var (email, secret, _) = await EnrolledAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        var browser = await app.BrowserAsync(email, code: CodeNow(secret));
        using (var changed = await browser.PostAsync("/api/auth/password", new { current = PeopleApp.Password, @new = "a new phrase of mine" })) Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        using var half = await app.SignInAsync(email, "a new phrase of mine");
        Assert.Equal("SECOND_FACTOR_REQUIRED", await half.CodeAsync());
    }

    [Fact]
    public async Task Neither_secret_nor_recovery_code_stands_in_the_database()
    {
        var (_, secret, recovery) = await EnrolledAsync();
        await using var database = await app.OpenAsync();
        var rows = (await database.QueryAsync<string>("select second_factors::text from second_factors union all select recovery_codes::text from recovery_codes")).ToList();
        Assert.All(rows, row => Assert.DoesNotContain(Convert.ToBase64String(secret), row, StringComparison.Ordinal));
        Assert.All(rows, row => Assert.DoesNotContain(recovery[0].Replace("-", "", StringComparison.Ordinal), row, StringComparison.Ordinal));
    }

    /// <summary>Confirms as somebody whom the gateway had signed before.</summary>
    private async Task<HttpResponseMessage> LateAsync(AuthenticateReply signed, string cookie, string code)
    {
        using var client = app.CreateClient(new() { HandleCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/second-factor/confirm") { Content = JsonContent.Create(new { code }) };
        request.Headers.Add("Cookie", $"{SessionCookie.Name}={cookie}");
        request.Headers.Add(CallerToken.Header, app.Services.GetRequiredService<CallerToken>().Sign(new(new(Guid.Parse(signed.TenantId)), signed.Actor, signed.Role, signed.Operator, signed.Tier)));
        return await client.SendAsync(request);
    }

    private async Task<(string Email, byte[] Secret, IReadOnlyList<string> Recovery)> EnrolledAsync()
    {
        var email = await app.RegisteredAsync();
        var browser = await app.BrowserAsync(email);
        var secret = await EnrolAsync(browser);
        using var confirmed = await browser.PostAsync("/api/auth/second-factor/confirm", new { code = CodeNow(secret) });
        return (email, secret, [.. (await confirmed.JsonAsync()).GetProperty("recovery_codes").EnumerateArray().Select(code => code.GetString()!)]);
    }

    private static async Task<byte[]> EnrolAsync(Browser browser)
    {
        using var enrolled = await browser.PostAsync("/api/auth/second-factor", new { password = PeopleApp.Password });
        var answer = await enrolled.JsonAsync();
        var shown = answer.GetProperty("secret").GetString()!;
        Assert.Contains($"secret={shown}&issuer=Empire", answer.GetProperty("otpauth_uri").GetString(), StringComparison.Ordinal);
        return FromBase32(shown);
    }

    private string CodeNow(byte[] secret) => Totp.CodeAt(secret, Totp.StepOf(app.Clock.GetUtcNow()));

    private static byte[] FromBase32(string text)
    {
        var bits = string.Concat(text.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Regex.Matches(bits, "[01]{8}").Select(m => Convert.ToByte(m.Value, 2))];
    }
}
