using System.Globalization;
using System.Text;

namespace Empire.Payments.Ledger.Rebuilding;

/// <summary>An entry as text that says everything but when we booked it, in one way only: equal texts are equal entries.</summary>
internal static class CanonicalText
{
    /// <summary>Of a fact read anew.</summary>
    public static string Of(Booking booking)
    {
        var text = new StringBuilder(256);
        Head(text, booking.Cause, booking.OccurredAt, booking.Description, booking.Test, booking.Lineage);
        for (var i = 0; i < booking.Lines.Length; i++) Line(text, i + 1, booking.Lines[i].Account, booking.Lines[i].Amount.Currency.Code, booking.Lines[i].Amount.Micros);
        return text.ToString();
    }

    public static void Head(StringBuilder text, string cause, DateTimeOffset occurredAt, string description, bool test, Lineage lineage)
    {
        Field(text, cause);
        text.Append(CultureInfo.InvariantCulture, $"{occurredAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffff}Z|"); // the database keeps microseconds
        Field(text, description);
        text.Append(test ? "test|" : "live|");
        Id(text, lineage.PieceId);
        Id(text, lineage.PublicationId);
        Id(text, lineage.ProductId);
        Field(text, lineage.Niche);
        Field(text, lineage.Platform);
        Field(text, lineage.PromptVersion);
        Id(text, lineage.CustomerId);
        Id(text, lineage.PaymentId);
        text.Append('\n');
    }

    public static void Line(StringBuilder text, int position, string account, string currency, long micros) =>
        text.Append(CultureInfo.InvariantCulture, $"{position}|{account}|{currency}|{micros}\n");

    private static void Id(StringBuilder text, Guid? id)
    {
        if (id is { } value) text.Append(CultureInfo.InvariantCulture, $"{value}");
        text.Append('|');
    }

    /// <summary>Absent is <c>\N</c>, which no text can be.</summary>
    private static void Field(StringBuilder text, string? value)
    {
        if (value is null) text.Append("\\N");
        else if (!value.AsSpan().ContainsAny("\\|\n")) text.Append(value);
        else foreach (var c in value) text.Append(c switch { '\\' => "\\\\", '|' => "\\p", '\n' => "\\n", _ => c.ToString() });
        text.Append('|');
    }
}
