using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Http;

/// <summary>Finds which field the framework could not bind, which it says only in prose.</summary>
internal static partial class BadRequestFields
{
    private const string Body = "body";

    public static ProblemDetails From(BadHttpRequestException bad)
    {
        if (bad.StatusCode != StatusCodes.Status400BadRequest) return new() { Status = bad.StatusCode, Detail = bad.Message };
        if (bad.InnerException is JsonException json) return FromJson(json);
        var parameter = Parameter().Match(bad.Message);
        if (!parameter.Success) return Problem(Body, bad.Message);
        return Problem(parameter.Groups["name"].Value, bad.Message.StartsWith("Required", StringComparison.Ordinal)
            ? "is required."
            : $"'{parameter.Groups["value"].Value}' is no valid {Kind(parameter.Groups["type"].Value)}.");
    }

    public static HttpValidationProblemDetails Problem(string field, string wanted) => Problem([(field, wanted)]);

    private static HttpValidationProblemDetails Problem(IEnumerable<(string Field, string Wanted)> fields) =>
        new(fields.ToDictionary(field => field.Field, field => (string[])[field.Wanted], StringComparer.Ordinal))
        {
            Status = StatusCodes.Status400BadRequest,
            Title = "Validation error",
        };

    private static HttpValidationProblemDetails FromJson(JsonException json)
    {
        var path = json.Path is { Length: > 2 } given ? given[2..] : null; // "$.product.price"
        var missing = Missing().Match(json.Message);
        if (missing.Success)
            return Problem(Quoted().Matches(missing.Groups["names"].Value).Select(name => (path is null ? name.Groups[1].Value : $"{path}.{name.Groups[1].Value}", "is required.")));
        if (Unmapped().Match(json.Message) is { Success: true } unmapped)
            return Problem(path ?? unmapped.Groups["name"].Value, "is not a field of this request.");
        if (Convert().Match(json.Message) is { Success: true } convert)
        {
            // Of some fields of the wrong kind the message names the object around them; what they should be then stands in the cause.
            var type = convert.Groups["type"].Value;
            if (!type.StartsWith("System.", StringComparison.Ordinal) && Token().Match(json.InnerException?.Message ?? "") is { Success: true } token) type = token.Groups["type"].Value;
            return Problem(path ?? Body, $"wanted: {Kind(type)}.");
        }
        if (path is not null && json.Message.Contains("doesn't allow setting it to 'null'", StringComparison.Ordinal)) return Problem(path, "must not be null.");
        return Problem(path ?? Body, json.Message.StartsWith("wanted:", StringComparison.Ordinal) ? WithoutPosition(json.Message) : "is not valid JSON.");
    }

    private static string WithoutPosition(string message) => $"{message.Split(" Path:", 2)[0].TrimEnd('.')}.";

    private static string Kind(string type) => type.Replace("System.", "", StringComparison.Ordinal).Replace("Nullable`1[", "", StringComparison.Ordinal).TrimEnd(']', '?') switch
    {
        "Int32" or "Int64" or "int" or "long" => "whole number",
        "Decimal" or "Double" or "decimal" or "double" or "number" => "number",
        "Boolean" or "bool" or "boolean" => "true or false",
        "String" or "string" => "text",
        "Guid" => "UUID",
        "DateTimeOffset" or "DateTime" => "time in ISO 8601, as in 2026-11-20T08:00:00Z",
        "DateOnly" => "date, as in 2026-11-20",
        var other => SnakeCaseJson.NameOf(other.Split('.', '+')[^1]).Replace('_', ' '),
    };

    [GeneratedRegex("""parameter "(?<type>\S+) (?<name>\w+)"(?: from "(?<value>.*)")?""")]
    private static partial Regex Parameter();

    [GeneratedRegex("""missing required properties including: (?<names>(?:'[^']+'[,; ]*)+)""")]
    private static partial Regex Missing();

    [GeneratedRegex("""The JSON property '(?<name>[^']+)' could not be mapped""")]
    private static partial Regex Unmapped();

    [GeneratedRegex("""Cannot get the value of a token type '\w+' as a (?<type>boolean|string|number)\.""")]
    private static partial Regex Token();

    [GeneratedRegex("""could not be converted to (?<type>[^ ]+?)\.? Path""")]
    private static partial Regex Convert();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();
}
