using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace Empire.Sandbox.X;

/// <summary>The part of X's API v2 that publishing and analytics use. Source: X API v2 description 2.167.</summary>
public static class XEndpoints
{
    const int MeLimit = 75, TimelineLimit = 900, LookupLimit = 900, DeleteLimit = 50; // calls per user in 15 minutes, docs.x.com "Rate limits", read 2026-11

    public static void AddX(this IServiceCollection services) => services.AddSingleton<Posts>().AddSingleton<RateWindows>();

    public static void MapX(this WebApplication app)
    {
        var x = app.MapGroup("/x/2");
        x.MapPost("/tweets", CreateAsync);
        x.MapGet("/users/me", Me);
        x.MapGet("/users/{id}/tweets", Timeline);
        x.MapGet("/tweets/{id}", Lookup);
        x.MapDelete("/tweets/{id}", Delete);
    }

    static async Task<IResult> CreateAsync(HttpContext http, Posts posts, RateWindows windows, IOptions<SandboxOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (XUser.Of(http.Request) is not { } user) return XProblem.Unauthorized();
        if (!windows.Admit(http.Response, user.Id, "POST /2/tweets", options.Value.XPostsPerWindow)) return XProblem.TooManyRequests();
        JsonNode? body;
        try { body = await JsonNode.ParseAsync(http.Request.Body, cancellationToken: ct); }
        catch (System.Text.Json.JsonException) { return XProblem.Invalid("body", "", "The request body is not valid JSON."); }
        if (body?["text"] is not JsonValue value || !value.TryGetValue<string>(out var text) || string.IsNullOrWhiteSpace(text))
            return XProblem.Invalid("text", "", "The text of the post is needed.");
        if (PostText.WeightedLength(text) > PostText.MaxLength)
            return XProblem.Forbidden($"Your post is too long: {PostText.WeightedLength(text)} of {PostText.MaxLength} characters.");
        if (posts.Add(user.Id, text, clock.GetUtcNow()) is not { } post)
            return XProblem.Forbidden("You are not allowed to create a Tweet with duplicate content.");
        return Results.Json(new { data = new { id = $"{post.Id}", text = post.Text, edit_history_tweet_ids = new[] { $"{post.Id}" } } }, SandboxSetup.Json, statusCode: 201);
    }

    static IResult Me(HttpContext http, Posts posts, RateWindows windows)
    {
        if (XUser.Of(http.Request) is not { } user) return XProblem.Unauthorized();
        if (!windows.Admit(http.Response, user.Id, "GET /2/users/me", MeLimit)) return XProblem.TooManyRequests();
        var fields = Fields(http.Request, "user.fields");
        var data = new JsonObject { ["id"] = user.Id, ["name"] = user.Name, ["username"] = user.Username };
        if (fields.Contains("public_metrics"))
            data["public_metrics"] = new JsonObject { ["followers_count"] = 1840, ["following_count"] = 212, ["post_count"] = posts.Of(user.Id).Count, ["listed_count"] = 14 };
        return Results.Json(new { data }, SandboxSetup.Json);
    }

