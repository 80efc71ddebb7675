using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Empire.Http;

namespace Empire.Publishing.X;

/// <summary>The part of X's API v2 that publishing uses. Source: X API v2 description 2.167 (docs.x.com).</summary>
public sealed class XClient(HttpClient http)
{
    private const int MostPerPage = 100;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Creates a post. X knows no idempotency key: a repeat is a second post, or is refused as duplicate content.</summary>
    /// <exception cref="XException">X answered with an error.</exception>
    /// <exception cref="ProviderException">No answer came: the post may or may not exist.</exception>
    /// <exception cref="JsonException">The answer says created and is unreadable.</exception>
    public async Task<XPost> CreatePostAsync(string text, CancellationToken ct)
    {
        using var response = await http.PostAsJsonAsync("2/tweets", new { text }, Json, ct);
        return await ReadAsync<XPost>(response, ct);
    }

    /// <summary>The account of the token.</summary>
    /// <inheritdoc cref="CreatePostAsync" path="/exception"/>
    public async Task<XUser> MeAsync(CancellationToken ct)
    {
        using var response = await http.GetAsync("2/users/me", ct);
        return await ReadAsync<XUser>(response, ct);
    }

    /// <summary>The user's posts since a time, the newest first.</summary>
    /// <inheritdoc cref="CreatePostAsync" path="/exception"/>
    public async IAsyncEnumerable<XPost> PostsOfAsync(string userId, DateTimeOffset since, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        string? token = null;
        do
        {
            var query = $"max_results={MostPerPage}&start_time={since.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}&post.fields=created_at,entities" + (token is null ? "" : $"&pagination_token={Uri.EscapeDataString(token)}");
            using var response = await http.GetAsync($"2/users/{Uri.EscapeDataString(userId)}/tweets?{query}", ct);
            var page = await ReadPageAsync(response, ct);
            foreach (var post in page.Data ?? []) yield return post;
            token = page.Meta?.NextToken;
        }
        while (token is not null);
    }

    /// <returns>Null when X has no such post.</returns>
    /// <inheritdoc cref="CreatePostAsync" path="/exception"/>
    public async Task<XPost?> FindPostAsync(string id, CancellationToken ct)
    {
        using var response = await http.GetAsync($"2/tweets/{Uri.EscapeDataString(id)}?post.fields=created_at,entities", ct);
        return (await ParseAsync<Envelope<XPost>>(response, ct)).Data; // X answers 200 with only "errors" for a post that is gone
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken ct) where T : class =>
        (await ParseAsync<Envelope<T>>(response, ct)).Data ?? throw new JsonException($"X answered {(int)response.StatusCode} without data.");

    private static Task<TimelinePage> ReadPageAsync(HttpResponseMessage response, CancellationToken ct) => ParseAsync<TimelinePage>(response, ct);

    private static async Task<T> ParseAsync<T>(HttpResponseMessage response, CancellationToken ct) where T : class
    {
        if (!response.IsSuccessStatusCode) throw await ErrorAsync(response, ct);
        return await response.Content.ReadFromJsonAsync<T>(Json, ct) ?? throw new JsonException("X answered null.");
    }

    private static async Task<XException> ErrorAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var body = await response.Content.ReadAsStringAsync(ct);
        XProblem? problem = null;
        try { problem = JsonSerializer.Deserialize<XProblem>(body, Json); }
        catch (JsonException) { } // a gateway before X answers in HTML
        return new(response.StatusCode, problem?.Words ?? $"{(int)response.StatusCode} {response.ReasonPhrase}", response.Headers.RetryAfter?.Delta, ResetAt(response));
    }

    /// <summary>The end of the rate-limit window, which X tells with every answer.</summary>
    private static DateTimeOffset? ResetAt(HttpResponseMessage response) =>
        response.Headers.TryGetValues("x-rate-limit-reset", out var reset) && long.TryParse(reset.First(), CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private sealed record Envelope<T>(T? Data);

    private sealed record TimelinePage(IReadOnlyList<XPost>? Data, PageMeta? Meta);

    private sealed record PageMeta(string? NextToken);

    /// <summary>Errors come as problem JSON, some with a list of what is wrong in the request.</summary>
    private sealed record XProblem(string? Title, string? Detail, IReadOnlyList<XProblemPart>? Errors)
    {
        [JsonIgnore] public string? Words => string.Join(" ", new[] { Detail ?? Title }.Concat(Errors?.Select(part => part.Message) ?? []).Where(text => !string.IsNullOrEmpty(text))) is { Length: > 0 } words ? words : null;
    }

    private sealed record XProblemPart(string? Message);
}
