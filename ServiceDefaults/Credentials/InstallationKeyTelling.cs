using Empire.Contracts;
using Empire.Data;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Empire.Credentials;

/// <summary>Tells identity at the start, and every day after, which keys of the installation's own this process works with: their fingerprints, never the keys. Identity knows since when each is seen.</summary>
internal sealed partial class InstallationKeyTelling(
    IEnumerable<InstallationKey> keys, byte[] installation, OperatorAccount runs, Database db, TimeProvider clock, ILogger<InstallationKeyTelling> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromDays(1), Soon = TimeSpan.FromMinutes(1);

    private readonly List<InstallationKey> watched = [.. keys.Where(key => key.Watched)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (watched.Count > 0)
        {
            var told = false;
            try { told = await TellAsync(stoppingToken); }
            catch (RpcException e) when (!stoppingToken.IsCancellationRequested) { LogAway(log, e.StatusCode); } // identity may start later than we
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
            await Task.Delay(told ? Every : Soon, clock, stoppingToken);
        }
    }

    /// <returns>False while nobody runs this installation: then there is nobody to be told of a key's age.</returns>
    private async Task<bool> TellAsync(CancellationToken ct)
    {
        if (await runs.FindAsync(ct) is not { } account) return false;
        await using var work = await db.BeginAsync(account, ct);
        foreach (var key in watched)
            work.Publish(new ProviderKeySeen
            {
                TenantId = account.Value, Provider = key.Provider, Variable = key.Variable, Class = key.Kind, Fingerprint = key.FingerprintUnder(installation), OccurredAt = work.Now,
            });
        await work.CommitAsync(ct);
        return true;
    }

    [LoggerMessage(1, LogLevel.Information, "Identity cannot be told of the installation's keys yet ({Status}); the next try is in a minute")] private static partial void LogAway(ILogger log, StatusCode status);
    [LoggerMessage(2, LogLevel.Error, "Telling of the installation's keys failed; the next try is in a minute")] private static partial void LogFailed(ILogger log, Exception e);
}
