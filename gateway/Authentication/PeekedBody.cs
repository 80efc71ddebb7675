using System.Text.Json;

namespace Empire.Gateway.Authentication;

/// <summary>Looks into a body that the service behind will read too: read whole, within a limit, and handed on unchanged.</summary>
internal static class PeekedBody
{
    private const int ReservedBytes = 64 * 1024;

    /// <exception cref="BadHttpRequestException">413: longer than allowed.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, long maxBytes)
    {
        if (context.Request.Body is MemoryStream peeked) return peeked.GetBuffer().AsMemory(0, (int)peeked.Length);
        var body = new MemoryStream(capacity: (int)Math.Min(context.Request.ContentLength ?? 4096, ReservedBytes));   // who declares much has not sent it yet
        var chunk = new byte[16 * 1024];
        while (await context.Request.Body.ReadAsync(chunk, context.RequestAborted) is > 0 and var read)
        {
            if (body.Length + read > maxBytes) throw new BadHttpRequestException($"A request body here has at most {maxBytes} bytes.", StatusCodes.Status413PayloadTooLarge);
            body.Write(chunk, 0, read);
        }
        body.Position = 0;
        context.Request.Body = body;
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    /// <returns>The text of a field of the outermost object; null where there is none, or no JSON.</returns>
    public static string? Field(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var found = reader.ValueTextEquals(name);
                reader.Read();
                if (found) return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                reader.Skip();
            }
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // half a surrogate pair is JSON, and no string
        {
            return null;
        }
    }
}
