using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Empire.Identity.SecondFactor;

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
    public async Task Neither_secret_nor_recovery_code_stands_in_the_database()
    {
        var (_, secret, recovery) = await EnrolledAsync();
        await using var database = await app.OpenAsync();
        var rows = (await database.QueryAsync<string>("select second_factors::text from second_factors union all select recovery_codes::text from recovery_codes")).ToList();
        Assert.All(rows, row => Assert.DoesNotContain(Convert.ToBase64String(secret), row, StringComparison.Ordinal));
        Assert.All(rows, row => Assert.DoesNotContain(recovery[0].Replace("-", "", StringComparison.Ordinal), row, StringComparison.Ordinal));
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
