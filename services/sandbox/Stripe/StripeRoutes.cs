using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>What an endpoint of Stripe's takes; <paramref name="Path"/> as in Stripe's description, after /v1.</summary>
public sealed record StripeOperation(string Method, string Path, Parameters Parameters);

/// <summary>Stripe's HTTP manners, the same for every resource: key, version, form, parameters, idempotency, expansion, errors.</summary>
public sealed class StripeRoutes(RouteGroupBuilder group, StripeSessions stripe)
{
    const string AnswerType = "answer";
    static readonly TimeSpan KeysKept = TimeSpan.FromHours(24);
    static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    sealed record Answer(int Status, JsonNode Body, bool Replayed = false);

    public void Get(string path, Parameters parameters, Func<StripeCall, JsonNode> handler) => Map("GET", path, parameters, handler);

    public void Get(string path, Func<StripeCall, JsonNode> handler) => Map("GET", path, Parameters.Of(""), handler);

    public void Post(string path, Parameters parameters, Func<StripeCall, JsonNode> handler) => Map("POST", path, parameters, handler);

    /// <summary>May also be asked as a connected account, by the header Stripe-Account.</summary>
    public void GetAsAccount(string path, Parameters parameters, Func<StripeCall, JsonNode> handler) => Map("GET", path, parameters, handler, asAccount: true);

    public void PostAsAccount(string path, Parameters parameters, Func<StripeCall, JsonNode> handler) => Map("POST", path, parameters, handler, asAccount: true);

    public void Delete(string path, Func<StripeCall, JsonNode> handler) => Map("DELETE", path, Parameters.Of(""), handler);

    public void Delete(string path, Parameters parameters, Func<StripeCall, JsonNode> handler) => Map("DELETE", path, parameters, handler);

    void Map(string method, string path, Parameters parameters, Func<StripeCall, JsonNode> handler, bool asAccount = false) =>
        group.MapMethods(path, [method], (HttpContext http) => AnswerAsync(http, parameters, handler, asAccount)).WithMetadata(new StripeOperation(method, path, parameters));

    /// <summary>What is asked for at an address that the sandbox does not play.</summary>
    public void MapUnknown() => group.Map("/{**path}", (HttpContext http) => WriteAsync(http, new(404,
        Envelope(StripeException.Invalid($"Unrecognized request URL ({http.Request.Method}: {PathOf(http)}). The sandbox may not play it.").ToJson()))));

    async Task AnswerAsync(HttpContext http, Parameters parameters, Func<StripeCall, JsonNode> handler, bool asAccount)
    {
        var request = http.Request;
        var requestId = StripeContext.NewId("req", 14);
        http.Response.Headers["Request-Id"] = requestId;
        http.Response.Headers["Stripe-Version"] = StripeContext.ApiVersion;
        var key = request.Method == "POST" && request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } sent ? sent : null;
        if (key is not null) http.Response.Headers["Idempotency-Key"] = key;
        Answer answer;
        try
        {
            StripeKey.Require(request);
            if (request.Headers["Stripe-Version"].ToString() is { Length: > 0 } version && version != StripeContext.ApiVersion)
                throw StripeException.Invalid($"Invalid Stripe API version: {version}. The sandbox plays {StripeContext.ApiVersion}.");
            if (key is { Length: > 255 }) throw new StripeException(400, "idempotency_error", null, "The idempotency key is longer than 255 characters.");
            var form = await ReadAsync(request);
            var checkedParameters = parameters.Check(form);
            var account = request.Headers["Stripe-Account"].ToString() is { Length: > 0 } named && named != Accounts.Platform ? named : null;
            if (account is not null && !asAccount) throw StripeException.Invalid($"The sandbox does not play {request.Method} {PathOf(http)} with the header Stripe-Account.");
            var id = http.GetRouteValue("id")?.ToString() ?? "";
            answer = stripe.Change(http, context => Once(context, key, Fingerprint(request, form), () => Run(new(context, PathOf(http), id, checkedParameters, account), handler)), requestId, key);
        }
        catch (StripeException refusal)
        {
            answer = new(refusal.Status, Envelope(refusal.ToJson()));
        }
        if (answer.Replayed) http.Response.Headers["Idempotent-Replayed"] = "true";
        await WriteAsync(http, answer);
    }

    static Answer Run(StripeCall call, Func<StripeCall, JsonNode> handler)
    {
        if (call.Account is { } account && call.Work.Find(Accounts.Type, account) is null)
            throw new StripeException(403, "invalid_request_error", "account_invalid", $"The provided key does not have access to account '{account}' (or that account does not exist).");
        try
        {
            return new(200, Expansion.Apply(call, handler(call)));
        }
        catch (StripeException refusal) when (refusal.Stands)
        {
            return new(refusal.Status, Envelope(refusal.ToJson()));
        }
    }

    /// <summary>A key's first answer is every repeat's answer; it is kept together with the change itself, so that no kill comes between.</summary>
    static Answer Once(StripeContext context, string? key, string fingerprint, Func<Answer> run)
    {
        if (key is null) return run();
        var id = $"answer:{key}";
        if (context.Work.Find(AnswerType, id) is { } first)
        {
            if (context.Now - first["created"]!.Whole() > KeysKept.TotalSeconds) context.Work.Remove(id);
            else if (first["fingerprint"]!.GetValue<string>() != fingerprint)
                throw new StripeException(400, "idempotency_error", null,
                    $"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{key}' if you meant to execute a different request.");
            else return new((int)first["status"]!.Whole(), first["body"]!.DeepClone(), Replayed: true);
        }
        var answer = run();
        if (context.Work.Find(AnswerType, id) is null)
            context.Work.Add(AnswerType, new() { ["id"] = id, ["created"] = context.Now, ["fingerprint"] = fingerprint, ["status"] = answer.Status, ["body"] = answer.Body.DeepClone() });
        return answer;
    }

    static async Task<JsonObject> ReadAsync(HttpRequest request)
    {
        if (request.Method is "GET" or "DELETE") return Form.Tree(request.Query);
        if (request.HasFormContentType) return Form.Tree(await request.ReadFormAsync());
        if (request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0)
            throw StripeException.Invalid("Invalid request: the body must be application/x-www-form-urlencoded.");
        return [];
    }

    static string Fingerprint(HttpRequest request, JsonObject form) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path} {request.Headers["Stripe-Account"]} {form.ToJsonString()}")));

    static string PathOf(HttpContext http) => http.Request.Path.Value!["/stripe".Length..];

    static JsonObject Envelope(JsonObject error) => new() { ["error"] = error };

    static Task WriteAsync(HttpContext http, Answer answer)
    {
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(answer.Body.ToJsonString(Relaxed));
    }
}
