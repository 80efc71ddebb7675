using System.Text.Json.Serialization.Metadata;
using Stripe.Json;
using YamlDotNet.RepresentationModel;

namespace Stripe.Tests.Description;

/// <summary>Walks a type and the schema of what it reads, side by side.</summary>
public sealed class EntityCheck(ApiDescription description)
{
    /// <summary>Described as plain numbers, although they are times as all others.</summary>
    static readonly string[] TimesWithoutFormat = ["SubscriptionItem.created", "Invoice.subscription_proration_date"];
    readonly HashSet<(Type, string)> seen = [];

    public List<string> Problems { get; } = [];

    /// <summary>How many properties were compared.</summary>
    public int Properties { get; private set; }

    public void Compare(Type type, YamlMappingNode schema, string place)
    {
        var alternatives = description.Alternatives(schema).ToList();
        var optional = schema.Text("nullable") == "true" || description.Resolve(schema).Text("nullable") == "true";
        if (optional && type.IsValueType && Nullable.GetUnderlyingType(type) is null && !Is(type, typeof(Expandable<>))) Problems.Add($"{place} may be null, and {type.Name} cannot");
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Scalar(type) is { } takes)
        {
            if (!alternatives.Exists(takes) && !TimesWithoutFormat.Contains(place)) Problems.Add($"{place} is not read as {type.Name}");
        }
        else if (Is(type, typeof(Expandable<>)))
        {
            if (!alternatives.Exists(alternative => alternative.Text("type") == "string")) Problems.Add($"{place} is never an id");
            Object(type.GetGenericArguments()[0], alternatives, place);
        }
        else if (Is(type, typeof(List<>)))
        {
            if (alternatives.Find(alternative => alternative.Text("type") == "array") is { } array) Compare(type.GetGenericArguments()[0], array.Map("items")!, place + "[]");
            else Problems.Add($"{place} is no list");
        }
        else if (Is(type, typeof(StripeList<>)) || Is(type, typeof(StripeSearchResult<>)))
        {
            if (alternatives.Find(alternative => alternative.Map("properties")?.Map("data") is not null) is { } page)
                Compare(typeof(List<>).MakeGenericType(type.GetGenericArguments()), page.Map("properties")!.Map("data")!, place + ".data");
            else Problems.Add($"{place} is no page of a list");
        }
        else if (Is(type, typeof(Dictionary<,>)))
        {
            Map(type.GetGenericArguments()[1], alternatives, place);
        }
        else
        {
            Object(type, alternatives, place);
        }
    }

    /// <summary>The release also has a map where the names are few and known.</summary>
    void Map(Type value, List<YamlMappingNode> alternatives, string place)
    {
        if (alternatives.Find(alternative => alternative.Map("additionalProperties") is not null) is { } map) Compare(value, map.Map("additionalProperties")!, place + "{}");
        else if (alternatives.Find(alternative => alternative.Map("properties") is not null) is { } known)
            foreach (var property in known.Map("properties")!.Children) Compare(value, (YamlMappingNode)property.Value, $"{place}.{property.Key}");
        else Problems.Add($"{place} is no map");
    }

    void Object(Type type, List<YamlMappingNode> alternatives, string place)
    {
        var objects = alternatives.FindAll(alternative => alternative.Text("type") == "object");
        if (objects.Count == 0)
        {
            Problems.Add($"{place} is never an object");
            return;
        }
        if (type.IsInterface)
        {
            // Only the types that are known here, and each only as what it calls itself.
            foreach (var schema in objects)
                if (Name(schema) is { } name && StripeTypeRegistry.GetConcreteType(type, name) is { } known) Fields(known, [schema], known.Name);
            return;
        }
        Fields(type, objects, place);
    }

    /// <summary>A deleted object is one of the alternatives and has few of the fields: one alternative with the field is enough.</summary>
    void Fields(Type type, List<YamlMappingNode> schemas, string place)
    {
        if (type == typeof(EventData)) return; // its object is any; WebhookTests read it
        if (!seen.Add((type, Name(schemas[0]) ?? place))) return;
        foreach (var property in StripeJson.Options.GetTypeInfo(type).Properties.Where(property => IsOnTheWire(type, property)))
        {
            Properties++;
            var found = schemas.Append(description.Deleted(Name(schemas[0]))).Select(schema => schema?.Map("properties")?.Map(property.Name)).FirstOrDefault(schema => schema is not null);
            if (found is null) Problems.Add($"{type.Name} has {property.Name}, which {place} lacks");
            else Compare(property.PropertyType, found, $"{(Name(schemas[0]) is null ? place : type.Name)}.{property.Name}");
        }
    }

    /// <summary>Errors of OAuth, which is another API, have two fields of their own.</summary>
    static bool IsOnTheWire(Type type, JsonPropertyInfo property) =>
        property.Set is not null && !(type == typeof(StripeError) && property.Name is "error" or "error_description");

    static string? Name(YamlMappingNode schema) => schema.Map("properties")?.Map("object")?.Words("enum")?[0];

    static bool Is(Type type, Type open) => type.IsGenericType && type.GetGenericTypeDefinition() == open;

    static Predicate<YamlMappingNode>? Scalar(Type type) =>
        type == typeof(string) ? schema => schema.Text("type") == "string"
        : type == typeof(long) ? schema => schema.Text("type") == "integer" && schema.Text("format") != "unix-time"
        : type == typeof(decimal) ? schema => schema.Text("type") == "number" || schema.Text("format") == "decimal"
        : type == typeof(bool) ? schema => schema.Text("type") == "boolean"
        : type == typeof(DateTime) ? schema => schema.Text("format") == "unix-time"
        : null;
}
