using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Empire.Contracts.V1;
using Empire.Http;
using Empire.Security;
using Empire.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Empire.Identity.Tests;

/// <summary>Identity as people meet it: on a clock that the test moves, with every event that it tells kept for the test to read.</summary>
public class PeopleApp() : ServiceApp<Program>("identity")
{
    public const string Password = "a long phrase of mine";
    public const string OwnerEmail = "owner@empire.example", OwnerPassword = "the owner's own phrase";

    private static int count;
    private readonly string encryptionKeys = KeyRotation.TwoKeys();
    private readonly string tokenKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public override TestClock Clock { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Empire:Owner:Email", OwnerEmail),
        new("Empire:Owner:Password", OwnerPassword),
        new("Empire:Owner:ApiKey", IdentityApp.OwnerKey),
        new("Empire:EncryptionKeys", encryptionKeys),
        new("JWT_SECRET_KEY", tokenKey),
    ];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var database = await TestDatabase.OpenAsOwnerAsync();
        await database.ExecuteAsync(
            """
            create table heard (seq bigint generated always as identity, type text not null, body jsonb not null);
            create function hear() returns trigger language plpgsql security definer as $$
            begin
              insert into public.heard (type, body) values (new.type, new.body::jsonb);
              return new;
            end $$;
            create trigger hear after insert on kernel.outbox for each row execute function hear();
            """);
    }

    /// <summary>An address that nobody has.</summary>
    public static string NewEmail() => $"person{Interlocked.Increment(ref count)}@example.com";

    public Task<NpgsqlConnection> OpenAsync() => TestDatabase.OpenAsOwnerAsync();

    /// <summary>The events of a type about an address, as they were told.</summary>
    public async Task<IReadOnlyList<JsonElement>> HeardAsync(string type, string email)
    {
        await using var database = await OpenAsync();
        var bodies = await database.QueryAsync<string>(
            "select body::text from heard where type = @type and (body ->> 'Email' = @email or body ->> 'email' = @email) order by seq", new { type = $"Empire.Contracts.{type}", email });
        return [.. bodies.Select(body => JsonDocument.Parse(body).RootElement)];
    }

    /// <summary>What a mail would carry.</summary>
    public string Open(JsonElement fact, string property, string purpose) =>
        Services.GetRequiredService<Sealer>().Open(fact.EnumerateObject().Single(p => string.Equals(p.Name, property, StringComparison.OrdinalIgnoreCase)).Value.GetString()!, purpose);

    /// <returns>The address of somebody new with <see cref="Password"/>.</returns>
    public async Task<string> RegisteredAsync()
    {
        var email = NewEmail();
        using var client = CreateClient();
        using var response = await client.PostAsJsonAsync("/api/auth/signup", new { email, password = Password });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return email;
    }

    /// <returns>The address of somebody new with <see cref="Password"/> who has proved that they read it.</returns>
    public async Task<string> ConfirmedAsync()
    {
        var email = await RegisteredAsync();
        await ConfirmAsync(email);
        return email;
    }

    /// <summary>Opens the link of the welcome mail, which only the holder of the address reads.</summary>
    public async Task ConfirmAsync(string email)
    {
        var token = Open((await HeardAsync("CustomerSignedUp", email))[0], "SealedVerificationToken", "mail:verification");
        using var client = CreateClient();
        using var verified = await client.PostAsync(new Uri($"/api/auth/verify?token={token}", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.OK, verified.StatusCode);
    }

    public async Task<HttpResponseMessage> SignInAsync(
        string email, string password = Password, string? code = null, string? address = null, string? agent = null, string? cookie = null, WebApplicationFactory<Program>? at = null)
    {
        using var client = (at ?? this).CreateClient(new() { HandleCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login");
        request.Content = JsonContent.Create(code is null ? (object)new { email, password } : new { email, password, code });
        if (address is not null) request.Headers.Add(ClientAddress.Header, (at ?? this).Services.GetRequiredService<CallerToken>().SignAddress(IPAddress.Parse(address)));
        if (agent is not null) request.Headers.TryAddWithoutValidation("User-Agent", agent);
        if (cookie is not null) request.Headers.Add("Cookie", $"__Host-empire-session={cookie}");
        return await client.SendAsync(request);
    }

    /// <summary>Signs in, which must succeed.</summary>
    public async Task<Browser> BrowserAsync(string email, string password = Password, string? code = null)
    {
        using var response = await SignInAsync(email, password, code);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new(this, CookieOf(response));
    }

    public static string CookieOf(HttpResponseMessage response) =>
        response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-empire-session=", StringComparison.Ordinal)).Split(';')[0]["__Host-empire-session=".Length..];

    /// <returns>Null when the credential is refused.</returns>
    public async Task<AuthenticateReply?> AuthenticateAsync(AuthenticateRequest request, WebApplicationFactory<Program>? at = null)
    {
        var server = (at ?? this).Server;
        using var channel = GrpcChannel.ForAddress(server.BaseAddress, new() { HttpHandler = server.CreateHandler() });
        try
        {
            return await new Contracts.V1.Identity.IdentityClient(channel).AuthenticateAsync(request);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unauthenticated)
        {
            return null;
        }
    }

    /// <summary>Another replica: the same database, broker and Redis.</summary>
    public WebApplicationFactory<Program> Replica() => WithWebHostBuilder(_ => { });
}

/// <summary>A signed-in browser, whose requests come by way of a gateway: its session is checked, then the caller signed.</summary>
public sealed class Browser(PeopleApp app, string cookie)
{
    public string Cookie { get; private set; } = cookie;

    public async Task<bool> IsInAsync() => await WhoAsync() is not null;

    public Task<AuthenticateReply?> WhoAsync() => app.AuthenticateAsync(new() { Session = Cookie });

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null)
    {
        if (await WhoAsync() is not { } who) return new(HttpStatusCode.Unauthorized);
        using var client = app.CreateClient(new() { HandleCookies = false });
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        request.Headers.Add("Cookie", $"__Host-empire-session={Cookie}");
        request.Headers.Add(CallerToken.Header, app.Services.GetRequiredService<CallerToken>().Sign(new(new(Guid.Parse(who.TenantId)), who.Actor, who.Role, who.Operator, who.Tier)));
        var response = await client.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out var set) && set.Any(c => c.StartsWith("__Host-empire-session=", StringComparison.Ordinal))
            && PeopleApp.CookieOf(response) is { Length: > 0 } renewed) Cookie = renewed;
        return response;
    }

    public Task<HttpResponseMessage> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);

    public async Task<JsonElement> ReadAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
