using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Empire.Http;
using Empire.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Empire.Tests.Http;

/// <summary>Deny by default, and whom a service believes.</summary>
public sealed class CallerTests : IAsyncLifetime
{
    private TestSite site = null!;

    public async ValueTask InitializeAsync() => site = await TestSite.StartAsync(app =>
    {
        app.MapGet("/me", (Caller caller) => caller.Tenant.ToString());
        app.MapGet("/forgotten", () => "nobody thought of who may call this");
        app.MapGet("/public", () => "hello").AllowAnonymous();
        app.MapGet("/address", (HttpContext context) => ClientAddress.Of(context) ?? "unknown").AllowAnonymous();
        app.MapGet("/owners", () => "keys").ForRoles("owner", "admin");
        app.MapPost("/changes", () => "done");
        app.MapPost("/own", () => "done").ForEveryone();
    });

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task A_signed_caller_is_known_to_the_handler() => Assert.Equal($"{site.Tenant}", await TextAsync(site.As(), "/me"));

    [Theory]
    [InlineData("/me")]
    [InlineData("/forgotten")]
    public async Task Without_a_caller_an_endpoint_is_closed(string path)
    {
        var answer = await site.Anonymous().GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("INVALID_API_KEY", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_public_endpoint_and_a_path_that_does_not_exist_need_none()
    {
        Assert.Equal("hello", await TextAsync(site.Anonymous(), "/public"));
        Assert.Equal(HttpStatusCode.NotFound, (await site.Anonymous().GetAsync(new Uri("/nowhere", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_token_of_another_key_or_changed_or_garbled_is_no_caller()
    {
        var caller = new Caller(site.Tenant, "user:eve", "owner");
        var forged = new CallerToken(RandomNumberGenerator.GetBytes(32), TimeProvider.System).Sign(caller);
        var mine = Own(TimeProvider.System).Sign(caller);
        var parts = mine.Split('.');
        var anothersBody = Own(TimeProvider.System).Sign(caller with { Tenant = TenantId.New(TimeProvider.System.GetUtcNow()) }).Split('.')[0];
        foreach (var token in (string[])[forged, $"{anothersBody}.{parts[1]}", parts[0], $"{parts[0]}.", ".", "a.b.c", $"{mine}x", "{}"])
            Assert.Equal(HttpStatusCode.Unauthorized, (await site.Client(token).GetAsync(new Uri("/me", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_token_holds_for_its_lifetime_and_no_longer()
    {
        var clock = new TestClock(TimeProvider.System.GetUtcNow() - CallerToken.Lifetime + TimeSpan.FromSeconds(30));
        var token = Own(clock).Sign(new(site.Tenant, "user:late", "owner"));
        Assert.Equal(HttpStatusCode.OK, (await site.Client(token).GetAsync(new Uri("/me", UriKind.Relative))).StatusCode);
        var older = new TestClock(TimeProvider.System.GetUtcNow() - CallerToken.Lifetime - TimeSpan.FromSeconds(30));
        var expired = Own(older).Sign(new(site.Tenant, "user:late", "owner"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.Client(expired).GetAsync(new Uri("/me", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_client_s_address_is_believed_only_when_it_is_signed()
    {
        var signed = Own(TimeProvider.System).SignAddress(IPAddress.Parse("::ffff:203.0.113.9"));
        Assert.Equal("203.0.113.9", await AddressAsync(signed));
        var caller = Own(TimeProvider.System).Sign(new(site.Tenant, "user:eve", "owner"));
        foreach (var claim in (string[])["203.0.113.9", signed.Replace("113.9", "113.8", StringComparison.Ordinal), caller, "||", ""])
            Assert.Equal("unknown", await AddressAsync(claim));
        var late = new TestClock(TimeProvider.System.GetUtcNow() - CallerToken.Lifetime - TimeSpan.FromSeconds(30));
        Assert.Equal("unknown", await AddressAsync(Own(late).SignAddress(IPAddress.Parse("203.0.113.9"))));

        async Task<string> AddressAsync(string claim)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/address", UriKind.Relative));
            request.Headers.TryAddWithoutValidation(ClientAddress.Header, claim);
            using var answer = await site.Anonymous().SendAsync(request);
            return await answer.Content.ReadAsStringAsync();
        }
    }

    [Theory]
    [InlineData("owner", HttpStatusCode.OK)]
    [InlineData("admin", HttpStatusCode.OK)]
    [InlineData("member", HttpStatusCode.Forbidden)]
    [InlineData("viewer", HttpStatusCode.Forbidden)]
    public async Task A_role_opens_only_what_names_it(string role, HttpStatusCode status) =>
        Assert.Equal(status, (await site.As(role).GetAsync(new Uri("/owners", UriKind.Relative))).StatusCode);

    /// <summary>An endpoint that says nothing of roles is not thereby open to who may only look.</summary>
    [Theory]
    [InlineData("member", "/changes", HttpStatusCode.OK)]
    [InlineData("service", "/changes", HttpStatusCode.OK)]
    [InlineData("viewer", "/changes", HttpStatusCode.Forbidden)]
    [InlineData("king", "/changes", HttpStatusCode.Forbidden)]
    [InlineData("viewer", "/own", HttpStatusCode.OK)]
    public async Task A_viewer_changes_only_what_is_their_own(string role, string path, HttpStatusCode status) =>
        Assert.Equal(status, (await site.As(role).PostAsync(new Uri(path, UriKind.Relative), null)).StatusCode);

    private static CallerToken Own(TimeProvider clock) => new(Convert.FromBase64String(TestSite.InternalKey), clock);

    private static Task<string> TextAsync(HttpClient client, string path) => client.GetStringAsync(new Uri(path, UriKind.Relative));
}
