using System.Net;
using System.Text.Json;
using Empire.Contracts.V1;
using Empire.GpuAgent.Spooling;

namespace Empire.GpuAgent.Sending;

/// <summary>How one report over HTTP went.</summary>
internal enum HttpOutcome
{
    Answered,
    NothingToSend,

    /// <summary>The server wants a pause.</summary>
    NotTaken,

    /// <summary>The key is not accepted.</summary>
    KeyRefused,

    /// <summary>Nobody is there, or nobody who knows the path.</summary>
    Unavailable,
}

/// <summary>Reports by POST /api/track-usage, for networks that let no gRPC through. The server counts such calls, so that what gathered in the meantime goes in one: batches in a row under the
/// number of the last.</summary>
internal sealed class HttpWay(Uri server, string apiKey, Spool spool, Answered answered) : IDisposable
{
    private const string Path = "api/track-usage";
    private const int MostSamples = 1000;
    private readonly HttpClient http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2) })
    {
        BaseAddress = server.AbsolutePath.EndsWith('/') ? server : new(server + "/"), Timeout = TimeSpan.FromSeconds(30),
    };

    private (ulong First, ulong Last) unanswered; // the last report, if nothing came back

    /// <summary>Sends the oldest batches that were not answered.</summary>
    /// <returns>How it went, and how long the server wants to be left alone.</returns>
    public async Task<(HttpOutcome Outcome, TimeSpan After)> SendAsync(CancellationToken ct)
    {
        var batches = Take();
        if (batches.Count == 0) return (HttpOutcome.NothingToSend, TimeSpan.Zero);
        var last = batches[^1].Sequence;
        spool.Sending(last);
        unanswered = (batches[0].Sequence, last);
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent(BatchJson.Body(apiKey, batches)) };
        request.Content.Headers.ContentType = new("application/json");
        try
        {
            using var response = await http.SendAsync(request, ct);
            var after = response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK:
                    answered.Stored(last);
                    break;
                case HttpStatusCode.BadRequest:
                    answered.Refused(last, batches.Sum(batch => batch.Samples.Count), batches.Exists(batch => batch.Host is not null), [await WordsAsync(response, ct)]);
                    break;
                case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden: return (HttpOutcome.KeyRefused, after);
                case HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable: return (HttpOutcome.NotTaken, after);
                default: return (HttpOutcome.Unavailable, after);
            }
            unanswered = default;
            return (HttpOutcome.Answered, after);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return (HttpOutcome.Unavailable, TimeSpan.Zero);
        }
    }

    /// <summary>Batches that were never sent may go together. What was sent before goes again as it went: with the same others, or alone.</summary>
    private List<SampleBatch> Take()
    {
        var batches = new List<SampleBatch>();
        if (spool.Next(spool.Answered) is not { } first) return batches;
        batches.Add(first);
        var samples = first.Samples.Count;
        var again = first.Sequence == unanswered.First;
        if (!again && first.Sequence <= spool.SentUpTo) return batches;
        while (spool.Next(batches[^1].Sequence) is { } batch && (again ? batch.Sequence <= unanswered.Last : (samples += batch.Samples.Count) <= MostSamples)) batches.Add(batch);
        return batches;
    }

    private static async Task<string> WordsAsync(HttpResponseMessage response, CancellationToken ct)
    {
        const int Longest = 500;
        var text = await response.Content.ReadAsStringAsync(ct);
        try
        {
            using var problem = JsonDocument.Parse(text);
            if (problem.RootElement.TryGetProperty("errors", out var errors)) text = errors.GetRawText();
            else if (problem.RootElement.TryGetProperty("detail", out var detail)) text = detail.GetRawText();
        }
        catch (JsonException)
        {
            // then as it is
        }
        return text.Length > Longest ? text[..Longest] : text;
    }

    public void Dispose() => http.Dispose();
}
