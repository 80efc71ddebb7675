using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stripe.Json;

/// <summary>How objects of Stripe are read and written.</summary>
internal static class StripeJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = StripeNames.Policy,
        NumberHandling = JsonNumberHandling.AllowReadingFromString, // decimals come as texts, so that no parser rounds them
        MaxDepth = 128,
        Converters = { new UnixTime(), new AnyObject(), new ExpandableConverter(), new PageConverter() },
    };
}
