using System.Reflection;
using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Local.Dashboard;

/// <summary>The operator page: what runs and how well, its logs, and buttons to stop, start and restart it.</summary>
internal sealed class DashboardServer(IOptions<LocalOrchestratorOptions> options, ResourceNotificationService board, LogBook logs, IHostEnvironment environment) : IAsyncDisposable
{
    private readonly SameOrigin _guard = new();
    private WebApplication? _app;
    private IReadOnlyDictionary<string, ResourceRunner> _runners = new Dictionary<string, ResourceRunner>();

    private string Title => options.Value.Title ?? environment.ApplicationName;

    /// <returns>The page's address; null when it is switched off.</returns>
    public async Task<string?> StartAsync(IReadOnlyList<ResourceRunner> runners, CancellationToken ct)
    {
        if (options.Value.DashboardPort is "0" or "off" or "") return null;
        if (!ushort.TryParse(options.Value.DashboardPort, out var port))
            throw new DistributedApplicationException($"LocalOrchestrator:DashboardPort is '{options.Value.DashboardPort}'; it must be a port, or 'off'.");
        if (!PortBook.IsFree(port)) throw new DistributedApplicationException($"Port {port} is in use; set LocalOrchestrator:DashboardPort to another, or to 'off'.");

        _runners = runners.ToDictionary(r => r.Instance, StringComparer.OrdinalIgnoreCase);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        _app = builder.Build();
        _app.Use(_guard.RefuseForeignAsync);
        _app.MapGet("/", Page);
        _app.MapGet("/assets/{file}", Asset);
        _app.MapGet("/events", (CancellationToken gone) => TypedResults.ServerSentEvents(ChangesAsync(gone)));
        _app.MapGet("/resources/{name}/log", Log);
        _app.MapPost("/resources/{name}/{command}", CommandAsync);
        await _app.StartAsync(ct);
        return $"http://127.0.0.1:{port}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is null) return;
        using var now = new CancellationTokenSource(TimeSpan.Zero); // open event streams have no end of their own
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private ContentHttpResult Page(string? log)
    {
        var chosen = log is not null && (log == LogBook.Own || _runners.ContainsKey(log)) ? log : LogBook.Own;
        return TypedResults.Text(DashboardPage.Draw(Title, States(), chosen, logs.For(chosen).Since(0), _guard.Token), "text/html; charset=utf-8");
    }

    private IReadOnlyList<ResourceEvent> States() => [.. _runners.Keys.Select(name => board.TryGetCurrentState(name, out var state) ? state : null).OfType<ResourceEvent>()];

    private static Results<FileStreamHttpResult, NotFound> Asset(string file)
    {
        var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"dashboard/{file}");
        var type = Path.GetExtension(file) switch { ".css" => "text/css", ".js" => "text/javascript", ".svg" => "image/svg+xml", _ => null };
        return stream is null || type is null ? TypedResults.NotFound() : TypedResults.Stream(stream, type);
    }

    private Results<ServerSentEventsResult<IReadOnlyList<DashboardLine>>, NotFound> Log(string name, long after, CancellationToken gone) =>
        logs.Find(name) is { } log ? TypedResults.ServerSentEvents(LinesAsync(log, after, gone)) : TypedResults.NotFound();

    /// <summary>Without JavaScript the buttons are forms, which come back to the page.</summary>
    private async Task<Results<RedirectHttpResult, NoContent, NotFound>> CommandAsync(string name, string command, HttpRequest request)
    {
        if (!_runners.TryGetValue(name, out var runner)) return TypedResults.NotFound();
        Func<Task>? act = command switch { "start" => runner.StartAsync, "stop" => runner.StopAsync, "restart" => runner.RestartAsync, _ => null };
        if (act is null) return TypedResults.NotFound();
        logs.Say($"Operator: {command} {runner.Instance}");
        await act();
        return request.Headers.Accept.ToString().Contains("text/html") ? TypedResults.Redirect($"/?log={Uri.EscapeDataString(runner.Instance)}") : TypedResults.NoContent();
    }

    /// <summary>The drawn row of each resource now, then of each that changes: the page has one way to draw it, on the server.</summary>
    private async IAsyncEnumerable<DashboardRow> ChangesAsync([EnumeratorCancellation] CancellationToken gone)
    {
        await foreach (var change in board.WatchAsync(gone))
            if (_runners.ContainsKey(change.ResourceId))
                yield return new(change.ResourceId, DashboardPage.Row(change, _guard.Token), DashboardPage.Headline(States()));
    }

    private static async IAsyncEnumerable<IReadOnlyList<DashboardLine>> LinesAsync(ResourceLog log, long after, [EnumeratorCancellation] CancellationToken gone)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        do
        {
            var lines = log.Since(after);
            if (lines.Count == 0) continue;
            after = lines[^1].Number;
            yield return [.. lines.Select(DashboardLine.From)];
        }
        while (await timer.WaitForNextTickAsync(gone));
    }
}

internal sealed record DashboardRow(string Name, string Html, string Headline);

internal sealed record DashboardLine(long Number, string Time, string Level, string Text)
{
    public static DashboardLine From(LogLine line)
    {
        var (level, text) = LogText.Of(line.Text);
        return new(line.Number, line.At.ToString("HH:mm:ss"), level, text);
    }
}
