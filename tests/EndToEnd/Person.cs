using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Empire.Testing;

namespace Empire.EndToEnd.Tests;

/// <summary>Somebody at a browser: signed up with a password, signed in, with the cookie and the token against forgery that a page would send.</summary>
internal sealed partial class Person : IDisposable
{
    public const string Password = "nine quiet lanterns";

    private Person(HttpClient http, string email) => (Http, Email) = (http, email);

    public HttpClient Http { get; }
    public string Email { get; }

    public static string NewEmail() => $"{Guid.CreateVersion7():N}@example.test";

    /// <summary>A browser that nobody is signed in with.</summary>
    public static HttpClient Browser(Installation empire) => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = empire.Gateway };

    public static async Task<Person> SignedUpAsync(Installation empire, string? email = null)
    {
        email ??= NewEmail();
        using var door = Browser(empire);
        using var made = await door.PostAsJsonAsync("/api/auth/signup", new { email, password = Password });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        return await SignedInAsync(empire, email);
    }

    public static async Task<Person> SignedInAsync(Installation empire, string email, string password = Password)
    {
        var http = Browser(empire);
        using var answer = await http.PostAsJsonAsync("/api/auth/login", new { email, password });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        http.DefaultRequestHeaders.Add("Cookie", answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("__Host-empire-session=", StringComparison.Ordinal)).Split(';')[0]);
        http.DefaultRequestHeaders.Add("X-CSRF-Token", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("csrf_token").GetString());
        return new(http, email);
    }

    /// <summary>Opens the link of the welcome mail.</summary>
    public Task ConfirmAsync(Installation empire) => ConfirmAsync(empire, Http, Email);

    /// <inheritdoc cref="ConfirmAsync(Installation)"/>
    public static async Task ConfirmAsync(Installation empire, HttpClient browser, string email)
    {
        using var sandbox = new HttpClient { BaseAddress = empire.Sandbox };
        var token = "";
        await Eventually.TrueAsync(async () =>
        {
            var mails = (await sandbox.GetJsonAsync($"/control/mail?to={Uri.EscapeDataString(email)}")).GetProperty("data").EnumerateArray();
            token = mails.Select(mail => VerificationLink().Match(WebUtility.HtmlDecode(mail.GetProperty("text").GetString()!)).Groups["token"].Value).FirstOrDefault(found => found.Length > 0, "");
            return token.Length > 0;
        });
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(browser, HttpMethod.Post, $"/api/auth/verify?token={token}")).Status);
    }

    [GeneratedRegex(@"/verify(?:-email)?\?token=(?<token>[\w-]+)", RegexOptions.CultureInvariant)]
    private static partial Regex VerificationLink();

    /// <summary>Status, and code where it is a refusal.</summary>
    public static async Task<(HttpStatusCode Status, string? Code)> AskAsync(HttpClient client, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.StartsWith('{') && JsonSerializer.Deserialize<JsonElement>(text).TryGetProperty("code", out var code) && (int)answer.StatusCode >= 400 ? code.GetString() : null);
    }

    public void Dispose() => Http.Dispose();
}
