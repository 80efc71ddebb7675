using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Empire.Testing;

namespace Empire.Gateway.Tests;

/// <summary>What every answer carries, and what is kept, compressed, refused and logged.</summary>
public sealed class AnswerTests(GatewayApp app) : IClassFixture<GatewayApp>
{
    [Theory]
    [InlineData("GET", "/api/v1/content/pieces")]
    [InlineData("GET", "/api/v1/autopilot/cycles")]
    [InlineData("GET", "/api/nothing")]
    [InlineData("GET", "/")]
    [InlineData("GET", "/docs")]
    [InlineData("GET", "/health/live")]
    [InlineData("GET", "/static/docs.css")]
    [InlineData("DELETE", "/")]
    [InlineData("OPTIONS", "/api/v1/content/pieces")]
    public async Task Every_answer_carries_the_security_headers(string method, string path)
    {
        foreach (var key in new[] { null, StubServices.MemberKey })
        {
            using var client = app.ClientFor(key);
            using var response = await client.SendAsync(new(new(method), path));
            Assert.Contains("frame-ancestors 'none'", response.Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Equal(("nosniff", "DENY", "strict-origin-when-cross-origin"), (response.Header("X-Content-Type-Options"), response.Header("X-Frame-Options"), response.Header("Referrer-Policy")));
            Assert.NotNull(response.Header("Permissions-Policy"));
            Assert.Null(response.Header("Server"));
        }
    }

    [Fact]
    public async Task A_browser_on_a_listed_origin_may_ask_and_on_another_not()
    {
        foreach (var (origin, allowed) in new[] { ("https://app.example.com", true), ("https://evil.example.com", false) })
        {
            using var client = app.ClientFor(null);
            var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/v1/content/pieces");
            preflight.Headers.Add("Origin", origin);
            preflight.Headers.Add("Access-Control-Request-Method", "PATCH");
            preflight.Headers.Add("Access-Control-Request-Headers", "content-type,authorization,x-csrf-token");
            using var response = await client.SendAsync(preflight);
            Assert.Equal(allowed ? origin : null, response.Header("Access-Control-Allow-Origin"));
            if (allowed) Assert.Equal(("GET,POST,PUT,PATCH,DELETE", "true"), (response.Header("Access-Control-Allow-Methods"), response.Header("Access-Control-Allow-Credentials")));

            using var owner = app.ClientFor(StubServices.MemberKey);
            owner.DefaultRequestHeaders.Add("Origin", origin);
            using var answer = await owner.GetAsync("/api/v1/content/pieces");
            Assert.Equal(allowed ? origin : null, answer.Header("Access-Control-Allow-Origin"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_limit_is_413_whether_its_length_is_declared_or_not(bool declared)
    {
        using var client = app.ClientFor(StubServices.MemberKey);
        foreach (var (path, size, status) in new[] { ("/api/v1/content/pieces", 1024 * 1024 + 1, 413), ("/api/v1/content/pieces", 1000_000, 200), ("/api/track-usage", 4 * 1024 * 1024 + 1, 413) })
        {
            var body = new StringContent(new string('x', size));
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
            if (!declared) request.Headers.TransferEncodingChunked = true;
            request.Headers.ExpectContinue = true;   // else the refusal may meet a client that is still sending, and is lost in the reset
            if (path == "/api/track-usage" && !declared) client.DefaultRequestHeaders.Authorization = null;   // so that the body is looked into
            using var response = await client.SendAsync(request);
            Assert.Equal(status, (int)response.StatusCode);
            if (status == 413) Assert.Equal("CONTENT_TOO_LARGE", await response.CodeAsync());
        }
    }

    [Fact]
    public async Task Headers_over_the_limit_are_refused()
    {
        using var client = app.ClientFor(StubServices.MemberKey);
        for (var i = 0; i < 5; i++) client.DefaultRequestHeaders.Add($"X-Long-{i}", new string('x', 8000));
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);
    }

    [Fact]
    public async Task Answers_are_compressed_unless_they_may_hold_a_secret_or_set_a_cookie()
    {
        using var client = app.ClientFor(StubServices.MemberKey);
        client.DefaultRequestHeaders.Add("Accept-Encoding", "br");
        using var plain = await client.GetAsync("/api/v1/content/pieces");
        Assert.Equal("br", plain.Header("Content-Encoding"));
        await using var content = new BrotliStream(await plain.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        Assert.NotNull(await JsonSerializer.DeserializeAsync<JsonElement?>(content));
        Assert.Null((await client.GetAsync("/api/v1/identity/keys")).Header("Content-Encoding"));
        client.DefaultRequestHeaders.Add("X-Stub-Cookie", "1");
        Assert.Null((await client.GetAsync("/api/v1/content/pieces")).Header("Content-Encoding"));
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("image/png")]
    [InlineData("application/xml;q=0.9, text/plain")]
    public async Task An_error_is_told_in_its_form_whatever_the_client_would_rather_read(string accept)
    {
        using var client = app.ClientFor(StubServices.OperatorKey);
        client.DefaultRequestHeaders.Add("Accept", accept);
        foreach (var (method, path, status, code) in new[] { ("GET", "/api/nothing", 404, "NOT_FOUND"), ("GET", "/api/signup", 405, "METHOD_NOT_ALLOWED"), ("POST", "/api/v1/effects/halt", 400, "VALIDATION_ERROR"), ("DELETE", "/admin/blocks?address=home", 400, "VALIDATION_ERROR") })
        {
            using var answer = await client.SendAsync(new(new(method), path) { Content = method == "POST" ? new StringContent("{", Encoding.UTF8, "application/json") : null });
            Assert.Equal((status, code, "application/problem+json"), ((int)answer.StatusCode, await answer.CodeAsync(), answer.Content.Headers.ContentType?.MediaType));
        }
    }

    [Fact]
    public async Task A_file_under_its_hashed_name_is_kept_for_a_year()
    {
        using var client = app.ClientFor(null);
        var page = await client.GetStringAsync("/docs");
        var script = page[page.IndexOf("/static/docs.", StringComparison.Ordinal)..].Split('"')[0];
        using var hashed = await client.GetAsync(script);
        Assert.Equal((HttpStatusCode.OK, "public, max-age=31536000, immutable"), (hashed.StatusCode, hashed.Header("Cache-Control")));
        using var plain = await client.GetAsync("/static/docs.js");
        Assert.Equal((HttpStatusCode.OK, "public, max-age=300", "text/javascript"), (plain.StatusCode, plain.Header("Cache-Control"), plain.Content.Headers.ContentType?.MediaType));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/static/nothing.js")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/static/..%2fappsettings.json")).StatusCode);
    }

    [Fact]
    public async Task Every_call_is_logged_with_route_status_time_and_actor_and_without_secrets()
    {
        var key = app.Behind.Identity.Key();
        using var client = app.ClientFor(key);
        await client.GetAsync("/api/recipes/42?token=verysecretvalue&api_key=" + key);
        await client.PostAsJsonAsync("/api/auth/login", new { password = "hunter2hunter2" });
        await Eventually.TrueAsync(() => app.Log.Of("Calls").Any(line => line.StartsWith("GET /api/recipes/{id} 200 in ", StringComparison.Ordinal) && line.Contains(" ms by key:", StringComparison.Ordinal)));
        Assert.DoesNotContain(app.Log.Of("Calls").Concat(app.Log.Of("Empire.Gateway.Security.SecurityEvents")),
            line => line.Contains("verysecretvalue", StringComparison.Ordinal) || line.Contains(key, StringComparison.Ordinal) || line.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_goes_away_while_it_is_looked_up_is_no_error_of_ours()
    {
        using var client = app.ClientFor(StubIdentity.KeyWithoutAnswer);
        using var gone = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync("/api/social/calendar", gone.Token));
        await Eventually.TrueAsync(() => app.Log.Of("Calls").Any(line => line.StartsWith("GET /api/social/calendar 499 ", StringComparison.Ordinal)));
        Assert.DoesNotContain(app.Log.Of("Empire.Http.ProblemExceptionHandler"), line => line.Contains("/api/social/calendar failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Injection_in_a_filter_reaches_the_service_as_text()
    {
        using var client = app.ClientFor(app.Behind.Identity.Key());
        var seen = await client.SeenAsync("/api/social/calendar?platform=%27%20OR%201%3D1%20--");
        Assert.Equal("/api/social/calendar?platform=%27%20OR%201%3D1%20--", seen["path"]);
    }
}
