using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Dapper;
using Empire.Identity.SecondFactor;
using Empire.Testing;

namespace Empire.Identity.Tests.People;

/// <summary>Somebody signs up with the address of somebody else and furnishes the account; then its holder comes.</summary>
public sealed class FirstProofTests(PeopleApp app) : IClassFixture<PeopleApp>
{
    private const string HoldersPassword = "the holder's own phrase";

    [Fact]
    public async Task A_new_password_that_first_proves_the_address_ends_all_that_was_made_before()
    {
        var accomplice = await app.RegisteredAsync();
        var mates = await app.BrowserAsync(accomplice);   // in an account of their own: there is no other yet
        var email = await app.RegisteredAsync();
        var squatter = await app.BrowserAsync(email);
        var keys = new[] { await KeyAsync(squatter), await KeyAsync(squatter) };
        using (var added = await squatter.PostAsync("/api/v1/identity/members", new { email = accomplice, role = "owner" })) Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        using (var listed = await squatter.PostAsync("/api/v1/identity/access-controls", new { control_type = "ip_whitelist", control_value = "10.0.0.0/8", force = true })) Assert.Equal(HttpStatusCode.Created, listed.StatusCode);
        await EnrolAsync(squatter);
        var token = (await (await squatter.PostAsync("/api/auth/token")).JsonAsync()).Text("access_token");
        Assert.NotNull(await app.AuthenticateAsync(new() { AccessToken = token }));

        using (var set = await ResetAsync(email, HoldersPassword)) Assert.Contains("void", (await set.JsonAsync()).Text("message"), StringComparison.Ordinal);
        foreach (var key in keys) Assert.Null(await app.AuthenticateAsync(new() { ApiKey = key }));
        Assert.False(await squatter.IsInAsync());
        Assert.Null(await app.AuthenticateAsync(new() { AccessToken = token }));
        var holder = await app.BrowserAsync(email, HoldersPassword); // without a code that the holder cannot have
        var who = (await holder.WhoAsync())!;
        Assert.Empty(who.AllowedNetworks);
        Assert.Equal("owner", who.Role);
        Assert.Equal(email, Assert.Single((await holder.ReadAsync("/api/v1/identity/members")).GetProperty("data").EnumerateArray()).Text("email"));
        Assert.Equal(1, (await holder.ReadAsync("/api/v1/identity/security-events?kind=address-first-proved")).GetProperty("data").GetArrayLength());
        Assert.Single((await mates.ReadAsync("/api/auth/profile")).GetProperty("tenants").EnumerateArray()); // their own is untouched
        Assert.NotNull(await app.AuthenticateAsync(new() { ApiKey = await KeyAsync(holder) }));
    }

    [Fact]
    public async Task The_key_of_a_sign_up_by_address_alone_ends_too_unless_the_address_was_confirmed_before()
    {
        foreach (var confirmed in (bool[])[false, true])
        {
            var email = PeopleApp.NewEmail();
            using var client = app.CreateClient();
            using var signedUp = await client.PostAsJsonAsync("/api/signup", new { email });
            var key = (await signedUp.JsonAsync()).Text("api_key");
            if (confirmed)
            {
                var link = app.Open((await app.HeardAsync("CustomerSignedUp", email))[0], "SealedVerificationToken", "mail:verification");
                (await client.GetAsync($"/api/auth/verify?token={link}")).Dispose();
            }
            using var set = await ResetAsync(email, HoldersPassword);
            Assert.Equal(HttpStatusCode.OK, set.StatusCode);
            Assert.Equal(confirmed, await app.AuthenticateAsync(new() { ApiKey = key }) is not null);
        }
    }

    [Fact]
    public async Task Once_proved_a_new_password_leaves_keys_and_second_factor_as_they_are()
    {
        var email = await app.RegisteredAsync();
        (await ResetAsync(email, HoldersPassword)).Dispose();
        var holder = await app.BrowserAsync(email, HoldersPassword);
        var key = await KeyAsync(holder);
        await EnrolAsync(holder, HoldersPassword);
        app.Clock.Advance(TimeSpan.FromMinutes(2)); // one mail a minute
        using (var again = await ResetAsync(email, PeopleApp.Password)) Assert.DoesNotContain("void", (await again.JsonAsync()).Text("message"), StringComparison.Ordinal);
        Assert.NotNull(await app.AuthenticateAsync(new() { ApiKey = key }));
        using var half = await app.SignInAsync(email);
        Assert.Equal("SECOND_FACTOR_REQUIRED", await half.CodeAsync()); // whoever reads the mail alone does not come in
    }

    [Fact]
    public async Task In_an_account_of_others_only_what_they_made_themselves_ends()
    {
        var host = await app.BrowserAsync(await app.RegisteredAsync());
        var email = await app.RegisteredAsync();
        var guest = await app.BrowserAsync(email);
        var account = Guid.Parse((await host.WhoAsync())!.TenantId);
        await using (var database = await app.OpenAsync())   // as by the code of an invite, which needs no proof of the address
            await database.ExecuteAsync("insert into memberships (tenant_id, user_id, role, created_at) select @account, id, 'admin', now() from users where email = @email", new { account, email });
        using (var switched = await guest.PostAsync("/api/auth/switch", new { tenant = new TenantId(account).ToString() })) Assert.Equal(HttpStatusCode.OK, switched.StatusCode);
        var (theirs, hosts) = (await KeyAsync(guest), await KeyAsync(host));
        (await ResetAsync(email, HoldersPassword)).Dispose();
        Assert.Null(await app.AuthenticateAsync(new() { ApiKey = theirs }));
        Assert.NotNull(await app.AuthenticateAsync(new() { ApiKey = hosts }));
        Assert.Equal(2, (await host.ReadAsync("/api/v1/identity/members")).GetProperty("data").GetArrayLength());
    }

    private static async Task<string> KeyAsync(Browser browser)
    {
        using var made = await browser.PostAsync("/api/v1/identity/keys", new { name = "a key" });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return (await made.JsonAsync()).Text("api_key");
    }

    private async Task EnrolAsync(Browser browser, string password = PeopleApp.Password)
    {
        using var enrolled = await browser.PostAsync("/api/auth/second-factor", new { password });
        var bits = string.Concat((await enrolled.JsonAsync()).Text("secret").Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var code = Totp.CodeAt([.. Regex.Matches(bits, "[01]{8}").Select(m => Convert.ToByte(m.Value, 2))], Totp.StepOf(app.Clock.GetUtcNow()));
        using var confirmed = await browser.PostAsync("/api/auth/second-factor/confirm", new { code });
        Assert.Equal(HttpStatusCode.OK, confirmed.StatusCode);
    }

    /// <summary>By the link of the mail that only the holder of the address reads.</summary>
    private async Task<HttpResponseMessage> ResetAsync(string email, string password)
    {
        using var client = app.CreateClient();
        var before = (await app.HeardAsync("PasswordResetRequested", email)).Count;
        (await client.PostAsJsonAsync("/api/auth/forgot-password", new { email })).Dispose();
        await Eventually.TrueAsync(async () => (await app.HeardAsync("PasswordResetRequested", email)).Count > before);
        var token = app.Open((await app.HeardAsync("PasswordResetRequested", email))[^1], "SealedToken", "mail:password-reset");
        return await client.PostAsJsonAsync("/api/auth/reset-password", new { token, password });
    }
}
