namespace Empire.Payments.Intake;

/// <summary>A body as it came: signatures are over these bytes.</summary>
internal static class RawBody
{
    /// <returns>Null when it is longer than <paramref name="most"/>.</returns>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int most, CancellationToken ct)
    {
        if (request.ContentLength > most) return null;
        using var buffer = new MemoryStream((int)(request.ContentLength ?? 4096));
        var chunk = new byte[8 * 1024];
        while (await request.Body.ReadAsync(chunk, ct) is > 0 and var read)
        {
            if (buffer.Length + read > most) return null;
            buffer.Write(chunk, 0, read);
        }
        return buffer.ToArray();
    }
}
