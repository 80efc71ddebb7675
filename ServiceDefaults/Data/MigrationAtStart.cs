using System.Reflection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Empire.Data;

/// <summary>Migrates in the host's first phase, so that no worker, consumer or request meets a table that is not there. A service may start before its
/// database server does: it waits and says so.</summary>
internal sealed partial class MigrationAtStart(DatabaseRoles roles, Assembly service, TimeProvider clock, ILogger<MigrationAtStart> log) : IHostedLifecycleService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        for (var pause = TimeSpan.FromMilliseconds(200); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await Migrator.MigrateAsync(roles, service, clock, cancellationToken);
                LogMigrated(log, roles.Name);
                return;
            }
            catch (NpgsqlException e) when (DatabaseOutage.Is(e))
            {
                LogWaiting(log, new NpgsqlConnectionStringBuilder(roles.Owner).Host, roles.Name, pause.TotalSeconds, e.Message);
                await Task.Delay(pause, cancellationToken);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Information, "Database {Name} is migrated")] private static partial void LogMigrated(ILogger log, string name);
    [LoggerMessage(2, LogLevel.Warning, "PostgreSQL at {Host} cannot serve database {Name} yet; next try in {Seconds} s: {Reason}")]
    private static partial void LogWaiting(ILogger log, string? host, string name, double seconds, string reason);
}
