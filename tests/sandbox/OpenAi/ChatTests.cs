using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Tests.OpenAi;

public sealed class ChatTests(SandboxApp app) : IClassFixture<SandboxApp>
{
    const string OpenAi = "/openai/v1/chat/completions", OpenRouter = "/openrouter/api/v1/chat/completions";
    static readonly JsonObject Recipe = new() { ["task"] = "recipe", ["brief"] = new JsonObject { ["category"] = "dinner" } };

    static object Request(string content, string model = "gpt-4o-mini", object? format = null, int? maxTokens = null, bool? stream = null) => new
    {
        model,
        messages = new[] { new { role = "system", content = "Answer as JSON." }, new { role = "user", content } },
        temperature = 0.7,
        max_tokens = maxTokens,
        response_format = format,
        stream,
        stream_options = stream == true ? new { include_usage = true } : null,
    };

    async Task<(HttpStatusCode Status, JsonObject Body)> AskAsync(string path, object request, string? bearer = SandboxApp.Key)
    {
        using var client = app.Client(bearer);
        using var response = await client.PostAsJsonAsync(path, request);
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonObject>())!);
    }

    [Fact]
    public async Task An_answer_conforms_to_the_description_of_the_API_and_counts_its_tokens()
    {
        var (status, body) = await AskAsync(OpenAi, Request($"Write it.\nBRIEF\n{Recipe}", format: new { type = "json_object" }));

        Assert.Equal(HttpStatusCode.OK, status);
        var content = body["choices"]![0]!["message"]!["content"]!.GetValue<string>();
        Assert.Equal("dinner", JsonNode.Parse(content)!["category"]!.GetValue<string>());
        Assert.Equal("stop", body["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.Equal((content.Length + 3) / 4, body["usage"]!["completion_tokens"]!.GetValue<int>());
        Assert.Equal(body["usage"]!["prompt_tokens"]!.GetValue<int>() + body["usage"]!["completion_tokens"]!.GetValue<int>(), body["usage"]!["total_tokens"]!.GetValue<int>());
        if (Schemas.Load("openai/openapi.yaml") is { } schemas) Assert.Empty(schemas.Faults("CreateChatCompletionResponse", body));
    }

    [Fact]
    public async Task The_request_that_content_sends_conforms_to_the_description_as_well()
    {
        var request = System.Text.Json.JsonSerializer.SerializeToNode(Request("hello", format: new { type = "json_object" }, maxTokens: 2000))!.AsObject();
        foreach (var absent in request.Where(p => p.Value is null).Select(p => p.Key).ToList()) request.Remove(absent);
        if (Schemas.Load("openai/openapi.yaml") is { } schemas) Assert.Empty(schemas.Faults("CreateChatCompletionRequest", request));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(OpenAi, request)).Status);
    }

    [Fact]
    public async Task An_unknown_model_is_refused_as_OpenAI_refuses_it()
    {
        var (status, body) = await AskAsync(OpenAi, Request("hello", model: "gpt-0"));

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("model_not_found", body["error"]!["code"]!.GetValue<string>());
        Assert.Equal("invalid_request_error", body["error"]!["type"]!.GetValue<string>());
        if (Schemas.Load("openai/openapi.yaml") is { } schemas) Assert.Empty(schemas.Faults("ErrorResponse", body));
    }

    [Fact]
    public async Task OpenRouter_names_models_with_their_maker_and_writes_numeric_error_codes()
    {
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(OpenRouter, Request("hello", model: "openai/gpt-4o-mini"))).Status);
        var (status, body) = await AskAsync(OpenRouter, Request("hello", model: "gpt-4o-mini"));
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal(404, body["error"]!["code"]!.GetValue<int>());
        if (Schemas.Load("openrouter/openapi.yaml") is { } schemas) Assert.Empty(schemas.Faults("NotFoundResponse", body));
    }

    [Theory]
    [InlineData("/openai/v1/models", "openai/openapi.yaml", "ListModelsResponse")]
    [InlineData("/openrouter/api/v1/models", "openrouter/openapi.yaml", "ModelsListResponse")]
    public async Task The_list_of_models_conforms_to_the_description(string path, string file, string schema)
    {
        using var client = app.Client();
        var list = await client.GetFromJsonAsync<JsonObject>(path);
        Assert.NotEmpty(list!["data"]!.AsArray());
        if (Schemas.Load(file) is { } schemas) Assert.Empty(schemas.Faults(schema, list));
    }

    [Fact]
    public async Task Without_a_key_nothing_is_answered()
    {
        var (status, body) = await AskAsync(OpenAi, Request("hello"), bearer: null);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal("invalid_request_error", body["error"]!["type"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"model":"gpt-5"}""", "messages")]
    [InlineData("""{"model":"gpt-5","n":2,"messages":[{"role":"user","content":"x"}]}""", "n")]
    [InlineData("""{"model":"gpt-5","temperature":3,"messages":[{"role":"user","content":"x"}]}""", "temperature")]
    [InlineData("""{"model":"gpt-5","max_tokens":0,"messages":[{"role":"user","content":"x"}]}""", "max_tokens")]
    [InlineData("""{"model":"gpt-5","messages":[{"role":"robot","content":"x"}]}""", "messages")]
    public async Task A_faulty_request_is_refused_with_the_name_of_its_field(string request, string param)
    {
        var (status, body) = await AskAsync(OpenAi, JsonNode.Parse(request)!);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(param, body["error"]!["param"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_answer_longer_than_max_tokens_is_cut_there_and_says_so()
    {
        var (_, body) = await AskAsync(OpenAi, Request(Recipe.ToJsonString(), maxTokens: 50));
        Assert.Equal("length", body["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.Equal(50, body["usage"]!["completion_tokens"]!.GetValue<int>());
        Assert.Equal(200, body["choices"]![0]!["message"]!["content"]!.GetValue<string>().Length);
    }

    [Fact]
    public async Task A_streamed_answer_is_the_same_text_in_pieces()
    {
        var whole = (await AskAsync(OpenAi, Request(Recipe.ToJsonString()))).Body["choices"]![0]!["message"]!["content"]!.GetValue<string>();
        using var client = app.Client();
        using var response = await client.PostAsJsonAsync(OpenAi, Request(Recipe.ToJsonString(), stream: true));
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e["data: ".Length..]).ToList();

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("[DONE]", events[^1]);
        var chunks = events.SkipLast(1).Select(e => JsonNode.Parse(e)!).ToList();
        Assert.Equal(whole, string.Concat(chunks.SelectMany(c => c["choices"]!.AsArray()).Select(c => c!["delta"]!["content"]?.GetValue<string>())));
        Assert.NotNull(chunks[^1]["usage"]);
        if (Schemas.Load("openai/openapi.yaml") is { } schemas) Assert.All(chunks, c => Assert.Empty(schemas.Faults("CreateChatCompletionStreamResponse", c)));
    }

    [Theory]
    [InlineData("""{"task":"recipe","brief":{"category":"brunch"}}""", "category")]
    [InlineData("""{"task":"recipe","brief":{"category":"lunch","servings":13}}""", "servings")]
    [InlineData("""{"task":"blog_post","brief":{}}""", "product")]
    [InlineData("""{"task":"poem","brief":{}}""", "poem")]
    [InlineData("no document here", "BRIEF")]
    public async Task What_cannot_be_written_is_refused_in_the_message_and_names_the_reason(string prompt, string reason)
    {
        var (status, body) = await AskAsync(OpenAi, Request(prompt, format: new { type = "json_object" }));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Null(body["choices"]![0]!["message"]!["content"]);
        Assert.Contains(reason, body["choices"]![0]!["message"]!["refusal"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_schema_gets_only_the_properties_it_names()
    {
        var schema = new { type = "object", additionalProperties = false, properties = new { title = new { type = "string" }, tags = new { type = "array", items = new { type = "string" } } } };
        var (_, body) = await AskAsync(OpenAi, Request(Recipe.ToJsonString(), format: new { type = "json_schema", json_schema = new { name = "recipe", strict = true, schema } }));
        var written = JsonNode.Parse(body["choices"]![0]!["message"]!["content"]!.GetValue<string>())!.AsObject();
        Assert.Equal(["title", "tags"], written.Select(p => p.Key));
    }
}
