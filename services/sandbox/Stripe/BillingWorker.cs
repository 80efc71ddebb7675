namespace Empire.Sandbox.Stripe;

/// <summary>Bills the customers who have no test clock, lets payouts arrive and checkouts expire, as real time passes.</summary>
public sealed partial class BillingWorker(StripeSessions stripe, TimeProvider clock, ILogger<BillingWorker> log) : BackgroundService
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                stripe.Change(context => { Calendar.Run(context, null, context.Now); Payouts.Arrive(context); CheckoutSessions.ExpireDue(context); return true; });
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogTurnFailed(log, e);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Billing failed")] private static partial void LogTurnFailed(ILogger log, Exception e);
}
