using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Empire.Gateway.Tests;

/// <summary>Requests as no honest client writes them, byte by byte.</summary>
public sealed class HostileRequestTests(GatewayApp app) : IClassFixture<GatewayApp>
{
    private const string Body = "4\r\nbody\r\n0\r\n\r\n";
    private const string Behind = "GET /admin/users HTTP/1.1\r\nHost: x\r\n\r\n";

    [Theory]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 14\r\n", Body)]
    [InlineData("Content-Length: 4\r\nContent-Length: 5\r\n", "bodys")]
    [InlineData("Content-Length: 4, 4\r\n", "body")]
    [InlineData("Transfer-Encoding: xchunked\r\n", Body)]
    [InlineData("Transfer-Encoding: chunked, identity\r\n", Body)]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", Body)]
    [InlineData("Transfer-Encoding : chunked\r\n", Body)]
    [InlineData("X-A: b\r\n Transfer-Encoding: chunked\r\n", Body)]
    public async Task A_body_of_two_lengths_is_refused_and_nothing_behind_it_is_read(string lengths, string body)
    {
        var answers = await SendAsync($"POST /api/social/post HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {StubServices.MemberKey}\r\n{lengths}\r\n{body}{Behind}");
        Assert.StartsWith("HTTP/1.1 400 ", answers, StringComparison.Ordinal);
        Assert.Equal(1, answers.AsSpan().Count("HTTP/1.1 "));
    }

    [Theory]
    [InlineData("/internal")]
    [InlineData("/internal/x")]
    [InlineData("/internal/openapi/v1.json")]
    [InlineData("/Internal/x")]
    [InlineData("/%69nternal/x")]
    [InlineData("/./internal/x")]
    [InlineData("/blog/../internal/x")]
    [InlineData("/blog/%2e%2e/internal/x")]
    public async Task What_services_tell_one_another_is_no_page_of_the_site(string path)
    {
        Assert.Contains("\"NOT_FOUND\"", await GetAsync(path), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404 ", await GetAsync(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/ADMIN/users")]
    [InlineData("/admin/users/")]
    [InlineData("/%61dmin/users")]
    [InlineData("/blog/../admin/users")]
    [InlineData("/api/v1/../../admin/users")]
    [InlineData("/api/v1/%2e%2e/%2e%2e/admin/users")]
    [InlineData("http://x/admin/users")]
    public async Task A_path_that_needs_a_key_needs_it_however_it_is_written(string path) => Assert.StartsWith("HTTP/1.1 401 ", await GetAsync(path), StringComparison.Ordinal);

    [Theory]
    [InlineData("GET http://evil/admin/users HTTP/1.1\r\nHost: x\r\n", 400)]
    [InlineData("GET /r/x HTTP/1.1\r\nHost: x\r\nHost: y\r\n", 400)]
    [InlineData("GET /r/x HTTP/1.1\r\n", 400)]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: x\r\n", 400)]
    [InlineData("TRACE /r/x HTTP/1.1\r\nHost: x\r\n", 405)]
    [InlineData("CONNECT evil:443 HTTP/1.1\r\nHost: evil:443\r\n", 405)]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: x\r\n", 405)]
    public async Task What_asks_for_another_server_s_work_or_for_nothing_we_know_is_refused(string head, int status) =>
        Assert.StartsWith($"HTTP/1.1 {status} ", await SendAsync($"{head}Connection: close\r\n\r\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("__HOST-EMPIRE-SESSION=letters")]
    [InlineData("__host-empire-session=letters")]
    [InlineData("a=b, __Host-empire-session=letters")]
    [InlineData("\"__Host-empire-session\"=letters")]
    [InlineData("__Host-empire-session =letters")]
    public async Task A_session_is_known_by_its_name_to_the_letter_and_goes_no_further_however_it_is_written(string cookie)
    {
        app.Behind.Identity.Know("session:letters", new() { TenantId = StubIdentity.Tenant.ToString(), Actor = "user:1", Role = "owner", Tier = "enterprise" });
        app.Behind.Identity.Know("session:right", new() { TenantId = StubIdentity.Tenant.ToString(), Actor = "user:2", Role = "owner", Tier = "enterprise" });
        using var stranger = app.ClientFor(null);
        stranger.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", cookie);
        using var refused = await stranger.GetAsync("/api/v1/content/pieces");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        using var member = app.ClientFor(StubServices.MemberKey);
        member.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", $"theme=dark; {cookie}");
        foreach (var path in (string[])["/api/v1/content/pieces", "/r/abcdefgh", "/api/auth/profile"]) Assert.Equal("theme=dark", (await member.SeenAsync(path)).GetValueOrDefault("Cookie"));

        // Beside the right one identity is told of the right one alone, in whatever order they come: whose session is ended is whose was shown.
        foreach (var both in (string[])[$"__Host-empire-session=right; {cookie}", $"{cookie}; __Host-empire-session=right"])
        {
            using var person = app.ClientFor(null);
            person.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", both);
            Assert.Equal("__Host-empire-session=right", (await person.SeenAsync("/api/auth/profile")).GetValueOrDefault("Cookie"));
        }
    }

    private Task<string> GetAsync(string path) => SendAsync($"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    /// <returns>All that comes until the server hangs up.</returns>
    private async Task<string> SendAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, app.Http.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request.Replace("\r\nHost: x\r\n", $"\r\nHost: x\r\nX-Forwarded-For: {GatewayApp.NewAddress()}\r\n", StringComparison.Ordinal)));
        using var reader = new StreamReader(socket.GetStream());
        return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }
}
