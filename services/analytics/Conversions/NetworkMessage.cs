using System.Globalization;
using System.Text.Json;

namespace Empire.Analytics.Conversions;

public enum ConversionStatus { Approved, Reversed }

/// <summary>What an affiliate network tells about one conversion, in a postback or in its report; both have the same fields.</summary>
/// <param name="ConversionId">The network's own; with <paramref name="Status"/> it identifies a repeat, for ever.</param>
/// <param name="SubId">What our redirect gave the visitor along; null for a sale without one.</param>
/// <param name="ProductId">The network's own.</param>
/// <param name="Commission">What we earn: whole, also in the message that takes it back.</param>
/// <param name="OccurredAt">Of the sale, also in the message that takes it back.</param>
/// <param name="Body">Word for word, as evidence.</param>
public sealed record NetworkMessage(
    string ConversionId, ConversionStatus Status, string? SubId, string? ProductId, Money? SaleAmount, Money Commission, DateTimeOffset OccurredAt, string Body)
{
    private const int MaxIdLength = 200;

    /// <param name="body">One JSON object.</param>
    /// <param name="errors">Per field, in the network's spelling, what is wrong with it; empty when the message is returned.</param>
    public static NetworkMessage? Parse(string body, out IReadOnlyDictionary<string, string[]> errors)
    {
        var faults = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        errors = faults;
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                faults["body"] = ["A JSON object is needed."];
                return null;
            }
            var fields = new Fields(document.RootElement, faults);
            var currency = fields.Currency("currency");
            var message = new NetworkMessage(
                fields.Text("conversion_id", MaxIdLength, required: true) ?? "",
                fields.Status("status"),
                fields.Text("sub_id", MaxIdLength),
                fields.Text("product_id", MaxIdLength),
                fields.Amount("sale_amount", currency),
                fields.Amount("commission", currency, required: true) ?? default,
                fields.Instant("occurred_at"),
                body);
            return faults.Count == 0 ? message : null;
        }
        catch (JsonException)
        {
            faults["body"] = ["Not valid JSON."];
            return null;
        }
    }

    private sealed class Fields(JsonElement root, SortedDictionary<string, string[]> faults)
    {
        public string? Text(string name, int maxLength, bool required = false)
        {
            if (Find(name, required) is not { } value) return null;
            if (value.ValueKind is not JsonValueKind.String) return Fault<string>(name, "Must be a string.");
            if (Read(value) is not { } text) return Fault<string>(name, "Must be well-formed Unicode.");
            if (text.Length > maxLength) return Fault<string>(name, $"At most {maxLength} characters.");
            if (text.Contains('\0', StringComparison.Ordinal)) return Fault<string>(name, "Must not hold a null character.");
            return !string.IsNullOrWhiteSpace(text) ? text : required ? Fault<string>(name, "Required.") : null;
        }

        public ConversionStatus Status(string name) => Text(name, MaxIdLength, required: true) switch
        {
            null => default,
            "approved" => ConversionStatus.Approved,
            "reversed" => ConversionStatus.Reversed,
            var other => Fault<ConversionStatus>(name, $"'{other}' is neither 'approved' nor 'reversed'."),
        };

        public Currency? Currency(string name)
        {
            if (Text(name, MaxIdLength, required: true) is not { } text) return null;
            return Empire.Currency.TryParse(text, out var currency) ? currency : Fault<Currency?>(name, $"'{text}' is not an ISO 4217 currency.");
        }

        /// <summary>A decimal, as a string or as a JSON number; both are exact.</summary>
        public Money? Amount(string name, Currency? currency, bool required = false)
        {
            if (Find(name, required) is not { } value) return null;
            decimal amount;
            var read = value.ValueKind switch
            {
                JsonValueKind.Number => value.TryGetDecimal(out amount),
                JsonValueKind.String => decimal.TryParse(Read(value), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out amount),
                _ => (amount = 0) != 0,
            };
            if (!read) return Fault<Money?>(name, "Must be a decimal, as in \"3.99\".");
            if (amount < 0) return Fault<Money?>(name, "Must not be negative; status 'reversed' takes a conversion back.");
            if (currency is not { } known) return null; // reported already
            try { return Money.Of(amount, known); }
            catch (ArgumentException) { return Fault<Money?>(name, "At most six decimals."); }
            catch (OverflowException) { return Fault<Money?>(name, "Too large."); }
        }

        public DateTimeOffset Instant(string name)
        {
            if (Text(name, MaxIdLength, required: true) is not { } text) return default;
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
                ? instant
                : Fault<DateTimeOffset>(name, "Must be an ISO 8601 instant, as in 2026-03-02T08:00:00Z.");
        }

        /// <returns>Null for half a surrogate pair, which JSON can spell and a string cannot hold.</returns>
        private static string? Read(JsonElement text)
        {
            try { return text.GetString(); }
            catch (InvalidOperationException) { return null; }
        }

        private JsonElement? Find(string name, bool required)
        {
            if (root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null) return value;
            if (required) Fault<object>(name, "Required.");
            return null;
        }

        private T? Fault<T>(string name, string problem)
        {
            faults[name] = [problem];
            return default;
        }
    }
}
