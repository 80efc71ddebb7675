using System.Text.Json;

namespace Empire.Messaging;

/// <summary>How events are written in the outbox and on the bus: camelCase, unknown members ignored, so that a new fact is an additive change.</summary>
internal static class EventJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web);
}
