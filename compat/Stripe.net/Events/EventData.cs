using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>What an event is about.</summary>
public class EventData : StripeEntity<EventData>
{
    /// <summary>The object as it was when the event happened; null where its type is not known here, and then <see cref="RawObject"/> has it.</summary>
    [JsonIgnore]
    public IHasObject Object
    {
        get;
        set => (field, Node) = (value, value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType(), StripeJson.Options).AsObject());
    }

    /// <summary>Of <c>*.updated</c>: the fields that changed, with the values they had; null otherwise. A <see cref="JsonObject"/>.</summary>
    [JsonIgnore] public dynamic PreviousAttributes { get => Previous; set => Previous = value; }

    /// <summary>The object as JSON, with the fields that the types here lack. A <see cref="JsonObject"/>.</summary>
    [JsonIgnore] public dynamic RawObject { get => Node; set => Node = value; }

    [JsonInclude, JsonPropertyName("previous_attributes")] internal JsonObject Previous { get; set; }

    [JsonInclude, JsonPropertyName("object")]
    internal JsonObject ObjectOnTheWire
    {
        get => Node;
        set => (Object, Node) = (value?.Deserialize<IHasObject>(StripeJson.Options), value);
    }

    JsonObject Node { get; set; }
}
