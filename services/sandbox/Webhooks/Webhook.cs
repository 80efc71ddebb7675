using System.Text.Json.Nodes;

namespace Empire.Sandbox.Webhooks;

/// <summary>One message to one endpoint of the customer of a payment provider.</summary>
/// <param name="Subject">What it tells, in the provider's words (an event type, a status); faults may match it.</param>
/// <param name="About">Id of what it tells about.</param>
/// <param name="Endpoint">An address; or an id that the provider resolves when it sends, so that a changed address takes effect.</param>
/// <param name="Body">The very text that is signed and sent.</param>
public sealed record Webhook(string Id, string Subject, string About, string Endpoint, string Body)
{
    public const string Type = "webhook";

    public JsonObject ToDocument() => new() { ["id"] = Id, ["subject"] = Subject, ["about"] = About, ["endpoint"] = Endpoint, ["body"] = Body };

    public static Webhook Of(JsonObject document) =>
        new(Text(document, "id"), Text(document, "subject"), Text(document, "about"), Text(document, "endpoint"), Text(document, "body"));

    static string Text(JsonObject document, string field) => document[field]!.GetValue<string>();
}
