using Empire.Data;
using Empire.Payments.Charges;
using Empire.Payments.Customers;
using Empire.Payments.Flutterwave;
using Empire.Payments.NowPayments;
using Empire.Payments.Stripe;

namespace Empire.Payments.Tiers;

/// <summary>Which providers are real, by the settings of this start.</summary>
public sealed class ProviderModes(
    [FromKeyedServices(StripeSetup.Provider)] StripeOptions stripe, [FromKeyedServices(FlutterwaveSetup.Provider)] FlutterwaveOptions flutterwave, [FromKeyedServices(NowPaymentsSetup.Provider)] NowPaymentsOptions nowPayments)
{
    /// <summary>Provider and whether it is in test mode; those that are off are not among them.</summary>
    public IReadOnlyDictionary<string, bool> Tests { get; } = new (string Provider, bool Off, bool Test)[]
    {
        (StripeFacts.Provider, stripe.Off, stripe.Test), (FlutterwaveFacts.Provider, flutterwave.Off, flutterwave.Test), (NowPaymentsFacts.Provider, nowPayments.Off, nowPayments.Test),
    }.Where(one => !one.Off).ToDictionary(one => one.Provider, one => one.Test);

    /// <summary>Real money is taken here, so what is paid in test mode buys nothing.</summary>
    public bool Live => Tests.Values.Any(test => !test);

    /// <summary>Where tests buy nothing, what the row <paramref name="row"/> gives counts only if it was paid for.</summary>
    public static string Counts(string row) => $"(not {row}.test or not exists (select from provider_modes mode where not mode.test))";
}

/// <summary>Brings what stands in the database in line with the settings, once after each start: an installation that was tried with test keys and is given its live ones is to sell what is paid for, and nothing else.
/// Safe to repeat, and to run in several replicas at once.</summary>
public sealed partial class ModeKeeper(ProviderModes modes, Database db, TimeProvider clock, ILogger<ModeKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await KeepAsync(stoppingToken);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    internal async Task KeepAsync(CancellationToken ct)
    {
        await using (var work = await db.BeginSystemAsync(ct))
        {
            work.NothingToAudit();
            var changed = await work.QueryAsync<(string Provider, bool Test)>(
                """
                with gone as (delete from provider_modes where provider <> all (@providers))
                insert into provider_modes as m (provider, test, since) select *, @Now from unnest(@providers, @tests)
                on conflict (provider) do update set test = excluded.test, since = excluded.since where m.test <> excluded.test returning provider, test
                """, new { providers = modes.Tests.Keys.ToArray(), tests = modes.Tests.Values.ToArray(), work.Now }, ct);
            await work.CommitAsync(ct);
            foreach (var (provider, test) in changed) LogMode(log, provider, test ? "test" : "live");
        }
        if (modes.Tests.TryGetValue(StripeFacts.Provider, out var tried))
            await EachAsync("select id, tenant_id from customers where test <> @tried limit 200", tried, (work, customer) => StripeCustomers.ChangeModeAsync(work, customer, tried, ct), ct);
        await EachAsync(
            $"""
            select c.id, c.tenant_id from customers c where exists (select from entitlements e where e.customer_id = c.id and e.test) and c.tier <> coalesce((
              select e.tier from entitlements e where e.customer_id = c.id and e.revoked_at is null and e.starts_at <= @Now and (e.ends_at is null or e.ends_at > @Now) and {ProviderModes.Counts("e")}
              order by e.tier = 'enterprise' desc limit 1), 'free') limit 200
            """, tried, (work, customer) => PaymentFacts.GiveTierAsync(work, customer, ct), ct);
    }

    /// <summary>In a transaction for each; the next ones until there are none.</summary>
    private async Task EachAsync(string sql, bool tried, Func<Work, Guid, Task> actAsync, CancellationToken ct)
    {
        HashSet<Guid> done = [];
        while (true)
        {
            IReadOnlyList<(Guid Customer, Guid Tenant)> found;
            await using (var work = await db.BeginSystemAsync(ct)) found = await work.QueryAsync<(Guid, Guid)>(sql, new { tried, work.Now }, ct);
            var left = found.Where(one => done.Add(one.Customer)).ToList();
            if (left.Count == 0) return;
            foreach (var (customer, tenant) in left)
            {
                await using var work = await db.BeginSystemAsync(ct);
                work.NothingToAudit();
                await work.ActForAsync(new(tenant), ct);
                await actAsync(work, customer);
                await work.CommitAsync(ct);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "What test and live keys change could not be brought in line; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception e);

    [LoggerMessage(2, LogLevel.Information, "{Provider} is in {Mode} mode")]
    private static partial void LogMode(ILogger log, string provider, string mode);
}
