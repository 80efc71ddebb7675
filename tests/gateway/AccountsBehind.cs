extern alias identity;

using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Empire.Http;
using Empire.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Empire.Gateway.Tests;

/// <summary>The gateway before the real identity, over PostgreSQL, RabbitMQ and one Redis for both, all on a clock that the test moves. Behind the other paths stand stubs.</summary>
public sealed class AccountsBehind : GatewayApp
{
    public const string Password = "seven patient herons";

    private readonly AccountsBehind? twin;
    private readonly TestClock clock;
    private RealIdentity identity = null!;

    public AccountsBehind() => clock = new();

    private AccountsBehind(AccountsBehind twin) : base(twin) => (this.twin, clock, identity) = (twin, twin.clock, twin.identity);

    public override TestClock Clock => clock;

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("services:identity:grpc:0", identity.Grpc), new("services:identity:http:0", identity.Http)];

    protected override async Task<OwnRedis> RedisAsync()
    {
        var redis = await base.RedisAsync();
        identity = new(clock, redis);
        await identity.InitializeAsync();
        return redis;
    }

    protected override GatewayApp NewTwin() => new AccountsBehind(this);

    /// <summary>Somebody new, of an account of their own, signed in at this instance.</summary>
    /// <param name="address">Where all their requests come from.</param>
    /// <param name="email">Null: somebody new; otherwise signed in once more where they have an account already.</param>
    public async Task<SignedIn> SignedInAsync(string? address = null, string? email = null)
    {
        email ??= $"{Guid.CreateVersion7():N}@example.test";
        using var browser = ClientFor(null, address);
        using var made = await browser.PostAsJsonAsync("/api/auth/signup", new { email, password = Password });
        Assert.True(made.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict, await made.Content.ReadAsStringAsync());
        using var answer = await browser.PostAsJsonAsync("/api/auth/login", new { email, password = Password });
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return new(answer.Headers.GetValues("Set-Cookie").Single(), (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("csrf_token").GetString()!);
    }

    /// <summary>As by the link of a mail, which nobody sends here.</summary>
    public async Task ConfirmedAsync(string email)
    {
        await using var database = await identity.TestDatabase.OpenAsOwnerAsync();
        await using var command = new NpgsqlCommand("update users set email_verified_at = now() where email = $1", database) { Parameters = { new() { Value = email } } };
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    /// <summary>A browser that holds somebody's cookie.</summary>
    public HttpClient BrowserOf(SignedIn person, string? address = null, bool withToken = true)
    {
        var browser = ClientFor(null, address);
        browser.DefaultRequestHeaders.Add("Cookie", person.Cookie.Split(';')[0]);
        if (withToken) browser.DefaultRequestHeaders.Add("X-CSRF-Token", person.AntiforgeryToken);
        return browser;
    }

    /// <summary>A service takes a credential out of the vault, as publishing does before it posts.</summary>
    public async Task OpenCredentialAsync(TenantId tenant, string credential)
    {
        using var channel = GrpcChannel.ForAddress(identity.Grpc);
        await new Contracts.V1.Identity.IdentityClient(channel).OpenCredentialAsync(new() { CredentialId = credential },
            new Metadata { { CallerToken.Header, Services.GetRequiredService<CallerToken>().Sign(new(tenant, "service:publishing", "service")) } });
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (twin is null) await identity.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private sealed class RealIdentity(TestClock clock, OwnRedis redis) : ServiceApp<identity::Program>("identity")
    {
        public override TestClock Clock => clock;

        public string Http => Addresses.First();
        public string Grpc => Addresses.Last();

        protected override bool OnSockets => true;

        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("ConnectionStrings:redis", redis.Address),
            new("Empire:InternalKey", TestServers.InternalKey),
            new("Empire:Owner:Email", "owner@empire.example"),
            new("Empire:Owner:Password", "correct horse battery"),
            new("Empire:Owner:ApiKey", "gopt_ownerownerownerownerowne"),
            new("JWT_SECRET_KEY", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
        ];

        private ICollection<string> Addresses => Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
    }
}

/// <param name="Cookie">As it was set, with its attributes.</param>
public sealed record SignedIn(string Cookie, string AntiforgeryToken);
