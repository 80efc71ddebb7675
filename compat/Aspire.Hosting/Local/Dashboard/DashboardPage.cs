using System.Net;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Aspire.Hosting.ApplicationModel.KnownResourceStates;

namespace Aspire.Hosting.Local.Dashboard;

/// <summary>Draws the page. Everything that comes from outside goes through <see cref="Text"/>.</summary>
internal static class DashboardPage
{
    private const int LinesAtFirst = 200;

    public static string Draw(string title, IReadOnlyList<ResourceEvent> states, string chosen, IReadOnlyList<LogLine> log, string token) => $"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>{Text(title)} · resources</title>
          <link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
          <link rel="stylesheet" href="/assets/page.css">
          <script src="/assets/page.js" defer></script>
        </head>
        <body data-token="{token}" data-log="{Text(chosen)}" data-after="{(log.Count > 0 ? log[^1].Number : 0)}">
          <header>
            <h1><img src="/assets/mark.svg" alt="" width="22" height="22">{Text(title)}</h1>
            <p id="headline" role="status">{Headline(states)}</p>
            <p id="connection" hidden>The orchestrator does not answer; this page shows its last word.</p>
          </header>
          <main>
            <section aria-label="Resources">
              <ul id="resources">{string.Concat(states.OrderBy(Order).ThenBy(s => s.ResourceId, StringComparer.Ordinal).Select(s => Row(s, token)))}</ul>
            </section>
            <section class="log" aria-labelledby="log-name">
              <div class="bar">
                <h2 id="log-name">{Text(chosen)}</h2>
                <a class="own" href="/?log={LogBook.Own}" data-show="{LogBook.Own}">orchestrator</a>
                <label>Filter <input id="filter" type="search" autocomplete="off" spellcheck="false"></label>
                <label><input id="follow" type="checkbox" checked> Follow</label>
              </div>
              <div id="lines" role="log" tabindex="0">{string.Concat(log.TakeLast(LinesAtFirst).Select(Line))}</div>
            </section>
          </main>
        </body>
        </html>
        """;

    public static string Headline(IReadOnlyList<ResourceEvent> states)
    {
        var fine = states.Count(s => Tone(s.Snapshot) is "good" or "done");
        var restarts = states.Sum(s => s.Snapshot.Restarts);
        return $"""<b class="{(fine == states.Count ? "good" : "wait")}">{fine} of {states.Count}</b> healthy{(restarts > 0 ? $" · {restarts} restart{(restarts == 1 ? "" : "s")}" : "")}""";
    }

    public static string Row(ResourceEvent resource, string token)
    {
        var (name, now) = (resource.ResourceId, resource.Snapshot);
        var up = now.State is { } state && (state == Running || state == Starting || state == Waiting || state == Stopping || state == FailedToStart || (state == Exited && now.Reason is not null));
        var html = new StringBuilder($"""<li id="r-{Text(name)}" class="{Tone(now)}">""");
        html.Append($"""<a class="name" href="/?log={Uri.EscapeDataString(name)}" data-show="{Text(name)}"><i class="dot"></i><span>{Text(name)}</span><small>{Text(Kind(now.ResourceType))}</small></a>""");
        html.Append($"""<span class="state">{Text(Said(now))}{(now.Reason is { } reason && Tone(now) is not "good" ? $"<small>{Text(reason)}</small>" : "")}</span>""");
        html.Append(now.Address is { } address && address.StartsWith("http", StringComparison.Ordinal)
            ? $"""<a class="address" href="{Text(address)}" target="_blank" rel="noopener noreferrer">{Text(address["http://".Length..])}</a>"""
            : $"""<span class="address">{Text(now.Address ?? "")}</span>""");
        html.Append($"""<span class="facts">{(now.ProcessId is { } pid ? $"""<span>pid {pid}</span>""" : "")}{(now is { ProcessId: not null, StartTimeStamp: { } since } ? $"""<time datetime="{since:O}"></time>""" : "")}{(now.Restarts > 0 ? $"""<span class="restarts">{now.Restarts} restart{(now.Restarts == 1 ? "" : "s")}</span>""" : "")}</span>""");
        html.Append($"""<form class="buttons" method="post"><input type="hidden" name="token" value="{token}">""");
        html.Append(up ? Button(name, "restart") + Button(name, "stop") : Button(name, "start"));
        return html.Append("</form></li>").ToString();
    }

    private static string Button(string name, string command) =>
        $"""<button formaction="/resources/{Uri.EscapeDataString(name)}/{command}" data-command="{command}" aria-label="{command} {Text(name)}">{char.ToUpperInvariant(command[0])}{command[1..]}</button>""";

    private static string Line(LogLine line)
    {
        var shown = DashboardLine.From(line);
        return $"""<p class="{shown.Level}"><time>{shown.Time}</time>{Text(shown.Text)}</p>""";
    }

    /// <summary>The state in a person's words.</summary>
    private static string Said(CustomResourceSnapshot now) => now switch
    {
        { IsHealthy: true } => "Healthy",
        { State: var state, HealthStatus: HealthStatus.Unhealthy } when state == Running => "Unhealthy",
        { State: var state } when state == Running => "Running",
        { State: var state } when state == Exited => now.ExitCode is { } code and not 0 ? $"Ended with {code}" : "Stopped",
        { State: var state } when state == FailedToStart => "Could not start",
        { State: var state } when state == NotStarted => "Not started",
        _ => now.State ?? "Unknown",
    };

    private static string Tone(CustomResourceSnapshot now) => now switch
    {
        { IsHealthy: true } => "good",
        { State: var state } when state == Finished => "done",
        { State: var state } when state == FailedToStart || (state == Exited && now.ExitCode is { } and not 0) => "bad",
        { State: var state, HealthStatus: HealthStatus.Unhealthy } when state == Running && now.StartTimeStamp is not null => "wait",
        { State: var state } when state == Exited || state == NotStarted => "off",
        _ => "wait",
    };

    private static string Kind(string type) => type switch { "Project" => "project", "Executable" => "program", "PostgresServer" => "PostgreSQL", "RabbitMQServer" => "RabbitMQ", _ => type };

    /// <summary>Projects first: they are what one looks at.</summary>
    private static int Order(ResourceEvent e) => e.Resource is ProjectResource ? 0 : e.Resource is ExecutableResource ? 1 : 2;

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
