using System.Collections.Concurrent;
using Empire.Contracts.V1;
using Grpc.Core;

namespace Empire.Gateway.Limits;

/// <summary>Calls of accounts without a monthly limit. There is nothing to ask before them, so they are counted here and told to identity every few seconds, all accounts in one message: whoever pays for no
/// limit sees what they use, and no call waits for it. A gateway that dies loses what it has not told yet; one that stops tells it first.</summary>
internal sealed partial class UnlimitedCalls(Identity.IdentityClient identity, ServiceCalls calls, TimeProvider clock, ILogger<UnlimitedCalls> log) : BackgroundService
{
    public static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(2);

    /// <summary>Accounts and months of one message.</summary>
    private const int Most = 1000;

    private readonly ConcurrentDictionary<(Guid Tenant, int Year, int Month), long> counts = new();
    private readonly SemaphoreSlim one = new(1);
    private CountCallsRequest? underway;   // sent again under its own id until it is answered: then it has counted once
    private bool complained;

    public void Count(Guid tenant)
    {
        var now = clock.GetUtcNow();
        counts.AddOrUpdate((tenant, now.Year, now.Month), 1, static (_, count) => count + 1);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TellEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await TellAsync(stoppingToken);
    }

    /// <summary>After the last request.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TellAsync(cancellationToken);
    }

    public override void Dispose()
    {
        one.Dispose();
        base.Dispose();
    }

    private async Task TellAsync(CancellationToken ct)
    {
        try
        {
            await one.WaitAsync(ct);
            try
            {
                while ((underway ??= Take()) is { } batch)
                {
                    await identity.CountCallsAsync(batch, calls.For(default(TenantId), ct));
                    (underway, complained) = (null, false);
                }
            }
            finally
            {
                one.Release();
            }
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or InvalidOperationException)
        {
            if (!complained && !ct.IsCancellationRequested) LogUntold(log, e);
            complained = true;
        }
    }

    /// <returns>Null when there is nothing to tell.</returns>
    private CountCallsRequest? Take()
    {
        var batch = new CountCallsRequest { Batch = Guid.CreateVersion7(clock.GetUtcNow()).ToString() };
        foreach (var key in counts.Keys.Take(Most))   // what is counted while it is taken begins anew
            if (counts.TryRemove(key, out var count)) batch.Calls.Add(new CountedCalls { TenantId = key.Tenant.ToString(), Year = key.Year, Month = key.Month, Calls = count });
        return batch.Calls.Count > 0 ? batch : null;
    }

    [LoggerMessage(1, LogLevel.Warning, "Identity does not take the calls of accounts without a limit; they are kept and told again")]
    private static partial void LogUntold(ILogger log, Exception e);
}
