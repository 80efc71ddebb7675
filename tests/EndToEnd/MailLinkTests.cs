using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Empire.Testing;

namespace Empire.EndToEnd.Tests;

/// <summary>Somebody with an inbox and a browser, and nothing else, opens what a mail links to and gets where it promises.</summary>
[Collection(InstallationCollection.Name)]
public sealed partial class MailLinkTests(Installation empire)
{
    private const string NewPassword = "eleven loud umbrellas";

    [Fact]
    public async Task Every_link_of_every_mail_leads_to_a_page()
    {
        var templates = (await empire.OwnerClient.GetJsonAsync("/api/v1/acquisition/mail/templates")).GetProperty("templates").EnumerateArray().Select(name => name.GetString()!).ToList();
        Assert.Contains("receipt", templates);
        using var reader = Person.Browser(empire);
        var (wrong, followed) = (new List<string>(), 0);
        foreach (var template in templates)
        {
            foreach (var format in (string[])["html", "text"])
            {
                var mail = await empire.OwnerClient.GetStringAsync($"/api/v1/acquisition/mail/templates/{template}/preview?format={format}");
                if (Linked().Matches(mail).Any(link => link.Value.Contains("/api/", StringComparison.Ordinal))) wrong.Add($"{template}.{format}: has a link to what a program calls");
                foreach (var link in Links(mail).Where(link => !link.AbsolutePath.StartsWith("/api/v1/", StringComparison.Ordinal)))   // what a program calls is shown, not linked
                {
                    followed++;
                    using var answer = await reader.GetAsync(link.PathAndQuery);
                    // The preview's keys of a payer open nothing, which is told on a page too.
                    var expected = link.AbsolutePath.Split('/')[1] is "receipt" or "invoice" or "billing" ? HttpStatusCode.NotFound : HttpStatusCode.OK;
                    if (answer.StatusCode != expected || answer.Content.Headers.ContentType?.MediaType != "text/html") wrong.Add($"{template}.{format}: {link.PathAndQuery} is {(int)answer.StatusCode} {answer.Content.Headers.ContentType}");
                }
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(followed > 30, $"Only {followed} links were followed.");
    }

    [Fact]
    public async Task Who_signed_up_without_a_password_confirms_the_address_and_chooses_one_by_mail_and_signs_in()
    {
        using var browser = Person.Browser(empire);
        var email = Person.NewEmail();
        Assert.Equal(HttpStatusCode.OK, (await Person.AskAsync(browser, HttpMethod.Post, "/api/signup", new { email })).Status);
        var confirm = await LinkAsync(email, "Welcome", "/verify-email");
        await OpenAsync(browser, confirm, "verify-email");
        Assert.Equal(HttpStatusCode.OK, (await Person.AskAsync(browser, HttpMethod.Post, $"/api/auth/verify{confirm.Query}")).Status);
        Assert.Equal((HttpStatusCode.BadRequest, "TOKEN_INVALID"), await Person.AskAsync(browser, HttpMethod.Post, $"/api/auth/verify{confirm.Query}"));   // the page says: confirmed already, or over

        Assert.Equal(HttpStatusCode.OK, (await Person.AskAsync(browser, HttpMethod.Post, "/api/auth/forgot-password", new { email })).Status);
        var reset = await LinkAsync(email, "Choose a new password", "/reset-password");
        await OpenAsync(browser, reset, "reset-password");
        var token = Uri.UnescapeDataString(reset.Query["?token=".Length..]);
        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), await Person.AskAsync(browser, HttpMethod.Post, "/api/auth/reset-password", new { token, password = "short" }));   // and the link still works
        Assert.Equal(HttpStatusCode.OK, (await Person.AskAsync(browser, HttpMethod.Post, "/api/auth/reset-password", new { token, password = NewPassword })).Status);
        Assert.Equal((HttpStatusCode.BadRequest, "TOKEN_INVALID"), await Person.AskAsync(browser, HttpMethod.Post, "/api/auth/reset-password", new { token, password = NewPassword }));

        using var person = await Person.SignedInAsync(empire, email, NewPassword);
        Assert.True((await person.Http.GetJsonAsync("/api/auth/profile")).GetProperty("email_verified").GetBoolean());
        await OpenAsync(person.Http, new(empire.Gateway, "/dashboard"), "dashboard");
        var key = (await person.Http.PostJsonAsync("/api/v1/identity/keys", JsonContent.Create(new { name = "my first key" }))).GetProperty("api_key").GetString()!;
        using var program = empire.ClientFor(key);
        Assert.Equal(HttpStatusCode.OK, (await Person.AskAsync(program, HttpMethod.Get, "/api/v1/identity/me")).Status);
    }

