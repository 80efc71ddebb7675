using System.Text.Json;
using Empire.Content.Review;
using NJsonSchema;
using NJsonSchema.Validation;

namespace Empire.Content.Prompts;

/// <summary>The JSON Schema that replies to a prompt must satisfy. It is sent along where the model takes one, and every reply is checked against it.</summary>
/// <remarks>The files keep to what strict structured outputs allow: every property required, none beside, no bounds on the length of a text.</remarks>
public sealed class ReplySchema
{
    private readonly JsonSchema schema;

    private ReplySchema(string name, string text, JsonSchema schema)
    {
        (Name, Text, this.schema) = (name, text, schema);
        using var document = JsonDocument.Parse(text);
        Element = document.RootElement.Clone();
    }

    public string Name { get; }
    public string Text { get; }
    public JsonElement Element { get; }

    /// <param name="file">As <c>recipe.1.json</c>.</param>
    public static async Task<ReplySchema> ParseAsync(string file, string text) =>
        new(file[..file.IndexOf('.')], text, await JsonSchema.FromJsonAsync(text));

    /// <summary>One objection per place that differs; none when the reply fits.</summary>
    public IEnumerable<Objection> Check(string json) => schema.Validate(json).SelectMany(Flatten).Select(error => new Objection("schema", Say(error)));

    private static IEnumerable<ValidationError> Flatten(ValidationError error) =>
        error is ChildSchemaValidationError nested ? nested.Errors.Values.SelectMany(errors => errors.SelectMany(Flatten)) : [error];

    private static string Say(ValidationError error) => $"{(error.Path is { Length: > 2 } path ? path[2..] : "the document")}: {error.Kind switch
    {
        ValidationErrorKind.PropertyRequired => "is missing",
        ValidationErrorKind.NoAdditionalPropertiesAllowed => "is not asked for",
        ValidationErrorKind.TooFewItems => $"has fewer than {error.Schema.MinItems} items",
        ValidationErrorKind.TooManyItems => $"has more than {error.Schema.MaxItems} items",
        ValidationErrorKind.NotInEnumeration => $"is none of {string.Join(", ", error.Schema.Enumeration)}",
        ValidationErrorKind.NumberTooSmall => $"is less than {error.Schema.Minimum}",
        ValidationErrorKind.NumberTooBig => $"is more than {error.Schema.Maximum}",
        var kind => kind.ToString(),
    }}";
}
