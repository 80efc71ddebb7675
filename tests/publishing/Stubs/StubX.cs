using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Empire.Publishing.Tests.Stubs;

/// <summary>Stands for X: posts, the own timeline with t.co links, duplicates refused, and faults on demand.</summary>
public sealed class StubX() : StubServer(HttpProtocols.Http1)
{
    private readonly ConcurrentDictionary<string, Fault> faults = new();
    private long lastId = 1_900_000_000_000_000_000;

    public enum Fault { None, CutAfterPosting, TooManyRequests, ServerErrorAfterPosting, Suspended, Refused, HiddenFromTimeline }

    public sealed record Post(long Id, string Text, DateTimeOffset CreatedAt, bool Hidden);

    public ConcurrentQueue<Post> Posts { get; } = new();
    public ConcurrentQueue<(string Method, string Path, string Query, string Body)> Requests { get; } = new();

    /// <summary>The next post that contains <paramref name="marker"/> meets the fault.</summary>
    public void Arm(string marker, Fault fault) => faults[marker] = fault;

    public int PostsWith(string text) => Posts.Count(post => post.Text.Contains(text, StringComparison.Ordinal));

    protected override void Map(WebApplication app)
    {
        app.MapPost("/2/tweets", (Delegate)CreateAsync); // as a RequestDelegate its answer would be dropped
        app.MapGet("/2/users/me", (HttpContext http) =>
        {
            Requests.Enqueue(("GET", "/2/users/me", http.Request.QueryString.Value!, ""));
            return Results.Json(new { data = new { id = "2244994945", name = "Good Measure", username = "goodmeasure" } });
        });
        app.MapGet("/2/users/{id}/tweets", (Delegate)Timeline);
    }

    private async Task<IResult> CreateAsync(HttpContext http)
    {
        var body = await new StreamReader(http.Request.Body).ReadToEndAsync();
        Requests.Enqueue(("POST", "/2/tweets", "", body));
        var text = JsonDocument.Parse(body).RootElement.GetProperty("text").GetString()!;
        var fault = faults.Keys.FirstOrDefault(marker => text.Contains(marker, StringComparison.Ordinal)) is { } armed && faults.TryRemove(armed, out var met) ? met : Fault.None;
        switch (fault)
        {
            case Fault.TooManyRequests:
                http.Response.Headers.RetryAfter = "1";
                return Problem(429, "Too Many Requests");
            case Fault.Suspended: return Problem(403, "Your account is suspended and is not permitted to access this feature.");
            case Fault.Refused: return Problem(403, "You are not permitted to perform this action.");
        }
        if (Posts.Any(post => post.Text == text)) return Problem(403, "You are not allowed to create a Tweet with duplicate content.");
        var created = new Post(Interlocked.Increment(ref lastId), text, TimeProvider.System.GetUtcNow(), fault == Fault.HiddenFromTimeline);
        Posts.Enqueue(created);
        if (fault is Fault.CutAfterPosting or Fault.HiddenFromTimeline) http.Abort();
        if (fault == Fault.ServerErrorAfterPosting) return Problem(503, "Over capacity");
        return Results.Json(new { data = new { id = $"{created.Id}", text, edit_history_post_ids = new[] { $"{created.Id}" } } }, statusCode: 201);
    }

    /// <summary>Two a page, so that paging is exercised. Links in the text are shortened, as X does.</summary>
    private IResult Timeline(HttpContext http)
    {
        var query = http.Request.Query;
        Requests.Enqueue(("GET", "/2/users/{id}/tweets", http.Request.QueryString.Value!, ""));
        var since = DateTimeOffset.Parse(query["start_time"].ToString());
        var skip = query.TryGetValue("pagination_token", out var token) ? int.Parse(token.ToString()) : 0;
        var all = Posts.Where(post => !post.Hidden && post.CreatedAt >= since).OrderByDescending(post => post.Id).ToList();
        var page = all.Skip(skip).Take(2).Select(Show).ToArray();
        return Results.Json(new
        {
            data = page.Length == 0 ? null : page,
            meta = skip + 2 < all.Count ? (object)new { result_count = page.Length, next_token = $"{skip + 2}" } : new { result_count = page.Length },
        });
    }

    private static object Show(Post post)
    {
        var links = post.Text.Split([' ', '\n']).Where(word => word.StartsWith("http", StringComparison.Ordinal)).Select((word, i) => (Written: word, Shown: $"https://t.co/{post.Id}{i}")).ToList();
        var text = links.Aggregate(post.Text, (text, link) => text.Replace(link.Written, link.Shown, StringComparison.Ordinal));
        return new
        {
            id = $"{post.Id}", text, created_at = post.CreatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"),
            entities = new { urls = links.Select(link => new { start = 0, end = 0, url = link.Shown, expanded_url = link.Written, display_url = link.Written }) },
        };
    }

    private static IResult Problem(int status, string detail) =>
        Results.Json(new { title = "Problem", detail, type = "about:blank", status }, contentType: "application/problem+json", statusCode: status);
}
