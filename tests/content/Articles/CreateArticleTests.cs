using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Empire.Content.Tests.Articles;

public sealed class CreateArticleTests(ContentApp app) : IClassFixture<ContentApp>
{
    private readonly HttpClient client = app.OwnerClient();

    [Fact]
    public async Task An_article_has_all_its_sections_and_is_kept_as_a_file()
    {
        var answer = await client.PostAsJsonAsync("/api/seo/content", new { keyword = "burr grinder settings", domain = "coffee.example" });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var article = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.InRange(article.GetProperty("word_count").GetInt32(), 2000, 3000);
        Assert.Equal("informational", article.GetProperty("keyword_intelligence").GetProperty("intent").GetString());
        Assert.Equal("medium", article.GetProperty("keyword_intelligence").GetProperty("opportunity").GetString());
        Assert.Equal(15, article.GetProperty("semantic_analysis").GetProperty("semantic_tags").GetArrayLength());
        Assert.NotEqual(0, article.GetProperty("related_keywords").GetArrayLength());
        Assert.NotEqual(0, article.GetProperty("recommendations").GetArrayLength());
        Assert.Contains(article.GetProperty("title").GetString()!, await File.ReadAllTextAsync(Path.Combine(app.Storage, article.GetProperty("file").GetString()!)), StringComparison.Ordinal);
        var piece = await client.GetFromJsonAsync<JsonElement>($"/api/content/{article.GetProperty("id").GetString()}");
        Assert.Equal("article@1", piece.GetProperty("prompt_version").GetString());
        Assert.Equal(article.GetProperty("cost").GetDecimal(), piece.GetProperty("cost").GetDecimal());
    }

    [Fact]
    public async Task The_semantic_analysis_can_be_left_out()
    {
        var answer = await client.PostAsJsonAsync("/api/seo/content", new { keyword = "grinders", domain = "coffee.example", include_semantic_analysis = false });

        Assert.Equal(JsonValueKind.Null, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("semantic_analysis").ValueKind);
    }

    [Theory]
    [InlineData("""{"keyword":"grinder","domain":"d.example","content_type":"poem"}""", "content_type")]
    [InlineData("""{"keyword":"grinder","domain":"d.example","word_count":500}""", "word_count")]
    [InlineData("""{"domain":"d.example"}""", "keyword")]
    public async Task A_wrong_field_is_named(string body, string field)
    {
        var answer = await client.PostAsync("/api/seo/content", new StringContent(body, null, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, Assert.Single((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject()).Name);
    }
}