    /// <remarks>Pages hold posts older than the token's, so that new posts do not shift a reader who is paging.</remarks>
    static IResult Timeline(string id, HttpContext http, Posts posts, RateWindows windows, TimeProvider clock)
    {
        if (XUser.Of(http.Request) is not { } user) return XProblem.Unauthorized();
        if (!windows.Admit(http.Response, user.Id, "GET /2/users/:id/tweets", TimelineLimit)) return XProblem.TooManyRequests();
        var query = http.Request.Query;
        var size = 10;
        if (query["max_results"].ToString() is { Length: > 0 } wanted && !(int.TryParse(wanted, CultureInfo.InvariantCulture, out size) && size is >= 5 and <= 100))
            return XProblem.Invalid("max_results", wanted, $"The `max_results` query parameter value [{wanted}] is not between 5 and 100.");
        var below = long.MaxValue;
        if (query["pagination_token"].ToString() is { Length: > 0 } token && (below = Token.Read(token) ?? -1) < 0)
            return XProblem.Invalid("pagination_token", token, "The `pagination_token` is not one that this endpoint issued.");
        if (long.TryParse(query["until_id"], CultureInfo.InvariantCulture, out var until)) below = Math.Min(below, until);
        var above = long.TryParse(query["since_id"], CultureInfo.InvariantCulture, out var since) ? since : 0;

        var page = posts.Of(id).Where(p => p.Id < below && p.Id > above).Take(size + 1).ToList();
        var more = page.Count > size;
        if (more) page.RemoveAt(size);
        var meta = new JsonObject { ["result_count"] = page.Count };
        if (page.Count > 0) (meta["newest_id"], meta["oldest_id"]) = ($"{page[0].Id}", $"{page[^1].Id}");
        if (more) meta["next_token"] = Token.Write(page[^1].Id);
        var answer = new JsonObject { ["meta"] = meta };
        if (page.Count > 0) answer["data"] = new JsonArray([.. page.Select(p => Show(p, http.Request, clock.GetUtcNow()))]);
        return Results.Json(answer, SandboxSetup.Json);
    }

    static IResult Lookup(string id, HttpContext http, Posts posts, RateWindows windows, TimeProvider clock)
    {
        if (XUser.Of(http.Request) is not { } user) return XProblem.Unauthorized();
        if (!windows.Admit(http.Response, user.Id, "GET /2/tweets/:id", LookupLimit)) return XProblem.TooManyRequests();
        if (!long.TryParse(id, CultureInfo.InvariantCulture, out var number)) return XProblem.Invalid("id", id, $"The `id` query parameter value [{id}] is not valid");
        return posts.Find(number) is { } post ? Results.Json(new { data = Show(post, http.Request, clock.GetUtcNow()) }, SandboxSetup.Json) : XProblem.PostNotFound(id);
    }

    static IResult Delete(string id, HttpContext http, Posts posts, RateWindows windows)
    {
        if (XUser.Of(http.Request) is not { } user) return XProblem.Unauthorized();
        if (!windows.Admit(http.Response, user.Id, "DELETE /2/tweets/:id", DeleteLimit)) return XProblem.TooManyRequests();
        if (!long.TryParse(id, CultureInfo.InvariantCulture, out var number)) return XProblem.Invalid("id", id, $"The `id` query parameter value [{id}] is not valid");
        if (posts.Find(number) is { } post && post.AuthorId != user.Id) return XProblem.Forbidden("You are not permitted to delete this post.");
        return Results.Json(new { data = new { deleted = posts.Delete(number, user.Id) } }, SandboxSetup.Json);
    }

    /// <summary>The id and text always, other fields only when asked for; X reads both names of the list.</summary>
    static JsonObject Show(Post post, HttpRequest request, DateTimeOffset now)
    {
        var fields = Fields(request, "tweet.fields").Concat(Fields(request, "post.fields")).ToHashSet(StringComparer.Ordinal);
        var shown = new JsonObject { ["id"] = $"{post.Id}", ["text"] = post.Text, ["edit_history_tweet_ids"] = new JsonArray($"{post.Id}") };
        if (fields.Contains("created_at")) shown["created_at"] = post.CreatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        if (fields.Contains("author_id")) shown["author_id"] = post.AuthorId;
        if (fields.Contains("public_metrics")) shown["public_metrics"] = System.Text.Json.JsonSerializer.SerializeToNode(PostMetrics.Of(post, now), SandboxSetup.Json);
        return shown;
    }

    static string[] Fields(HttpRequest request, string name) => request.Query[name].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Opaque to the caller, as X's are.</summary>
    static class Token
    {
        public static string Write(long id) => Convert.ToHexStringLower(Encoding.ASCII.GetBytes($"x{id}"));

        public static long? Read(string token)
        {
            try
            {
                var text = Encoding.ASCII.GetString(Convert.FromHexString(token));
                return text.StartsWith('x') && long.TryParse(text.AsSpan(1), CultureInfo.InvariantCulture, out var id) ? id : null;
            }
            catch (FormatException)
            {
                return null;
            }
        }
    }
}
