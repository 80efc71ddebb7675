extern alias identity;

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Empire.Gateway.Routing;
using identity::Empire.Identity.Keys;

namespace Empire.Gateway.Tests;

/// <summary>Every path that was promised leads somewhere.</summary>
public sealed partial class RouteTableTests(GatewayApp app, ITestOutputHelper output) : IClassFixture<GatewayApp>
{
    public static TheoryData<string, string> Paths()
    {
        using var reader = new StreamReader(typeof(RouteTableTests).Assembly.GetManifestResourceStream("paths.txt")!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line.Split(' ')).Select(words => (words[0], words[1]))];
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_promised_path_is_never_404_with_or_without_a_key(string method, string path)
    {
        var asked = path.Replace("{network}", "meadow").Replace("{code}", "abcdefgh").Replace("{id}", "5");
        foreach (var key in new[] { null, StubServices.OperatorKey })
        {
            using var client = app.ClientFor(key);
            using var response = await client.SendAsync(new(new(method), asked) { Content = method == "GET" ? null : JsonContent.Create(new { }) });
            Assert.NotEqual(HttpStatusCode.NotFound, response.StatusCode);
            Assert.NotEqual(HttpStatusCode.MethodNotAllowed, response.StatusCode);
            var line = RouteTable.All.First(route => (route.Path == path || route.Path == path + "/{**rest}" || (path == "/" && route.Path == "/{**page}") || (path.StartsWith("/static/") && route.Path == "/static/{name}"))
                && (route.Matched is null || route.Matched.Contains(method)));
            if (key is null && line.Access is Access.Key) Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            if (key is null && line.Access is not Access.Key) Assert.NotEqual(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task What_is_promised_and_not_built_answers_501_and_is_listed_here()
    {
        using var client = app.ClientFor(StubServices.OperatorKey);
        var later = RouteTable.All.Where(route => route.Unanswered).ToArray();
        foreach (var route in later) output.WriteLine($"{string.Join(',', route.Methods),-12} {route.Path} ({route.Service})");
        foreach (var route in later.Where(route => route.Service != "telemetry"))   // which this fixture has installed
        {
            var path = route.Path.Replace("/{**rest}", "/x").Replace("{id}", "5").Replace("{event}", "x");
            using var response = await client.SendAsync(new(new(route.Methods.FirstOrDefault() ?? "GET"), path));
            Assert.True(response.StatusCode == HttpStatusCode.NotImplemented, $"{route.Path} answers {(int)response.StatusCode}");
            Assert.Equal("NOT_YET_AVAILABLE", await response.CodeAsync());
        }
    }

    [Fact]
    public void What_a_line_asks_of_keys_is_a_scope_that_a_key_can_have() => Assert.All(RouteTable.All.Where(route => route.Access is Access.Key), route =>
    {
        string[] scopes = [$"{route.Area}:read", $"{route.Area}:write"];
        Assert.Equal(scopes, KeyScopes.Parse(scopes));
    });

    [Fact]
    public async Task Pages_and_redirects_need_no_key_and_take_no_writes()
    {
        using var client = app.ClientFor(null);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/blog/a-page")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/r/abcdefgh")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PostAsync("/r/abcdefgh", null)).StatusCode);
    }

    [Fact]
    public async Task A_path_says_which_methods_it_takes_to_every_other_and_to_no_stranger_what_needs_a_key()
    {
        using var member = app.ClientFor(StubServices.OperatorKey);
        var wrong = new List<string>();
        var tried = 0;
        foreach (var path in RouteTable.All.Where(route => !route.Grpc && !route.Path.Contains("{**")).GroupBy(route => InPath().Replace(route.Path, "{}")))
        {
            var asked = InPath().Replace(path.First().Path, "5");
            var methods = path.SelectMany(route => route.Methods.Length > 0 ? route.Methods : ["GET"]).SelectMany(method => method == "GET" ? (string[])["GET", "HEAD"] : [method]).Distinct().Order().ToArray();
            foreach (var method in (string[])["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"])
            {
                if (methods.Contains(method)) continue;
                tried++;
                using var answer = await member.SendAsync(new(new(method), asked));
                var allow = answer.Content.Headers.Allow.Concat(answer.Header("Allow")?.Split(", ") ?? []).Distinct().Order().ToArray();
                if (answer.StatusCode != HttpStatusCode.MethodNotAllowed || (method != "HEAD" && await answer.CodeAsync() != "METHOD_NOT_ALLOWED") || !allow.SequenceEqual(methods))
                    wrong.Add($"{method} {asked}: {(int)answer.StatusCode}, Allow: {string.Join(", ", allow)}, not {string.Join(", ", methods)}");
                using var anyone = app.ClientFor(null);
                using var told = await anyone.SendAsync(new(new(method), asked));
                var wanted = path.All(route => route.Access is Access.Key) ? HttpStatusCode.Unauthorized : HttpStatusCode.MethodNotAllowed;
                if (told.StatusCode != wanted) wrong.Add($"{method} {asked} without a key: {(int)told.StatusCode}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(tried > 400, $"Only {tried} were tried.");
    }

    [Theory]
    [InlineData("/api/v9/nothing", 404, "NOT_FOUND")]
    [InlineData("/api/v1/autopilot/cycles", 503, "SERVICE_UNAVAILABLE")]
    [InlineData("/api/v1/unknown", 404, "NOT_FOUND")]
    [InlineData("/internal/openapi/v1.json", 404, "NOT_FOUND")]
    public async Task An_unknown_path_and_a_service_that_is_down_answer_in_the_error_form(string path, int status, string code)
    {
        using var client = app.ClientFor(StubServices.MemberKey);
        using var response = await client.GetAsync(path);
        var error = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((status, code), ((int)response.StatusCode, error.GetProperty("code").GetString()));
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        if (path.StartsWith("/api/v1/", StringComparison.Ordinal)) Assert.Equal(status, error.GetProperty("status").GetInt32());
        else Assert.Equal("error", error.GetProperty("status").GetString());
        if (status == 503) Assert.NotNull(response.Headers.RetryAfter);
    }

    /// <summary>What the gateway itself serves belongs to no account: it is everybody's or the operator's. The walk over the services' endpoints has nothing to look for here.</summary>
    [Fact]
    public async Task Its_own_pages_are_everybodys_or_the_operators()
    {
        var own = RouteTable.All.Where(route => route.Service == RouteTable.Door).ToArray();
        Assert.All(own, route => Assert.True(route.Access is Access.Public || route.OperatorOnly, route.Path));
        using var client = app.ClientFor(StubServices.MemberKey);
        foreach (var route in own.Where(route => route.OperatorOnly))
        {
            foreach (var method in route.Methods)
            {
                using var answer = await client.SendAsync(new(new(method), route.Path) { Content = method == "POST" ? new StringContent("""{"reason":"x"}""", System.Text.Encoding.UTF8, "application/json") : null });
                Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            }
        }
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex InPath();
}
