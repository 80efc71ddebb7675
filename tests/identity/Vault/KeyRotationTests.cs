using System.Net;
using System.Text.RegularExpressions;
using Dapper;
using Empire.Http;
using Empire.Identity.SecondFactor;
using Empire.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests.Vault;

/// <summary>The installation's key is changed, and the old one taken out of the list: nothing that rests here may be lost with it.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    private readonly PeopleApp app = new(); // of each test its own: a key that one has taken away is missing in all its rows
    private const string Secret = "shpat_0123456789abcdefTAIL";

    public ValueTask InitializeAsync() => app.InitializeAsync();
    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_rotated_key_leaves_old_credentials_readable_and_touches_no_value()
    {
        var browser = await app.BrowserAsync(await app.RegisteredAsync());
        using (var stored = await browser.PostAsync("/api/v1/identity/credentials", new { name = "main", provider = "shopify", @class = "platform", value = Secret }))
            Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
        var tenant = new TenantId(Guid.Parse((await browser.WhoAsync())!.TenantId));
        var before = await RowAsync(tenant);
        await using (var without = app.WithKeys(KeyRotation.NewKey()))
            Assert.Equal(StatusCode.FailedPrecondition, (await Assert.ThrowsAsync<RpcException>(() => OpenAsync(without, tenant))).StatusCode);

        await using var rotated = await app.RotatedAsync();
        Assert.Equal(Secret, await OpenAsync(rotated, tenant));
        var after = await RowAsync(tenant);
        Assert.Equal(before.SealedValue, after.SealedValue); // only the data key was wrapped anew
        Assert.NotEqual(before.KeyId, after.KeyId);
        Assert.Contains($".{after.KeyId}.", after.WrappedKey, StringComparison.Ordinal);
        Assert.Equal(Secret, await OpenAsync(app, tenant)); // a replica that has the new key last reads on
    }

    [Fact]
    public async Task After_a_rotation_the_old_key_may_go_and_authenticators_still_open()
    {
        var (email, secret, _) = await EnrolledAsync();
        await using var rotated = await app.RotatedAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        using var opened = await app.SignInAsync(email, code: CodeNow(secret), at: rotated);
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
    }

    [Fact]
    public async Task A_key_taken_out_too_early_is_named_by_health_and_an_authenticator_says_so_until_it_is_back()
    {
        var (email, secret, recovery) = await EnrolledAsync();
        await using var without = app.WithKeys(KeyRotation.NewKey());
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        for (var turn = 0; turn < 6; turn++) // neither right nor wrong: it counts as no try
        {
            using var shut = await app.SignInAsync(email, code: CodeNow(secret), at: without);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "SECOND_FACTOR_UNREADABLE"), (shut.StatusCode, await shut.CodeAsync()));
        }
        await Eventually.TrueAsync(async () => (await without.SealedValuesAsync()).GetProperty("reason").GetString() is { } reason && reason.Contains("second_factors.sealed_secret under the unlisted key", StringComparison.Ordinal));
        using (var recovered = await app.SignInAsync(email, code: recovery[0], at: without)) Assert.Equal(HttpStatusCode.OK, recovered.StatusCode);
        using var back = await app.SignInAsync(email, code: CodeNow(secret));
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
    }

    private async Task<(string Email, byte[] Secret, IReadOnlyList<string> Recovery)> EnrolledAsync()
    {
        var email = await app.RegisteredAsync();
        var browser = await app.BrowserAsync(email);
        using var enrolled = await browser.PostAsync("/api/auth/second-factor", new { password = PeopleApp.Password });
        var secret = FromBase32((await enrolled.JsonAsync()).Text("secret"));
        using var confirmed = await browser.PostAsync("/api/auth/second-factor/confirm", new { code = CodeNow(secret) });
        return (email, secret, [.. (await confirmed.JsonAsync()).GetProperty("recovery_codes").EnumerateArray().Select(code => code.GetString()!)]);
    }

    private string CodeNow(byte[] secret) => Totp.CodeAt(secret, Totp.StepOf(app.Clock.GetUtcNow()));

    private static byte[] FromBase32(string text)
    {
        var bits = string.Concat(text.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Regex.Matches(bits, "[01]{8}").Select(m => Convert.ToByte(m.Value, 2))];
    }

    private static async Task<string> OpenAsync(WebApplicationFactory<Program> at, TenantId tenant)
    {
        using var channel = GrpcChannel.ForAddress(at.Server.BaseAddress, new() { HttpHandler = at.Server.CreateHandler() });
        var caller = new Metadata { { CallerToken.Header, at.Services.GetRequiredService<CallerToken>().Sign(new(tenant, "service:publishing", "service")) } };
        return (await new Contracts.V1.Identity.IdentityClient(channel).OpenCredentialAsync(new() { Provider = "shopify", Name = "main" }, caller)).Value;
    }

    private async Task<(string WrappedKey, string SealedValue, string KeyId)> RowAsync(TenantId tenant)
    {
        await using var owner = await app.OpenAsync();
        return await owner.QuerySingleAsync<(string, string, string)>("select wrapped_key, sealed_value, key_id from credentials where tenant_id = @Value", new { tenant.Value });
    }
}
