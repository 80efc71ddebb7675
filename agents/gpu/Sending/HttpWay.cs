using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Empire.Contracts.V1;
using Empire.GpuAgent.Spooling;

namespace Empire.GpuAgent.Sending;

/// <summary>How one report over HTTP went.</summary>
internal enum HttpOutcome
{
    Answered,
    NothingToSend,

    /// <summary>The server takes none of it as it is: what goes next is less.</summary>
    Refused,

    /// <summary>The server wants a pause.</summary>
    NotTaken,

    /// <summary>The key is not accepted.</summary>
    KeyRefused,

    /// <summary>Nobody is there, or nobody who knows the path.</summary>
    Unavailable,
}

/// <summary>Reports by POST /api/track-usage, for networks that let no gRPC through. The server counts such calls, so that what gathered in the meantime goes in one: batches in a row under the
/// number of the last. Before the first there is a greeting, as over gRPC: a report without samples and with the number 0, whose answer tells the highest number that the server has. Of a report that is refused nothing is stored and its number is not spent: half of it goes next, and so on until the batch that has the fault stands alone.</summary>
internal sealed class HttpWay(Uri server, string apiKey, Spool spool, Answered answered) : IDisposable
{
    private const string Path = "api/track-usage";
    private const int MostSamples = 1000;

