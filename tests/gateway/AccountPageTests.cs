using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Empire.Gateway.Routing;

namespace Empire.Gateway.Tests;

/// <summary>The pages that mails lead to: there for who has nothing but a browser, and careful with what their address holds.</summary>
public sealed partial class AccountPageTests(GatewayApp app) : IClassFixture<GatewayApp>
{
    public static TheoryData<string> Pages => [.. RouteTable.All.Where(line => line.Page is not null).Select(line => line.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_shown_to_anyone_and_its_address_is_told_to_nobody(string path)
    {
        using var stranger = app.ClientFor(null);
        using var answer = await stranger.GetAsync($"{path}?token=averysecrettoken&invite=averysecretcode");
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.OK, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal(("no-referrer", "noindex", "no-store"), (answer.Header("Referrer-Policy"), answer.Header("X-Robots-Tag"), answer.Header("Cache-Control")));
        var policy = answer.Header("Content-Security-Policy")!;
        foreach (var part in (string[])["default-src 'none'", "script-src 'self'", "connect-src 'self'", "form-action 'none'", "frame-ancestors 'none'"]) Assert.Contains(part, policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("averysecret", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(InLine(), page);   // the policy would leave it out
        var files = Loaded().Matches(page).Select(match => match.Groups["file"].Value).ToList();
        Assert.Equal(3, files.Count);
        foreach (var file in files)
        {
            using var loaded = await stranger.GetAsync(file);
            Assert.Equal((HttpStatusCode.OK, "public, max-age=31536000, immutable"), (loaded.StatusCode, loaded.Header("Cache-Control")));
        }
        foreach (var link in Links().Matches(page).Select(match => match.Groups["path"].Value).Where(link => link != "/"))
            Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(link)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await stranger.SendAsync(new(HttpMethod.Head, path))).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await stranger.PostAsync(path, null)).StatusCode);
    }

    [Fact]
    public async Task Every_field_has_a_label_and_what_its_form_sends_is_told_to_password_keepers()
    {
        using var stranger = app.ClientFor(null);
        foreach (var path in Pages.Select(row => row.Data))
        {
            var page = await stranger.GetStringAsync(path);
            Assert.Matches("<html lang=\"en\">", page);
            Assert.Single(Heading().Matches(page));
            foreach (Match field in Field().Matches(page))
                Assert.Contains($"<label for=\"{field.Groups["id"].Value}\">", page, StringComparison.Ordinal);
        }
        Assert.Contains("autocomplete=\"new-password\"", await stranger.GetStringAsync("/reset-password"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task They_are_in_the_document_as_pages_that_are_there()
    {
        using var client = app.ClientFor(null);
        using var document = JsonDocument.Parse(await client.GetStringAsync("/openapi/v1.json"));
        foreach (var path in Pages.Select(row => row.Data))
        {
            var page = document.RootElement.GetProperty("paths").GetProperty(path).GetProperty("get");
            Assert.False(page.TryGetProperty("x-not-yet-available", out _), path);
            Assert.Matches("^[A-Z][A-Za-z]+$", page.GetProperty("operationId").GetString()!);
            Assert.True(page.GetProperty("responses").TryGetProperty("200", out _), path);
        }
    }

    [GeneratedRegex(@"<script(?![^>]*\bsrc=)|\bon\w+=|\bstyle=|<style|<form[^>]*\baction=")]
    private static partial Regex InLine();

    [GeneratedRegex("(?:src|href)=\"(?<file>/static/[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Loaded();

    [GeneratedRegex("<a [^>]*href=\"(?<path>/[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Links();

    [GeneratedRegex("<h1>")]
    private static partial Regex Heading();

    [GeneratedRegex("<(input|select) id=\"(?<id>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Field();
}

/// <summary>The day somebody installs a <c>web</c> service, it answers under these addresses.</summary>
public sealed class InstalledWebTests(InstalledWebTests.WithWeb app) : IClassFixture<InstalledWebTests.WithWeb>
{
    [Fact]
    public async Task An_installed_web_service_takes_the_pages_over()
    {
        using var client = app.ClientFor(null);
        foreach (var path in (string[])["/signup", "/login", "/reset-password?token=x", "/dashboard", "/dashboard/usage"])
        {
            using var answer = await client.GetAsync(path);
            using var seen = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            Assert.Equal(path, seen.RootElement.GetProperty("path").GetString());   // the stub's answer to what was handed on
        }
    }

    public sealed class WithWeb : GatewayApp
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Gateway:Installed:1", "web"), new("services:web:http:0", Behind.Http)];
    }
}
