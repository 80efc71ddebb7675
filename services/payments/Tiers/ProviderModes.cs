using System.Net;
using Empire.Data;
using Empire.Payments.Charges;
using Empire.Payments.Customers;
using Empire.Payments.Flutterwave;
using Empire.Payments.NowPayments;
using Empire.Payments.Stripe;
using StripeNet = global::Stripe;

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

/// <summary>Brings what stands in the database in line with the settings: an installation that was tried with test keys and is given its live ones is to sell what is paid for, and nothing else. At each start, and now and then, for a process
/// that still has the other keys may write meanwhile; but one that started before those of today were given stands back. Safe to repeat, and to run in several replicas at once.</summary>
public sealed partial class ModeKeeper(
    ProviderModes modes, [FromKeyedServices(StripeSetup.Provider)] StripeOptions stripe, IHttpClientFactory clients, Database db, TimeProvider clock, ILogger<ModeKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private const int MostSilences = 10; // in a row: then Stripe is away, and the others are asked for in the next turn
    private bool stated;
    private int silences;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var pause = stripe.ModesEvery;
            try { await KeepAsync(stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(log, e);
                pause = Pause;
            }
            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    internal async Task KeepAsync(CancellationToken ct)
    {
        await using (var work = await db.BeginSystemAsync(ct))
        {
            work.NothingToAudit();
            var own = new { providers = modes.Tests.Keys.ToArray(), tests = modes.Tests.Values.ToArray(), work.Now };
            if (stated)
            {
                if (await work.QuerySingleAsync<bool>("select exists (select from provider_modes m join unnest(@providers, @tests) as own (provider, test) on own.provider = m.provider and own.test <> m.test)", own, ct)) return;
            }
            else
            {
                var changed = await work.QueryAsync<(string Provider, bool Test)>(
                    """
                    with gone as (delete from provider_modes where provider <> all (@providers))
                    insert into provider_modes as m (provider, test, since) select *, @Now from unnest(@providers, @tests)
                    on conflict (provider) do update set test = excluded.test, since = excluded.since where m.test <> excluded.test returning provider, test
                    """, own, ct);
                await work.CommitAsync(ct);
                stated = true;
                foreach (var (provider, test) in changed) LogMode(log, provider, test ? "test" : "live");
            }
        }
        silences = 0;
        if (modes.Tests.TryGetValue(StripeFacts.Provider, out var tried))
            await EachAsync($"select id, tenant_id from customers where id > @after and (test <> @tried or ({StripeCustomers.Unproved})) order by id limit 200", tried, (customer, tenant) => BringOverAsync(customer, tenant, tried, ct), ct);
        await EachAsync(
            $"""
            select c.id, c.tenant_id from customers c where c.id > @after and exists (select from entitlements e where e.customer_id = c.id and e.test) and c.tier <> coalesce((
              select e.tier from entitlements e where e.customer_id = c.id and e.revoked_at is null and e.starts_at <= @Now and (e.ends_at is null or e.ends_at > @Now) and {ProviderModes.Counts("e")}
              order by e.tier = 'enterprise' desc limit 1), 'free') order by c.id limit 200
            """, tried, (customer, tenant) => OfAsync(tenant, work => PaymentFacts.GiveTierAsync(work, customer, ct), ct), ct);
    }

    /// <summary>Stripe is asked outside a transaction; where it does not answer, the customer stays as they are until the next turn.</summary>
    private async Task BringOverAsync(Guid customer, TenantId tenant, bool tried, CancellationToken ct)
    {
        string? asked;
        await using (var work = await db.BeginSystemAsync(ct)) asked = await work.QuerySingleOrDefaultAsync<string>($"select stripe_id from customers where id = @customer and {StripeCustomers.Unproved}", new { customer }, ct);
        do
        {
            var answer = asked is null ? Known.Unanswered : await AskAsync(customer, asked, ct);
            if (asked is not null && answer == Known.Unanswered) return;
            string? takenUp = null;
            await OfAsync(tenant, async work => takenUp = await StripeCustomers.BringOverAsync(work, customer, tried, asked, answer, ct), ct);
            asked = takenUp;
        }
        while (asked is not null);
    }

    private async Task<Known> AskAsync(Guid customer, string id, CancellationToken ct)
    {
        if (silences >= MostSilences) return Known.Unanswered;
        try
        {
            await new StripeNet.CustomerService(StripeActs.Client(clients, stripe)).GetAsync(id, cancellationToken: ct);
            silences = 0;
            return Known.Here;
        }
        catch (StripeNet.StripeException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
        {
            silences = 0;
            return e.Message.Contains("a similar object exists in", StringComparison.Ordinal) ? Known.InOtherMode : Known.Nowhere; // Stripe's words for "in test mode" and "in live mode"; it has no code for it
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            silences++;
            LogUnanswered(log, customer, e);
            return Known.Unanswered;
        }
    }

    /// <summary>One after the other, until there are none.</summary>
    private async Task EachAsync(string sql, bool tried, Func<Guid, TenantId, Task> actAsync, CancellationToken ct)
    {
        for (var after = Guid.Empty; ;)
        {
            IReadOnlyList<(Guid Customer, Guid Tenant)> found;
            await using (var work = await db.BeginSystemAsync(ct)) found = await work.QueryAsync<(Guid, Guid)>(sql, new { tried, after, work.Now }, ct);
            if (found.Count == 0) return;
            foreach (var (customer, tenant) in found) await actAsync(customer, new(tenant));
            after = found[^1].Customer;
        }
    }

    private async Task OfAsync(TenantId tenant, Func<Work, Task> actAsync, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        work.NothingToAudit();
        await work.ActForAsync(tenant, ct);
        await actAsync(work);
        await work.CommitAsync(ct);
    }

    [LoggerMessage(1, LogLevel.Error, "What test and live keys change could not be brought in line; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception e);

    [LoggerMessage(2, LogLevel.Information, "{Provider} is in {Mode} mode")]
    private static partial void LogMode(ILogger log, string provider, string mode);

    [LoggerMessage(3, LogLevel.Warning, "Whether Stripe knows customer {Customer} by today's key could not be asked; it is asked again in the next turn")]
    private static partial void LogUnanswered(ILogger log, Guid customer, Exception e);
}
