using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Empire.Http;

/// <summary>An answer as a repeat gets it.</summary>
/// <param name="Headers">JSON object of the headers that belong to the answer rather than to its journey.</param>
internal sealed record StoredAnswer(int Status, string Headers, byte[] Body)
{
    private static readonly string[] OfTheJourney =
        [HeaderNames.Date, HeaderNames.Server, HeaderNames.Connection, HeaderNames.TransferEncoding, HeaderNames.ContentLength, HeaderNames.SetCookie, HeaderNames.KeepAlive];

    /// <summary>A failure of ours or a "not now" is no answer: the client may try again under the same key.</summary>
    public static bool IsFinal(int status) =>
        status < 500 && status is not (StatusCodes.Status408RequestTimeout or 425 or StatusCodes.Status429TooManyRequests or StatusCodes.Status499ClientClosedRequest);

    public static StoredAnswer Of(HttpResponse response, byte[] body) => new(
        response.StatusCode,
        JsonSerializer.Serialize(response.Headers.Where(header => !OfTheJourney.Contains(header.Key, StringComparer.OrdinalIgnoreCase)).ToDictionary(header => header.Key, header => header.Value.ToArray())),
        body);

    public async Task ReplayAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        foreach (var (name, values) in JsonSerializer.Deserialize<Dictionary<string, string[]>>(Headers)!) response.Headers[name] = new StringValues(values);
        response.Headers["Idempotency-Replayed"] = "true";
        if (Body.Length == 0) return;
        response.ContentLength = Body.Length;
        await response.Body.WriteAsync(Body);
    }
}
