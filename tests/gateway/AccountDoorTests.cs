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
