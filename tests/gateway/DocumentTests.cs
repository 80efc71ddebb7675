using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Empire.Gateway.Routing;
using Empire.Testing;

namespace Empire.Gateway.Tests;

public sealed partial class DocumentTests(GatewayApp app) : IClassFixture<GatewayApp>
{
    [Fact]
    public async Task The_document_is_valid_and_lists_every_path_of_the_route_table()
    {
        using var client = app.ClientFor(null);
        var document = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        Assert.Equal("3.1.1", document.GetProperty("openapi").GetString());
        Assert.NotEmpty(document.GetProperty("info").GetProperty("version").GetString()!);
        var paths = document.GetProperty("paths").EnumerateObject().ToDictionary(path => path.Name, path => path.Value);
        foreach (var route in RouteTable.All.Where(route => !route.Grpc && !route.Path.Contains("{**")))
            foreach (var method in route.Methods.DefaultIfEmpty("GET")) Assert.True(paths[route.Path].TryGetProperty(method.ToLowerInvariant(), out _), $"{method} {route.Path} is missing");

        var names = new HashSet<string>();
        foreach (var (path, item) in paths)
        {
            foreach (var operation in item.EnumerateObject())
            {
                Assert.True(names.Add(operation.Value.GetProperty("operationId").GetString()!), $"{operation.Name} {path}: a second operation of this name");
                Assert.NotEmpty(operation.Value.GetProperty("responses").EnumerateObject());
                Assert.All(operation.Value.GetProperty("responses").EnumerateObject(), response => Assert.NotEmpty(response.Value.GetProperty("description").GetString()!));
                var declared = operation.Value.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "path").Select(p => p.GetProperty("name").GetString()!).ToArray() : [];
                Assert.Equal(InPath().Matches(path).Select(match => match.Groups[1].Value).Order(), declared.Order());
            }
        }
        foreach (Match reference in Reference().Matches(document.GetRawText()))
            Assert.True(document.GetProperty("components").GetProperty("schemas").TryGetProperty(reference.Groups[1].Value, out _), $"{reference.Value} leads nowhere");
        Assert.Equal(["key", "key_header", "session"], document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(scheme => scheme.Name));
        Assert.False(paths.ContainsKey("/inside/only"));   // what a service serves inside is not the product's
        Assert.True(paths.ContainsKey("/api/v1/content/pieces"));
    }

    [Fact]
    public async Task The_example_for_signing_up_works_and_needs_no_key()
    {
        using var client = app.ClientFor(null);
        var document = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var post = document.GetProperty("paths").GetProperty("/api/signup").GetProperty("post");
        Assert.Empty(post.GetProperty("security").EnumerateArray());
        var name = post.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString()!.Split('/')[^1];
        Assert.StartsWith("identity.", name, StringComparison.Ordinal);
        var schema = document.GetProperty("components").GetProperty("schemas").GetProperty(name);
        Assert.Equal("email", schema.GetProperty("properties").GetProperty("email").GetProperty("format").GetString());
        using var response = await client.PostAsJsonAsync("/api/signup", schema.GetProperty("examples")[0]);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task The_reference_page_loads_nothing_from_elsewhere_and_runs_no_inline_script()
    {
        using var client = app.ClientFor(null);
        using var response = await client.GetAsync("/docs");
        var page = await response.Content.ReadAsStringAsync();
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("script-src 'self'", response.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script(?![^>]*src=)", page);
        foreach (Match link in Link().Matches(page)) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(link.Groups[1].Value)).StatusCode);
    }

    [Fact]
    public async Task The_icon_that_browsers_ask_for_is_there()
    {
        using var client = app.ClientFor(null);
        using var response = await client.GetAsync("/favicon.ico");
        Assert.Equal((HttpStatusCode.OK, "image/x-icon"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal("00000100", Convert.ToHexString((await response.Content.ReadAsByteArrayAsync())[..4]));
    }

    [GeneratedRegex(@"\{([^}]+)\}")]
    private static partial Regex InPath();

    [GeneratedRegex("#/components/schemas/([^\"]+)")]
    private static partial Regex Reference();

    [GeneratedRegex("(?:href|src)=\"([^\"#]+)\"")]
    private static partial Regex Link();
}

/// <summary>A gateway that nobody asks anything.</summary>
public sealed class DocumentAtStartTests(GatewayApp app) : IClassFixture<GatewayApp>
{
    [Fact]
    public Task The_services_are_asked_to_describe_themselves_before_anybody_reads() => Eventually.TrueAsync(() => app.Behind.Described > 0);
}
