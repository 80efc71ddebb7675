using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Empire.Testing;

namespace Empire.EndToEnd.Tests;

/// <summary>A stranger becomes a customer through the gateway: mail, key, session, limits and the wall around their account, all on the running installation.</summary>
[Collection(InstallationCollection.Name)]
public sealed partial class FrontDoorTests(Installation empire)
{
    [Fact]
    public async Task A_stranger_signs_up_reads_the_mail_verifies_and_calls_with_the_key()
    {
        var email = $"ada-{Guid.CreateVersion7():N}@example.test";
        using var stranger = Anonymous();
        var answer = await ReadAsync(await stranger.PostAsJsonAsync("/api/signup", new { email }), HttpStatusCode.OK);
        Assert.Equal(("success", "Account created successfully"), (answer.GetProperty("status").GetString(), answer.GetProperty("message").GetString()));
        var key = answer.GetProperty("api_key").GetString()!;
        Assert.Matches("^gopt_[A-Za-z0-9]{24}$", key);

        var mail = await MailAsync(email, "Welcome");
        Assert.True(mail.GetProperty("tls").GetBoolean());
        Assert.Contains(key, mail.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains(key, mail.GetProperty("html").GetString(), StringComparison.Ordinal);
        var verification = VerificationLink().Match(mail.GetProperty("text").GetString()!).Groups["path"].Value;
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(new Uri(verification, UriKind.Relative))).StatusCode);

        using var customer = empire.ClientFor(key);
        var me = await customer.GetJsonAsync("/api/v1/identity/me");
        Assert.Equal(("free", "owner"), (me.GetProperty("tier").GetString(), me.GetProperty("role").GetString()));

        var again = await ReadAsync(await stranger.PostAsJsonAsync("/api/signup", new { email = email.ToUpperInvariant() }), HttpStatusCode.Conflict);
        Assert.Equal("error", again.GetProperty("status").GetString());
        var wrong = await ReadAsync(await stranger.PostAsJsonAsync("/api/signup", new { email = "no address" }), HttpStatusCode.BadRequest);
        Assert.Equal("VALIDATION_ERROR", wrong.GetProperty("code").GetString());
        Assert.Single((await InboxAsync(email)).EnumerateArray(), one => one.GetProperty("subject").GetString()!.StartsWith("Welcome", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_needs_its_antiforgery_token_and_ends_with_its_logout()
    {
        var email = $"bo-{Guid.CreateVersion7():N}@example.test";
        const string password = "a kettle of nine sparrows";
        using var browser = Anonymous();
        await ReadAsync(await browser.PostAsJsonAsync("/api/auth/signup", new { email, password }), null);
        using var signedIn = await browser.PostAsJsonAsync("/api/auth/login", new { email, password });
        Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
        var cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"), header => header.StartsWith("__Host-empire-session=", StringComparison.Ordinal));
        foreach (var attribute in (string[])["secure", "httponly", "samesite", "path=/"]) Assert.Contains(attribute, cookie, StringComparison.OrdinalIgnoreCase);
        var csrf = (await signedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("csrf_token").GetString()!;
        browser.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);

        Assert.Equal(email, (await browser.GetJsonAsync("/api/auth/profile")).GetProperty("email").GetString());
        var forged = await ReadAsync(await browser.PostAsJsonAsync("/api/v1/identity/keys", new { name = "forged" }), HttpStatusCode.BadRequest);
        Assert.Equal("INVALID_CSRF_TOKEN", forged.GetProperty("code").GetString());
        browser.DefaultRequestHeaders.Add("X-CSRF-Token", csrf);
        Assert.Equal(HttpStatusCode.Created, (await browser.PostAsJsonAsync("/api/v1/identity/keys", new { name = "mine" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.PostAsync(new Uri("/api/auth/logout", UriKind.Relative), null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync(new Uri("/api/auth/profile", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_free_key_gets_a_hundred_calls_and_a_revoked_one_none()
    {
        var owner = empire.OwnerClient;
        using var response = await owner.PostAsJsonAsync("/api/v1/tenants", new { name = "counted" });
        var account = await ReadAsync(response, HttpStatusCode.Created);
        using var customer = PlainClient(account.GetProperty("api_key").GetString()!);
        var statuses = new List<HttpStatusCode>();
        for (var call = 0; call < 101; call++) statuses.Add((await customer.GetAsync(new Uri("/api/v1/identity/me", UriKind.Relative))).StatusCode);
        Assert.Equal(100, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
        using var refused = await customer.GetAsync(new Uri("/api/v1/identity/me", UriKind.Relative));
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal("0", refused.Headers.GetValues("RateLimit-Remaining").Single());

        var made = await ReadAsync(await owner.PostAsJsonAsync("/api/v1/identity/keys", new { name = "short-lived" }), HttpStatusCode.Created);
        using var program = PlainClient(made.GetProperty("api_key").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync(new Uri("/api/v1/identity/me", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync(new Uri($"/api/v1/identity/keys/{made.GetProperty("id").GetString()}", UriKind.Relative))).StatusCode);
        await Eventually.EqualAsync(HttpStatusCode.Unauthorized, async () => (await program.GetAsync(new Uri("/api/v1/identity/me", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task One_document_describes_every_service_and_the_page_reads_it()
    {
        using var reader = Anonymous();
        var document = await reader.GetJsonAsync("/openapi/v1.json");
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var paths = document.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        foreach (var path in (string[])["/api/signup", "/api/v1/content/pieces", "/api/v1/publications", "/api/v1/analytics/roi", "/api/v1/autopilot/cycles", "/api/v1/identity/keys", "/api/v1/acquisition/mail", "/api/v1/revenue/payments", "/api/v1/ledger/entries", "/api/upgrade"])
            Assert.Contains(path, paths);
        using var page = await reader.GetAsync(new Uri("/docs", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("Content-Security-Policy", page.Headers.Select(header => header.Key));
    }

    [GeneratedRegex(@"https?://[^/\s]+(?<path>/api/auth/verify\?token=\S+)", RegexOptions.CultureInvariant)]
    private static partial Regex VerificationLink();

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, HttpStatusCode? wanted)
    {
        using var answer = response;
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(wanted is null ? answer.IsSuccessStatusCode : answer.StatusCode == wanted, $"{(int)answer.StatusCode}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    private async Task<JsonElement> MailAsync(string to, string subject)
    {
        JsonElement found = default;
        await Eventually.TrueAsync(async () =>
        {
            found = (await InboxAsync(to)).EnumerateArray().FirstOrDefault(mail => mail.GetProperty("subject").GetString()!.Contains(subject, StringComparison.OrdinalIgnoreCase));
            return found.ValueKind is JsonValueKind.Object;
        });
        return found;
    }

    private async Task<JsonElement> InboxAsync(string to)
    {
        using var sandbox = new HttpClient { BaseAddress = empire.Sandbox };
        return (await sandbox.GetJsonAsync($"/control/mail?to={Uri.EscapeDataString(to)}")).GetProperty("data");
    }

    private HttpClient Anonymous() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = empire.Gateway };

    private HttpClient PlainClient(string key)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }
}
