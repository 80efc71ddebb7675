using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Empire.Http;

/// <summary>Where a page ended, as the client carries it to the next request: the sort key of the last row, opaque and with a checksum, so that a changed or
/// half-copied cursor is refused instead of showing the wrong page. It grants nothing: the tenant's policy holds for every page.</summary>
public static class Cursor
{
    private const int ChecksumBytes = 6;
    private static readonly JsonSerializerOptions Json = new() { IncludeFields = true }; // sort keys are tuples

    /// <param name="key">What the rows are ordered by, ending in something unique: <c>(row.CreatedAt, row.Id)</c>.</param>
    public static string Encode<TKey>(TKey key) where TKey : struct
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(key, Json);
        return Base64Url.EncodeToString([.. Checksum<TKey>(body), .. body]);
    }

    /// <exception cref="InvalidFieldException">Not a cursor that <see cref="Encode"/> made for this kind of key.</exception>
    public static TKey Decode<TKey>(string cursor) where TKey : struct
    {
        var bytes = new byte[cursor.Length];
        if (Base64Url.DecodeFromChars(cursor, bytes, out _, out var written) != OperationStatus.Done || written <= ChecksumBytes) throw Invalid();
        var body = bytes.AsSpan(ChecksumBytes, written - ChecksumBytes);
        if (!bytes.AsSpan(0, ChecksumBytes).SequenceEqual(Checksum<TKey>(body))) throw Invalid();
        return JsonSerializer.Deserialize<TKey>(body, Json);
    }

    private static byte[] Checksum<TKey>(ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(typeof(TKey).ToString())); // a cursor of another list has another key
        hash.AppendData(body);
        return hash.GetHashAndReset()[..ChecksumBytes];
    }

    private static InvalidFieldException Invalid() => new("cursor", "is not a next_cursor that this list returned.");
}
