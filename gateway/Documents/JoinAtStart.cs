namespace Empire.Gateway.Documents;

/// <summary>Joins the document before anybody opens it: a service's first description takes seconds, which no reader should wait for. While services are still starting it asks
/// again; one that stays away is asked when somebody reads.</summary>
internal sealed partial class JoinAtStart(JoinedDocument document, TimeProvider clock, ILogger<JoinAtStart> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private const int MostTries = 24; // two minutes: by then what starts has started

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            for (var tried = 0; tried < MostTries && !(await document.GetAsync(stoppingToken)).Whole; tried++) await Task.Delay(Pause, clock, stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
    }

    [LoggerMessage(1, LogLevel.Warning, "The API document was not joined at the start; it will be when somebody reads it")]
    private static partial void LogFailed(ILogger log, Exception e);
}
