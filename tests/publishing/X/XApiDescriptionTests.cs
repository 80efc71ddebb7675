using System.Text.Json;
using Empire.Publishing.Tests.Stubs;
using Empire.Publishing.X;

namespace Empire.Publishing.Tests.X;

/// <summary>What the client really sends and reads, against X's own API description, where EMPIRE_SPECS names a folder that holds it.</summary>
public sealed class XApiDescriptionTests
{
    private static readonly JsonElement? Description = Read();

    [Fact]
    public async Task Requests_and_answers_are_those_that_x_describes()
    {
        Assert.SkipWhen(Description is null, "EMPIRE_SPECS does not hold x-twitter/openapi.json: X's description was not compared.");
        await using var stub = new StubX();
        await stub.StartAsync();
        using var http = new HttpClient { BaseAddress = new(stub.Address) };
        var x = new XClient(http);
        for (var i = 0; i < 3; i++) await x.CreatePostAsync($"Post {i} https://a.example/{i}", CancellationToken.None);
        var me = await x.MeAsync(CancellationToken.None);
        var posts = await x.PostsOfAsync(me.Id, TimeProvider.System.GetUtcNow().AddMinutes(-1), CancellationToken.None).ToListAsync();
        Assert.Equal(["Post 2 https://a.example/2", "Post 1 https://a.example/1", "Post 0 https://a.example/0"], posts.Select(post => post.WrittenText));

        Assert.All(stub.Requests, request => AssertDescribed(request.Method.ToLowerInvariant(), request.Path, request.Query, request.Body));
        AssertHas("CreatePostsResponseData", "id", "text");
        AssertHas("Post", "id", "text", "created_at", "entities");
        AssertHas("User", "id", "username");
        var links = Resolve(Schema("PostEntities")).GetProperty("properties").GetProperty("urls").GetProperty("items").GetProperty("properties");
        Assert.True(links.TryGetProperty("url", out _) && links.TryGetProperty("expanded_url", out _));
        Assert.True(Schema("GetUsersPostsResponse").GetProperty("properties").GetProperty("meta").GetProperty("properties").TryGetProperty("next_token", out _));
    }

    private static void AssertDescribed(string method, string path, string query, string body)
    {
        var operation = Description!.Value.GetProperty("paths").GetProperty(path).GetProperty(method);
        var known = operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Select(Resolve).Where(parameter => parameter.GetProperty("in").GetString() == "query").ToDictionary(parameter => parameter.GetProperty("name").GetString()!)
            : [];
        foreach (var (name, value) in Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query))
        {
            Assert.Contains(name, known.Keys);
            var schema = known[name].GetProperty("schema");
            if (schema.TryGetProperty("items", out var items) && items.TryGetProperty("enum", out var allowed))
                Assert.All(value.ToString().Split(','), item => Assert.Contains(item, allowed.EnumerateArray().Select(choice => choice.GetString())));
            if (schema.TryGetProperty("maximum", out var maximum)) Assert.True(int.Parse(value.ToString()) <= maximum.GetInt32());
        }
        if (body.Length == 0) return;
        var request = Resolve(operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema"));
        var members = request.GetProperty("properties").EnumerateObject().Select(member => member.Name).ToHashSet();
        Assert.All(JsonDocument.Parse(body).RootElement.EnumerateObject(), member => Assert.Contains(member.Name, members));
    }

    private static void AssertHas(string schema, params string[] members) => Assert.All(members, member => Assert.True(Schema(schema).GetProperty("properties").TryGetProperty(member, out _), $"{schema}.{member}"));

    private static JsonElement Schema(string name) => Description!.Value.GetProperty("components").GetProperty("schemas").GetProperty(name);

    private static JsonElement Resolve(JsonElement element) =>
        element.TryGetProperty("$ref", out var reference)
            ? reference.GetString()!.Split('/').Skip(1).Aggregate(Description!.Value, (at, part) => at.GetProperty(part))
            : element;

    private static JsonElement? Read()
    {
        var file = Path.Combine(Environment.GetEnvironmentVariable("EMPIRE_SPECS") ?? "", "x-twitter", "openapi.json");
        return File.Exists(file) ? JsonDocument.Parse(File.ReadAllText(file)).RootElement : null;
    }
}
