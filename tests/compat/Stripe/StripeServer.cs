using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Stripe.Tests;

/// <summary>A request as it arrived.</summary>
/// <param name="Fields">Of the form or of the query, decoded, in order.</param>
public sealed record Received(string Method, string Path, string Raw, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    public string? this[string field] => Fields.Where(candidate => candidate.Key == field).Select(candidate => candidate.Value).SingleOrDefault();
}

/// <summary>An answer, to be given once.</summary>
/// <param name="Abort">Breaks the connection instead.</param>
public sealed record Answer(int Status, string Body, bool Abort = false, params (string Name, string Value)[] Headers)
{
    /// <summary>No answer until the caller hangs up.</summary>
    public static Answer Never { get; } = new(0, "");
}

/// <summary>A Kestrel on a free port that keeps what it receives and gives the answers it is told to, in order; after them <see cref="Default"/>.</summary>
public sealed class StripeServer : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ConcurrentQueue<Answer> answers = new();

    StripeServer(WebApplication app) => this.app = app;

    public ConcurrentQueue<Received> Requests { get; } = new();
    public Func<Received, Answer> Default { get; set; } = _ => new(200, """{"id":"cus_1","object":"customer"}""");
    public string Address => app.Urls.First();

    public static async Task<StripeServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = new StripeServer(builder.Build());
        server.app.Run(server.AnswerAsync);
        await server.app.StartAsync();
        return server;
    }

    public void Next(params Answer[] next) => Array.ForEach(next, answers.Enqueue);

    /// <summary>A client of this server whose pauses take no time.</summary>
    /// <param name="attempt">How long one attempt may take; null for the default of .NET.</param>
    public StripeClient Client(int retries = 2, TimeProvider? clock = null, string key = "sk_test_1", TimeSpan? attempt = null) =>
        new(key, httpClient: new SystemNetHttpClient(new HttpClient { Timeout = attempt ?? TimeSpan.FromSeconds(100) }, retries) { Clock = clock ?? new ImmediateClock() }, apiBase: Address, filesBase: Address);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        context.Request.EnableBuffering();
        using var reader = new StreamReader(context.Request.Body);
        var raw = await reader.ReadToEndAsync();
        context.Request.Body.Position = 0;
        var received = new Received(context.Request.Method, context.Request.Path, raw.Length > 0 ? raw : context.Request.QueryString.Value ?? "",
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            raw.StartsWith("--", StringComparison.Ordinal) ? await PartsAsync(context.Request) : Fields(context.Request, raw));
        Requests.Enqueue(received);
        var answer = answers.TryDequeue(out var next) ? next : Default(received);
        if (answer == Answer.Never) await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (answer.Abort || context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        await context.Response.WriteAsync(answer.Body);
    }

    /// <summary>Of a file, its name stands for its bytes.</summary>
    static async Task<List<KeyValuePair<string, string>>> PartsAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        return [.. form.Select(part => KeyValuePair.Create(part.Key, part.Value.ToString())), .. form.Files.Select(file => KeyValuePair.Create(file.Name, Path.GetFileNameWithoutExtension(file.FileName)))];
    }

    static List<KeyValuePair<string, string>> Fields(HttpRequest request, string raw) =>
        [.. (request.HasFormContentType ? raw : request.QueryString.Value!.TrimStart('?')).Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => KeyValuePair.Create(Uri.UnescapeDataString(pair[0].Replace('+', ' ')), Uri.UnescapeDataString(pair.ElementAtOrDefault(1)?.Replace('+', ' ') ?? "")))];
}
