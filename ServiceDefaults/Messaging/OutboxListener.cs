using Empire.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Empire.Messaging;

/// <summary>Hears from processes that filled the outbox but cannot empty it, and wakes this process's dispatcher.</summary>
internal sealed partial class OutboxListener(Database database, WorkHooks hooks, ILogger<OutboxListener> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogDeaf(log, e.Message);
                await Task.Delay(Pause, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenSystemConnectionAsync(ct);
        connection.Notification += (_, _) => hooks.OutboxFilled();
        await using (var listen = connection.CreateCommand())
        {
            listen.CommandText = $"listen {OutboxTable.Channel}";
            await listen.ExecuteNonQueryAsync(ct);
        }
        hooks.OutboxFilled(); // what was notified before
        while (true) await connection.WaitAsync(ct);
    }

    [LoggerMessage(1, LogLevel.Warning, "The outbox's notifications are not heard; polling goes on: {Reason}")] private static partial void LogDeaf(ILogger log, string reason);
}
