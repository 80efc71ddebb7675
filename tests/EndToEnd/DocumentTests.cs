using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Empire.EndToEnd.Tests;

/// <summary>The API document of the running installation, joined from what its services say of themselves: whoever copies an example from it is understood.</summary>
[Collection(InstallationCollection.Name)]
public sealed partial class DocumentTests(Installation empire)
{
    /// <summary>What their examples name exists nowhere here, and is told so by its field.</summary>
    private static readonly string[] OfSomethingThatIsThere = ["ResetPassword", "RequestErasure", "RecordReferral", "SwitchTenant", "RecordMeasure"];

    [Fact]
    public async Task Every_body_has_an_example()
    {
        var document = await empire.OwnerClient.GetJsonAsync("/openapi/v1.json");
        var bodies = Bodies(document).ToList();
        Assert.True(bodies.Count > 50, $"The document names only {bodies.Count} bodies.");
        var without = bodies.Where(body => body.Example is null).Select(body => $"{body.Method} {body.Path}").ToList();
        Assert.True(without.Count == 0, $"Give these an <example> in the docstring of their request:\n{string.Join('\n', without)}");
    }

    [Fact]
    public async Task Every_example_is_understood_as_it_stands()
    {
        await empire.HealthyAsync();
        using var account = await empire.NewTenantAsync("reader of the document");
        var misunderstood = new List<string>();
        foreach (var body in Bodies(await account.GetJsonAsync("/openapi/v1.json")).Where(body => body.Example is not null))
        {
            using var content = new StringContent(body.Example!, Encoding.UTF8, "application/json");
            using var request = new HttpRequestMessage(new(body.Method), Parameter().Replace(body.Path, "x")) { Content = content };
            using var answer = await account.SendAsync(request);
            var told = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode is HttpStatusCode.BadRequest && OfSomethingThatIsThere.Contains(body.Name)) continue;
            if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity or HttpStatusCode.MethodNotAllowed or >= HttpStatusCode.InternalServerError)
                misunderstood.Add($"{body.Method} {body.Path} ({body.Name}) {body.Example}\n    {(int)answer.StatusCode} {told}");
        }
        Assert.True(misunderstood.Count == 0, string.Join('\n', misunderstood));
    }

    [Fact]
    public async Task Signing_up_takes_an_address_and_its_example_signs_up()
    {
        using var stranger = new HttpClient { BaseAddress = empire.Gateway };
        var document = await stranger.GetJsonAsync("/openapi/v1.json");
        var signUp = document.GetProperty("paths").GetProperty("/api/signup").GetProperty("post");
        Assert.Empty(signUp.GetProperty("security").EnumerateArray());
        var schema = Resolve(document, SchemaOf(signUp)!.Value);
        Assert.Equal("email", schema.GetProperty("properties").GetProperty("email").GetProperty("format").GetString());
        using var content = new StringContent(schema.GetProperty("examples")[0].GetRawText(), Encoding.UTF8, "application/json");
        using var answer = await stranger.PostAsync(new Uri("/api/signup", UriKind.Relative), content);
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict, await answer.Content.ReadAsStringAsync());   // taken by whoever tried it before
    }

    private static IEnumerable<(string Method, string Path, string Name, string? Example)> Bodies(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        let schema = SchemaOf(operation.Value)
        where schema is not null
        select (operation.Name.ToUpperInvariant(), path.Name, operation.Value.GetProperty("operationId").GetString()!,
            Resolve(document, schema.Value).TryGetProperty("examples", out var examples) ? examples[0].GetRawText() : null);

    private static JsonElement? SchemaOf(JsonElement operation) =>
        operation.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out var json) ? json.GetProperty("schema") : null;

    /// <summary>Where a body may be left out, its schema is one of two: nothing, or it.</summary>
    private static JsonElement Resolve(JsonElement document, JsonElement schema)
    {
        if (schema.TryGetProperty("oneOf", out var either)) return Resolve(document, either.EnumerateArray().Last());
        return schema.TryGetProperty("$ref", out var reference) ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]) : schema;
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
