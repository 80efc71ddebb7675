using System.Net.Http.Json;
using System.Text.Json;
using Empire.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Empire.Tests.Http;

/// <summary>Two use cases, each with a record of the same name, as all of them have.</summary>
public static class OpenDoor
{
    /// <summary>Who stands outside.</summary>
    /// <example>{"email": "ada@example.com"}</example>
    public sealed record Request(string Email, [OneOf("wide", "ajar")] string How = "wide");

    public static IReadOnlyList<Request> Handle(Request request) => [request];
}

public static class CloseDoorEndpoints
{
    public sealed record Request(int Minutes);

    public sealed record Query([property: OneOf(null, "front", "back")] string? Side = null);

    public sealed record Page<T>(IReadOnlyList<T> Data);

    public static Page<Request> Handle(Request request) => new([request]);
}

public sealed class ApiDocumentTests
{
    [Fact]
    public async Task Each_request_is_described_by_its_own_record_with_its_words_and_example()
    {
        await using var site = await TestSite.StartAsync(app =>
        {
            app.MapPost("/open", OpenDoor.Handle);
            app.MapPost("/close", CloseDoorEndpoints.Handle);
            app.MapGet("/doors", ([AsParameters] CloseDoorEndpoints.Query query) => query.Side);
        });
        var document = await site.Anonymous().GetFromJsonAsync<JsonElement>("/internal/openapi/v1.json");
        var open = SchemaOf(document, "/open");
        Assert.Equal("email", open.GetProperty("properties").GetProperty("email").GetProperty("format").GetString());
        Assert.Equal("""["wide","ajar"]""", JsonSerializer.Serialize(open.GetProperty("properties").GetProperty("how").GetProperty("enum")));
        Assert.Equal("""["front","back"]""", JsonSerializer.Serialize(document.GetProperty("paths").GetProperty("/doors").GetProperty("get").GetProperty("parameters")[0].GetProperty("schema").GetProperty("enum")));
        Assert.Equal("Who stands outside.", open.GetProperty("description").GetString());
        Assert.Equal("""{"email":"ada@example.com"}""", JsonSerializer.Serialize(open.GetProperty("examples")[0]));
        var close = SchemaOf(document, "/close");
        Assert.Equal("minutes", close.GetProperty("properties").EnumerateObject().Single().Name);
        Assert.False(close.TryGetProperty("examples", out _));
        Assert.Equal(["CloseDoorPageOfCloseDoorRequest", "CloseDoorRequest", "OpenDoorRequest"],
            document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name).Where(name => name.Contains("Door", StringComparison.Ordinal)));
    }

    private static JsonElement SchemaOf(JsonElement document, string path)
    {
        var reference = document.GetProperty("paths").GetProperty(path).GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString()!;
        return document.GetProperty("components").GetProperty("schemas").GetProperty(reference.Split('/')[^1]);
    }
}
