using System.Text.Json.Nodes;
using NJsonSchema;
using YamlDotNet.RepresentationModel;

namespace Empire.Content.Tests.Llm;

/// <summary>What we send, held against OpenAI's published API description.</summary>
public sealed class RequestBodyTests(ContentApp app, ITestOutputHelper output) : IClassFixture<ContentApp>
{
    private static readonly string[] Sent = ["model", "messages", "temperature", "max_completion_tokens", "response_format"];

    [Fact]
    public async Task Every_field_we_send_is_described_and_has_a_described_value()
    {
        var file = Path.Combine(Environment.GetEnvironmentVariable("EMPIRE_SPECS") ?? "", "openai", "openapi.yaml");
        if (!File.Exists(file))
        {
            output.WriteLine("Skipped: EMPIRE_SPECS does not lead to openai/openapi.yaml.");
            return;
        }
        var pieces = app.ClientOfPieces();
        var asked = await pieces.RequestPiecesAsync(new() { Pieces = { ContentApp.Wish("described", "social_post") } });
        await app.FinishedAsync(pieces, asked.Pieces.Single().PieceId);
        var body = Assert.Single(app.Llm.Requests).Body;

        Assert.Empty(body.EnumerateObject().Select(field => field.Name).Except(Sent));
        var schema = await JsonSchema.FromJsonAsync(Described(file).ToJsonString());
        Assert.Empty(schema.Validate(body.GetRawText()).Select(error => error.ToString()));
        Assert.Equal("json_schema", body.GetProperty("response_format").GetProperty("type").GetString());
        Assert.True(body.GetProperty("response_format").GetProperty("json_schema").GetProperty("strict").GetBoolean());
    }

    /// <summary>One JSON Schema of the fields we send, with every reference followed.</summary>
    private static JsonObject Described(string file)
    {
        // The file has blank lines of spaces, which the parser takes for text of another indent.
        using var reader = new StringReader(string.Join('\n', File.ReadLines(file).Select(line => string.IsNullOrWhiteSpace(line) ? "" : line)));
        var yaml = new YamlStream();
        yaml.Load(reader);
        var schemas = (YamlMappingNode)yaml.Documents[0].RootNode["components"]["schemas"];
        var fields = new Dictionary<string, YamlNode>();
        Collect(schemas["CreateChatCompletionRequest"]);
        return new()
        {
            ["type"] = "object",
            ["required"] = new JsonArray("model", "messages"),
            ["properties"] = new JsonObject(Sent.Select(field => KeyValuePair.Create(field, (JsonNode?)Json(fields[field], 0)))),
        };

        void Collect(YamlNode node)
        {
            node = Follow(node);
            if (node is not YamlMappingNode map) return;
            if (map.Children.TryGetValue("allOf", out var parts)) foreach (var part in (YamlSequenceNode)parts) Collect(part);
            if (map.Children.TryGetValue("properties", out var properties)) foreach (var (name, value) in (YamlMappingNode)properties) fields[name.ToString()] = value;
        }

        YamlNode Follow(YamlNode node) =>
            node is YamlMappingNode map && map.Children.TryGetValue("$ref", out var target) ? Follow(schemas[target.ToString().Split('/')[^1]]) : node;

        JsonNode? Json(YamlNode node, int depth)
        {
            node = Follow(node);
            if (depth > 12 && node is YamlMappingNode) return new JsonObject(); // audio and tool messages refer in circles; we send neither
            return node switch
            {
                YamlMappingNode map => new JsonObject(map.Children.Where(child => child.Key.ToString() is not ("example" or "examples" or "default" or "description" or "title" or "discriminator") && !child.Key.ToString().StartsWith("x-", StringComparison.Ordinal))
                    .Select(child => KeyValuePair.Create(child.Key.ToString(), Json(child.Value, depth + 1)))),
                YamlSequenceNode list => new JsonArray([.. list.Select(item => Json(item, depth + 1))]),
                YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } scalar when bool.TryParse(scalar.Value, out var flag) => flag,
                YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } scalar when double.TryParse(scalar.Value, out var number) => number,
                YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "null" } => "null",
                var scalar => scalar.ToString(),
            };
        }
    }
}
