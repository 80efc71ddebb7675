using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Empire.Sandbox.Networks;

/// <summary>What a network tells about a conversion, in its postback and in its report. Amounts are decimal strings.</summary>
public sealed record PostbackBody(string ConversionId, string? SubId, string ProductId, string SaleAmount, string Commission, string Currency, ConversionStatus Status, string OccurredAt)
{
    public static PostbackBody Of(Conversion c) =>
        new(c.ConversionId, c.SubId, c.ProductId, MeadowDatafeed.Amount(c.SaleAmount), MeadowDatafeed.Amount(c.Commission), c.Currency, c.Status,
            c.OccurredAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    /// <returns>Lower-case hex of HMAC-SHA256(secret, timestamp + "." + body).</returns>
    public static string Sign(string secret, string timestamp, byte[] body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.ASCII.GetBytes(timestamp), (byte)'.', .. body]));
}