    /// <summary>The gateway takes 4 MiB.</summary>
    private const int MostBytes = 2 * 1024 * 1024;
    private readonly HttpClient http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2) })
    {
        BaseAddress = server.AbsolutePath.EndsWith('/') ? server : new(server + "/"), Timeout = TimeSpan.FromSeconds(30),
    };

    private (ulong First, ulong Last) unanswered; // the last report, if nothing came back
    private ulong unstored;  // up to here the server has said that it stored nothing of what was sent: it may go again in other company
    private ulong faultyTo;  // what waits up to here has a fault in it
    private int mostBytes = MostBytes;

    /// <summary>Sends the oldest batches that were not answered.</summary>
    /// <returns>How it went, and how long the server wants to be left alone.</returns>
    public async Task<(HttpOutcome Outcome, TimeSpan After)> SendAsync(CancellationToken ct)
    {
        if (spool.Next(spool.Answered) is not { } first) return (HttpOutcome.NothingToSend, TimeSpan.Zero);
        try
        {
            if (!answered.HasMet && await GreetAsync(first, ct) is { } no) return no;
            return await ReportAsync(Take(), ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return (HttpOutcome.Unavailable, TimeSpan.Zero);
        }
    }

    /// <returns>Null: the server has answered, and reports can go.</returns>
    private async Task<(HttpOutcome, TimeSpan)?> GreetAsync(SampleBatch first, CancellationToken ct)
    {
        using var response = await PostAsync(BatchJson.Body(apiKey, [new() { AgentId = first.AgentId, ClockMs = first.ClockMs }]), ct);
        if (response.StatusCode != HttpStatusCode.OK || await HighestAsync(response, ct) is not { } highest) return (Other(response), AfterOf(response));
        answered.Greeted(highest);
        return null;
    }

    private async Task<(HttpOutcome, TimeSpan)> ReportAsync(List<SampleBatch> batches, CancellationToken ct)
    {
        if (batches.Count == 0) return (HttpOutcome.NothingToSend, TimeSpan.Zero);
        var body = Body(batches);
        var last = batches[^1].Sequence;
        spool.Sending(last);
        unanswered = (batches[0].Sequence, last);
        using var response = await PostAsync(body, ct);
        var after = AfterOf(response);
        switch (response.StatusCode)
        {
            // Only the server's own words count: what a proxy or a sign-in page in between says is about the way, and forgets no sample.
            case HttpStatusCode.OK when await HighestAsync(response, ct) is { } highest && highest >= last:
                if (highest > spool.SentUpTo) answered.PassedOver(batches, highest);
                else answered.Stored(last);
                unanswered = default;
                return (HttpOutcome.Answered, after);
            case HttpStatusCode.BadRequest when await FaultsAsync(response, ct) is { } faults:
                Refused(batches, faults);
                return (HttpOutcome.Refused, after);
            case HttpStatusCode.RequestEntityTooLarge: // also a proxy's word: it lets through no more
                mostBytes = Math.Max(1, body.Length / 2);
                Refused(batches, $"{body.Length} bytes are more than the way to the server takes");
                return (HttpOutcome.Refused, after);
            default: return (Other(response), after);
        }
    }

    private async Task<HttpResponseMessage> PostAsync(byte[] body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        return await http.SendAsync(request, ct);
    }

    private static HttpOutcome Other(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => HttpOutcome.KeyRefused,
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => HttpOutcome.NotTaken,
        _ => HttpOutcome.Unavailable,
    };

    private static TimeSpan AfterOf(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;

    /// <summary>Nothing of it was stored.</summary>
    private void Refused(List<SampleBatch> batches, string why)
    {
        var last = batches[^1].Sequence;
        unanswered = default;
        unstored = Math.Max(unstored, last);
        if (batches.Count > 1) faultyTo = last;
        else answered.Refused(last, batches[0].Samples.Count, batches[0].Host is not null, [why], batches[0].Dropped);
    }

    /// <summary>What is said of the host holds for the samples with it, and those behind: a batch that says it begins a report. Batches that were never sent, or that the server has not stored, may go together. What else was sent before goes again as it went: with the same others, or alone.</summary>
    private List<SampleBatch> Take()
    {
        var batches = new List<SampleBatch>();
        if (spool.Next(spool.Answered) is not { } first) return batches;
        batches.Add(first);
        var samples = first.Samples.Count;
        var again = first.Sequence == unanswered.First;
        if (!again && IsOnItsWay(first)) return batches;
        var faulty = !again && first.Sequence <= faultyTo;
        while (spool.Next(batches[^1].Sequence) is { } batch)
        {
            if (again ? batch.Sequence > unanswered.Last : (faulty && batch.Sequence > faultyTo) || batch.Host is not null || IsOnItsWay(batch) || (samples += batch.Samples.Count) > MostSamples) break;
            batches.Add(batch);
        }
        if (faulty) Halve(batches);
        return batches;
    }

    /// <summary>Whether the server may have stored it under its own number, or have it in its hands.</summary>
    private bool IsOnItsWay(SampleBatch batch) => batch.Sequence > unstored && batch.Sequence <= spool.SentUpTo;

    private byte[] Body(List<SampleBatch> batches)
    {
        while (true)
        {
            var body = BatchJson.Body(apiKey, batches);
            if (body.Length <= mostBytes || batches.Count == 1 || batches[0].Sequence == unanswered.First) return body;
            Halve(batches);
        }
    }

    private static void Halve(List<SampleBatch> batches)
    {
        var kept = (batches.Count + 1) / 2;
        batches.RemoveRange(kept, batches.Count - kept);
    }

    /// <returns>The highest number that the server says it has; null where it is not the server that speaks.</returns>
    private static async Task<ulong?> HighestAsync(HttpResponseMessage response, CancellationToken ct)
    {
        using var answer = await JsonAsync(response, ct);
        return answer?.RootElement is { ValueKind: JsonValueKind.Object } fields && fields.TryGetProperty("highest_sequence", out var highest) && highest.ValueKind == JsonValueKind.Number && highest.TryGetUInt64(out var number) ? number : null;
    }

    /// <returns>The fields that the server refuses; null where it is not the server that speaks.</returns>
    private static async Task<string?> FaultsAsync(HttpResponseMessage response, CancellationToken ct)
    {
        const int Longest = 500;
        using var problem = await JsonAsync(response, ct);
        if (problem?.RootElement is not { ValueKind: JsonValueKind.Object } fields || !fields.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Object) return null;
        var text = errors.GetRawText();
        return text.Length > Longest ? text[..Longest] : text;
    }

    private static async Task<JsonDocument?> JsonAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            return JsonDocument.Parse(await response.Content.ReadAsStringAsync(ct));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Dispose() => http.Dispose();
}
