using System.Net.Http.Json;
using System.Text.Json;

namespace Empire.Content.Tests;

public sealed class ApiDocumentTests(ContentApp app) : IClassFixture<ContentApp>
{
    [Fact]
    public async Task Every_endpoint_is_described_with_the_words_of_its_docstrings()
    {
        var document = await app.CreateClient().GetFromJsonAsync<JsonElement>("/internal/openapi/v1.json");
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation.Value))).ToArray();
        Assert.Contains(operations, operation => operation.Name.TrimEnd('/') == "/api/recipes");
        Assert.DoesNotContain(operations, operation => operation.Name.StartsWith("/health", StringComparison.Ordinal));
        var recipe = operations.First(operation => operation.Value.TryGetProperty("operationId", out var id) && id.GetString() == "CreateRecipe").Value;
        Assert.NotEmpty(recipe.GetProperty("summary").GetString()!);
        Assert.Contains("diet_type", document.GetRawText(), StringComparison.Ordinal);   // snake_case, as the API speaks
    }
}
