using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stripe.Json;

/// <summary><c>UnitAmountDecimal</c> is <c>unit_amount_decimal</c> on the wire, <c>ThreeDSecure</c> is <c>three_d_secure</c>.</summary>
internal sealed class StripeNames : JsonNamingPolicy
{
    public static StripeNames Policy { get; } = new();

    /// <summary>The policy's name, unless the property names another one.</summary>
    public static string Of(MemberInfo property) => property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? Policy.ConvertName(property.Name);

    public override string ConvertName(string name)
    {
        var wire = new StringBuilder(name.Length + 8);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && wire.Length > 0) wire.Append('_');
            wire.Append(char.ToLowerInvariant(letter));
        }
        return wire.ToString();
    }
}