    [Fact]
    public async Task Who_is_invited_by_mail_opens_an_account_with_the_link_once()
    {
        using var browser = Person.Browser(empire);
        var email = Person.NewEmail();
        Assert.True((await empire.OwnerClient.PostJsonAsync("/admin/generate-invite", JsonContent.Create(new { email }))).TryGetProperty("code", out _));
        var link = await LinkAsync(email, "invited", "/signup");
        await OpenAsync(browser, link, "signup");
        var invite = Uri.UnescapeDataString(link.Query["?invite=".Length..]);
        Assert.Equal((HttpStatusCode.Forbidden, "INVITE_NOT_YOURS"), await Person.AskAsync(browser, HttpMethod.Post, "/api/auth/signup", new { email = Person.NewEmail(), password = NewPassword, invite }));
        Assert.Equal(HttpStatusCode.OK, (await Person.AskAsync(browser, HttpMethod.Post, "/api/auth/signup", new { email, password = NewPassword, invite })).Status);
        using var person = await Person.SignedInAsync(empire, email, NewPassword);
        Assert.Equal((HttpStatusCode.Forbidden, "INVITE_USED_UP"), await Person.AskAsync(browser, HttpMethod.Post, "/api/auth/signup", new { email = Person.NewEmail(), password = NewPassword, invite }));
    }

    /// <summary>What the page to sign up on asks before it shows its form.</summary>
    [Fact]
    public async Task Anyone_learns_whether_signing_up_needs_an_invite()
    {
        using var stranger = Person.Browser(empire);
        Assert.False((await stranger.GetJsonAsync("/api/auth/admission")).GetProperty("invite_needed").GetBoolean());
    }

    private static async Task OpenAsync(HttpClient browser, Uri link, string page)
    {
        using var answer = await browser.GetAsync(link);
        Assert.Equal((HttpStatusCode.OK, "no-referrer"), (answer.StatusCode, string.Join(',', answer.Headers.GetValues("Referrer-Policy"))));
        Assert.Contains($"data-page=\"{page}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<Uri> LinkAsync(string to, string subject, string path)
    {
        using var sandbox = new HttpClient { BaseAddress = empire.Sandbox };
        Uri? found = null;
        await Eventually.TrueAsync(async () =>
        {
            found = (await sandbox.GetJsonAsync($"/control/mail?to={Uri.EscapeDataString(to)}")).GetProperty("data").EnumerateArray()
                .Where(mail => Market.Text(mail, "subject").Contains(subject, StringComparison.Ordinal)).SelectMany(mail => Links(Market.Text(mail, "text"))).FirstOrDefault(link => link.AbsolutePath == path);
            return found is not null;
        });
        Assert.Equal(empire.Gateway.Port, found!.Port);
        return found;
    }

    private static List<Uri> Links(string mail) => [.. Address().Matches(WebUtility.HtmlDecode(mail)).Select(match => new Uri(match.Value.TrimEnd('.', ',')))];

    [GeneratedRegex(@"href=""[^""]*""")]
    private static partial Regex Linked();

    [GeneratedRegex(@"https?://[^\s""<>]+")]
    private static partial Regex Address();
}
