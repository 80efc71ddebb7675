extern alias identity;

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using identity::Empire.Identity.SecondFactor;

namespace Empire.Gateway.Tests;

/// <summary>Coming in, going on and leaving, as people do it through the gateway at the real identity.</summary>
public sealed class AccountDoorTests(AccountsBehind app) : IClassFixture<AccountsBehind>
{
    [Fact]
    public async Task A_right_password_that_wants_a_code_next_is_no_attack_however_many_send_it_from_one_address()
    {
        var address = GatewayApp.NewAddress();
        var email = $"{Guid.CreateVersion7():N}@example.test";
        var person = await app.SignedInAsync(email: email);
        using var browser = app.BrowserOf(person, address);
        using var enrolled = await browser.PostAsJsonAsync("/api/auth/second-factor", new { password = AccountsBehind.Password });
        var secret = FromBase32((await enrolled.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!);
        using var confirmed = await browser.PostAsJsonAsync("/api/auth/second-factor/confirm", new { code = CodeNow(secret) });
        Assert.True(confirmed.StatusCode == HttpStatusCode.OK, await confirmed.Content.ReadAsStringAsync());

        using var client = app.ClientFor(null, address);
        for (var i = 0; i < 11; i++)   // one more than an address may fail
        {
            using var asked = await client.PostAsJsonAsync("/api/auth/login", new { email, password = AccountsBehind.Password });
            Assert.Equal((HttpStatusCode.Unauthorized, "SECOND_FACTOR_REQUIRED"), (asked.StatusCode, await asked.CodeAsync()));
            Assert.DoesNotContain(asked.Headers, header => header.Key.StartsWith("X-Empire-", StringComparison.OrdinalIgnoreCase));
        }
        app.Clock.Advance(TimeSpan.FromSeconds(Totp.StepSeconds));   // each code opens once
        using var inside = await client.PostAsJsonAsync("/api/auth/login", new { email, password = AccountsBehind.Password, code = CodeNow(secret) });
        Assert.Equal(HttpStatusCode.OK, inside.StatusCode);

        for (var i = 0; i < 10; i++) (await client.PostAsJsonAsync("/api/auth/login", new { email = $"{Guid.CreateVersion7():N}@example.test", password = "guessed" })).Dispose();
        using var shut = await client.PostAsJsonAsync("/api/auth/login", new { email, password = AccountsBehind.Password });
        Assert.Equal((HttpStatusCode.Forbidden, "ADDRESS_BLOCKED"), (shut.StatusCode, await shut.CodeAsync()));   // guesses still are
    }

    [Fact]
    public async Task An_access_token_signs_its_session_out()
    {
        var person = await app.SignedInAsync();
        using var browser = app.BrowserOf(person);
        using var program = app.ClientFor(await TokenAsync(browser));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(program));
        using var left = await program.PostAsync(new Uri("/api/auth/logout", UriKind.Relative), null);
        Assert.True(left.StatusCode == HttpStatusCode.OK, await left.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (await StatusAsync(program), await StatusAsync(browser)));
    }

    [Fact]
    public async Task A_password_changed_by_an_access_token_ends_every_session_but_the_token_s_own()
    {
        var email = $"{Guid.CreateVersion7():N}@example.test";
        var person = await app.SignedInAsync(email: email);
        using var elsewhere = app.BrowserOf(await app.SignedInAsync(email: email));
        using var browser = app.BrowserOf(person);
        using var program = app.ClientFor(await TokenAsync(browser));
        program.DefaultRequestHeaders.Add("Cookie", "__Host-empire-session=somebody-else-s");   // the header counts
        using var changed = await program.PostAsJsonAsync("/api/auth/password", new { current = AccountsBehind.Password, @new = "eight impatient herons" });
        Assert.True(changed.StatusCode == HttpStatusCode.OK, await changed.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await StatusAsync(program), await StatusAsync(browser), await StatusAsync(elsewhere)));
    }

    [Fact]
    public async Task An_access_token_becomes_nothing_that_lives_longer_than_itself()
    {
        using var browser = app.BrowserOf(await app.SignedInAsync());
        using var program = app.ClientFor(await TokenAsync(browser));
        var tenant = (await program.GetFromJsonAsync<JsonElement>("/api/auth/profile")).GetProperty("tenant").GetString();
        foreach (var (path, body) in new[] { ("/api/auth/token", new { tenant }), ("/api/auth/switch", new { tenant }) })
        {
            using var refused = await program.PostAsJsonAsync(path, body);
            Assert.Equal((HttpStatusCode.Forbidden, "SESSION_NEEDED"), (refused.StatusCode, await refused.CodeAsync()));
        }
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(program));
    }

    [Fact]
    public async Task HEAD_is_answered_as_GET_is_without_the_body()
    {
        using var browser = app.BrowserOf(await app.SignedInAsync(), withToken: false);   // it changes nothing, and needs no token
        foreach (var path in (string[])["/api/auth/profile", "/api/usage", "/api/v1/identity/keys"])
        {
            using var head = await browser.SendAsync(new(HttpMethod.Head, path));
            using var get = await browser.GetAsync(path);
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (head.StatusCode, get.StatusCode));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
            Assert.NotEmpty(await get.Content.ReadAsByteArrayAsync());
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        }
        using var changes = await browser.SendAsync(new(HttpMethod.Head, "/api/auth/password"));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST"), (changes.StatusCode, string.Join(", ", changes.Content.Headers.Allow)));
        using var other = await browser.SendAsync(new(HttpMethod.Options, "/api/v1/identity/me"));   // below a line of any method the service says what it takes
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET, HEAD"), (other.StatusCode, string.Join(", ", other.Content.Headers.Allow)));
    }

    private static async Task<string> TokenAsync(HttpClient browser)
    {
        using var answer = await browser.PostAsync(new Uri("/api/auth/token", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/api/auth/profile");
        return answer.StatusCode;
    }

    private string CodeNow(byte[] secret) => Totp.CodeAt(secret, Totp.StepOf(app.Clock.GetUtcNow()));

    /// <summary>RFC 4648 without padding.</summary>
    private static byte[] FromBase32(string text)
    {
        var bytes = new List<byte>();
        var (buffer, bits) = (0, 0);
        foreach (var letter in text)
        {
            buffer = (buffer << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal);
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes.Add((byte)(buffer >> bits));
            buffer &= (1 << bits) - 1;
        }
        return [.. bytes];
    }
}
