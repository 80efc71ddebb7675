using System.Security.Cryptography;
using Dapper;
using Empire.Data;
using Empire.Payments.Heard;
using Empire.Payments.Intake;
using Empire.Payments.Ledger.Rebuilding;
using Empire.Testing;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Intake;

/// <summary>Random histories of payments over three providers, told in order and told in any order, twice, and with holes that are filled later: the books are the same to the
/// letter, they balance, and every buyer has the tier they paid for.</summary>
public sealed class AnyOrderTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    private static readonly Gen<Story> Stories =
        from provider in Gen.Elements("stripe", "stripe", "flutterwave", "nowpayments", "subscription")
        from units in Gen.Choose(101, 50_000)
        from declines in Gen.Choose(0, 2)
        from refunds in Gen.Elements<int[]>([], [], [30], [30, 70], [100], [1, 1, 1])
        from bounced in Gen.Elements(false, false, true)
        from dispute in Gen.Elements<string?>(null, null, null, "open", "won", "lost")
        from paid in Gen.Elements(true, true, true, true, false)
        from too in Gen.Elements(false, false, true)
        from upgrade in Gen.Elements(false, true)
        from currency in Gen.Elements("USD", "USD", "EUR", "NGN", "JPY")
        from coupon in Gen.Elements(false, false, true)
        from twice in Gen.Elements(false, false, true)
        from seller in Gen.Elements(false, false, true)
        from referred in Gen.Elements(false, false, true)
        from day in Gen.Choose(0, 50)
        from highest in Gen.Elements(false, false, true)
        from same in Gen.Elements(false, true)
        from payout in Gen.Elements(false, false, true)
        from sentBack in Gen.Elements(false, true)
        select new Story(
            provider, units, declines, !paid || provider is "nowpayments" || (too && provider == "flutterwave") || (twice && provider == "subscription") ? [] : refunds,
            bounced && paid && refunds.Length > 0 && (provider == "stripe" || (provider == "subscription" && !twice)),
            (provider == "stripe" && paid && refunds.Length == 0) || provider == "subscription" ? dispute : null, paid, too && provider != "stripe", upgrade, provider is "nowpayments" or "subscription" ? "USD" : currency, coupon, twice,
            seller && provider == "stripe" && !upgrade && !coupon, referred && provider != "subscription" && !(bounced && provider == "stripe") && !(twice && sentBack && provider == "nowpayments"))
        { Day = day, Highest = highest, SameBuyer = same, PaidOut = payout, PayoutFailed = sentBack, SentBack = sentBack && provider == "nowpayments" };

    private static readonly Gen<(Story[] Stories, int Seed)> Histories =
        from stories in Gen.ArrayOf(Stories, 40)
        from seed in Gen.Choose(0, int.MaxValue)
        select (stories, seed);

    private static readonly DateTimeOffset Decided = new(2025, 11, 20, 7, 0, 0, TimeSpan.Zero);

    private long told;

    [Fact]
    public void Whatever_the_order_the_repeats_and_the_holes_the_books_are_the_same() => Check(atLeast: 2_000);

    /// <summary>The same over 200,000 events.</summary>
    [Fact, Trait("Category", "chaos")]
    public void The_same_over_200000_events() => Check(atLeast: 200_000);

    private void Check(long atLeast)
    {
        while (told < atLeast) Prop.ForAll(Histories.ToArbitrary(), Holds).Check(Config.QuickThrowOnFailure.WithMaxTest(2));
        TestContext.Current.SendDiagnosticMessage($"{told} events were taken in.");
    }

    private bool Holds((Story[] Stories, int Seed) history) => HoldsAsync(history.Stories, new Random(history.Seed)).GetAwaiter().GetResult(); // FsCheck's own loop is not async

    private async Task<bool> HoldsAsync(Story[] stories, Random random)
    {
        var ordered = await RunAsync(stories, events => events);
        var shuffled = await RunAsync(stories, events =>
        {
            var repeated = events.Concat(events.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(repeated);
            return repeated;
        });
        var holes = await RunAsync(stories, events =>
        {
            var dropped = events.Where(_ => random.Next(4) == 0).ToArray();
            var heard = events.Except(dropped).ToArray();
            random.Shuffle(heard);
            random.Shuffle(dropped);
            return [.. heard, .. dropped.Select(hole => hole with { Source = EventSource.Reconciled })]; // found in the provider's list in the end
        }, rebuild: true);
        if (ordered != shuffled || ordered != holes) throw new InvalidOperationException($"The books differ.\nIn order:\n{ordered}\nShuffled:\n{shuffled}\nWith holes:\n{holes}");
        return true;
    }

    /// <returns>The books and the tiers, without what differs between two runs.</returns>
    private async Task<string> RunAsync(Story[] stories, Func<ProviderEvent[], ProviderEvent[]> disturb, bool rebuild = false)
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        var run = RandomNumberGenerator.GetInt32(0x10000000, int.MaxValue).ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
        var payments = new (Guid Payment, Guid Customer, string Tag)[stories.Length];
        await using (var work = await app.Database.BeginAsync(tenant, CancellationToken.None))
        {
            var coupon = Guid.CreateVersion7();
            await work.ExecuteAsync("insert into coupons (id, tenant_id, code, percent_off, duration, test, created_at) values (@coupon, @Tenant, 'HALF', 50, 'once', true, @Now)", new { coupon, work.Tenant, work.Now });
            for (var i = 0; i < stories.Length; i++)
            {
                var again = i > 0 && stories[i].SameBuyer && stories[(i - 1)..(i + 1)].All(one => one is { Upgrade: true, Referred: false, Provider: not "subscription" });
                var (story, payment, customer, tag) = (stories[i], Guid.CreateVersion7(Decided.AddMilliseconds(i)), again ? payments[i - 1].Customer : Guid.CreateVersion7(), $"a{run}{i:x2}");
                payments[i] = (payment, customer, tag);
                // Of two paid in one second the one that was decided first goes first: their ids say so, in each of the runs.
                // For every other one the provider's reference is not known yet: the process died before it was kept.
                if (story.Provider == "subscription")
                {
                    await work.ExecuteAsync(
                        "insert into customers (id, tenant_id, email, stripe_id, test, created_at, updated_at) values (@customer, @Tenant, @email, @stripe, true, @Now, @Now)",
                        new { customer, work.Tenant, email = $"{tag}@example.com", stripe = $"cus_{tag}", work.Now });
                    continue;
                }
                var reference = i % 2 == 0 || story.Provider == "flutterwave" ? story.Reference(tag, payment) : null;
                var (unit, seller) = (story.Currency == "JPY" ? 1_000_000L : 10_000L, story.Seller ? Guid.CreateVersion7() : (Guid?)null);
                await work.ExecuteAsync(
                    """
                    insert into sellers (id, tenant_id, email, country, fee_percent, provider_ref, status, test, created_at) select @seller, @Tenant, @email, 'US', 10, @account, 'created', true, @Now where @seller is not null;
                    insert into customers (id, tenant_id, email, test, created_at, updated_at) values (@customer, @Tenant, @email, true, @Now, @Now) on conflict (id) do nothing;
                    insert into customers (id, tenant_id, email, test, created_at, updated_at) select @referrer, @Tenant, 'friend-of-' || @email, true, @Now, @Now where @referrer is not null;
                    insert into referrals (id, tenant_id, referrer_id, test, created_at, updated_at) select @customer, @Tenant, @referrer, true, @Now, @Now where @referrer is not null;
                    insert into payments (id, tenant_id, provider, purpose, customer_id, tier, amount_micros, currency, description, provider_ref, coupon_id, discount_micros, credit_micros, seller_id, platform_fee_micros, test, created_at, updated_at)
                    values (@payment, @Tenant, @Provider, @purpose, @customer, @tier, @amount, @Currency, 'A sale', @reference, @used, case when @used is null then 0 else @amount end, case when @used is null then 0 else @amount end, @seller, case when @seller is null then 0 else @share end, true, @Decided, @Now);
                    insert into coupon_redemptions (id, tenant_id, coupon_id, customer_id, source, created_at, updated_at) select @payment, @Tenant, @used, @customer, 'payment', @Now, @Now where @used is not null
                    """,
                    new
                    {
                        customer, work.Tenant, email = $"{tag}@example.com", work.Now, payment, story.Provider, purpose = story.Upgrade ? "upgrade" : "sale", tier = !story.Upgrade ? null : story.Highest ? "enterprise" : "professional",
                        referrer = story.Referred ? Guid.CreateVersion7() : (Guid?)null, seller, account = $"acct_{tag}", share = story.Share * unit, amount = story.Units * unit, story.Currency, reference, used = story.Coupon ? coupon : (Guid?)null, Decided,
                    });
                if (!story.Coupon) continue;
                var earned = new ReferralRewarded(payment, customer, story.Units * unit, story.Currency, AtStripe: false, Test: true, Decided); // what the payment holds of their credit is there
                await HeardEvents.BookAsync(work, payment, earned, Decided, HeardBookings.Of(earned), CancellationToken.None);
            }
            await work.CommitAsync(CancellationToken.None);
        }
        await RunsItAsync(tenant);
        var events = disturb([.. stories.SelectMany((story, i) => story.Events(payments[i].Tag, payments[i].Payment))]);
        await TellAsync(events, rebuild);
        if (rebuild)
        {
            var made = await app.Services.GetRequiredService<Rebuild>().VerifyAsync(tenant, CancellationToken.None);
            if (!made.Equal) throw new InvalidOperationException($"Made anew from the log the books differ: {string.Join('\n', made.Differences)}");
        }
        return await BooksAsync(tenant, stories, payments);
    }

    /// <summary>Payouts are the operator's: it is this run's account, and the words about them are this run's alone.</summary>
    private async Task RunsItAsync(TenantId tenant)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("delete from operator_account; insert into operator_account (account_id) values (@tenant); delete from provider_events where kind in ('payout.paid', 'payout.failed', 'fetched:transfer')", new { tenant = tenant.Value });
    }

    /// <summary>As log and worker do it: an event that was told before changes nothing, one that speaks of nothing known waits. Two at once.</summary>
    private async Task TellAsync(ProviderEvent[] events, bool log)
    {
        var providers = app.Services.GetServices<PaymentProvider>().ToDictionary(provider => provider.Name);
        HashSet<(string, string)> known = [];
        var waiting = new List<ProviderEvent>(events.Where(told => known.Add((told.Provider, told.EventId))));
        Interlocked.Add(ref told, events.Length);
        for (var round = 0; waiting.Count > 0; round++)
        {
            if (round > 8) throw new InvalidOperationException($"Never taken in: {string.Join(", ", waiting.Take(5).Select(left => left.EventId + " " + left.Kind))}");
            List<ProviderEvent> again = [];
            foreach (var batch in waiting.Chunk(10))
            {
                await using var work = await app.Database.BeginSystemAsync(CancellationToken.None);
                foreach (var next in batch)
                {
                    if (log && round == 0) await LogAsync(work, next);
                    if (!await work.TryPartAsync(() => TakeAsync(work, providers[next.Provider], next), CancellationToken.None)) again.Add(next);
                }
                await work.CommitAsync(CancellationToken.None);
            }
            waiting = again;
        }
    }

    /// <summary>Into the raw log, its task done: what is taken in here is not the worker's to take.</summary>
    private async Task LogAsync(Work work, ProviderEvent told)
    {
        await app.Events.StoreAsync(work, told, CancellationToken.None);
        await work.ExecuteAsync("delete from provider_tasks where provider = @Provider and subject = @EventId", new { told.Provider, told.EventId });
    }

    private static async Task<bool> TakeAsync(Work work, PaymentProvider provider, ProviderEvent told)
    {
        foreach (var fact in provider.Translate(told).Facts)
            if (!await Settlement.TakeAsync(work, fact, CancellationToken.None)) return false;
        return true;
    }

    private async Task<string> BooksAsync(TenantId tenant, Story[] stories, (Guid Payment, Guid Customer, string Tag)[] payments)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        var of = new { tenant = tenant.Value };
        Assert.Equal(0m, await owner.QuerySingleAsync<decimal>("select coalesce(sum(abs(total)), 0) from (select sum(micros)::numeric as total from ledger_lines where tenant_id = @tenant group by currency) t", of));
        Assert.Empty(await owner.QueryAsync<string>("select entry_id::text from ledger_lines where tenant_id = @tenant group by entry_id, currency having sum(micros) <> 0", of));
        Assert.Empty(await owner.QueryAsync<string>(
            """
            select coalesce(l.account, b.account) from (select account, currency, sum(micros)::numeric as micros from ledger_lines where tenant_id = @tenant group by 1, 2) l
            full join (select account, currency, sum(debit_micros - credit_micros)::numeric as micros from ledger_balances where tenant_id = @tenant group by 1, 2) b using (account, currency)
            where coalesce(l.micros, 0) <> coalesce(b.micros, 0)
            """, of));
        Assert.Equal(stories.Sum(story => story.Banked), await owner.QuerySingleAsync<long>("select coalesce(sum(micros), 0)::bigint from ledger_lines where tenant_id = @tenant and account = 'cash:bank'", of));
        async Task<long> StandsAsync(string accounts) => await owner.QuerySingleAsync<long>("select coalesce(sum(micros), 0)::bigint from ledger_lines where tenant_id = @tenant and account like @accounts", new { tenant = tenant.Value, accounts });
        Assert.Equal((stories.Sum(story => story.CoinsInWallet), stories.Sum(story => story.CoinsFee)), (await StandsAsync("cash:wallet-%"), await StandsAsync("fee:nowpayments")));
        Assert.Equal(stories.Sum(story => story.Coins - story.CoinsInWallet - story.CoinsFee), await StandsAsync("cash:nowpayments"));
        Assert.Equal(stories.Sum(story => story.CoinsTooMuch), -await owner.QuerySingleAsync<long>(
            "select coalesce(sum(micros), 0)::bigint from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.tenant_id = @tenant and e.cause like 'nowpayments:%' and l.account = 'payable:customer-credit'", of));
        // Stripe settles in dollars: whatever came, went back or was held in another currency was changed whole.
        Assert.Empty(await owner.QueryAsync<string>(
            """
            select concat_ws(' ', p.provider_ref, l.currency, sum(l.micros)) from ledger_lines l join ledger_entries e on e.id = l.entry_id join payments p on p.id = e.payment_id
            where e.tenant_id = @tenant and l.account = 'cash:stripe' and l.currency <> 'USD' and e.cause ~ '^stripe:(charge|refund|dispute|movement):' group by p.provider_ref, l.currency having sum(l.micros) <> 0
            """, of));
        // Tiers are judged as of the days the stories tell of, whatever today is.
        for (var i = 0; i < stories.Length; i++)
        {
            var entitled = await owner.QuerySingleAsync<bool>("select exists (select from entitlements where revoked_at is null and (source_id = @Payment or (source = 'subscription' and customer_id = @Customer and ends_at is null)))", new { payments[i].Payment, payments[i].Customer });
            if (entitled != stories[i].Entitles) throw new InvalidOperationException($"{stories[i]} {(entitled ? "has" : "lacks")} its tier.");
            if (stories[i].Provider == "subscription") continue;
            var status = await owner.QuerySingleAsync<string>("select status from payments where id = @Payment", new { payments[i].Payment });
            if (stories[i].Succeeds != (status == "succeeded")) throw new InvalidOperationException($"{stories[i]} is {status}.");
            if (stories[i].Reward is { } reward)
                await Eventually.EqualAsync(reward, () => owner.QuerySingleAsync<string>("select status from referrals where id = @Customer", new { payments[i].Customer })!);
            var use = await owner.QuerySingleOrDefaultAsync<string>("select status from coupon_redemptions where id = @Payment", new { payments[i].Payment });
            if (use != (stories[i].Coupon ? stories[i].Use : null)) throw new InvalidOperationException($"{stories[i]} is {status}, and the use of its coupon {use}.");
        }
        var books = string.Join('\n', await owner.QueryAsync<string>(
            """
            select concat_ws(' | ', e.cause, to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), e.description,
              (select case when p.purpose = 'subscription' then p.provider_ref else p.id::text end from payments p where p.id = e.payment_id),
              (select string_agg(format('%s %s %s', account, micros, currency), ', ' order by position) from ledger_lines l where l.entry_id = e.id))
            from ledger_entries e where e.tenant_id = @tenant and e.cause not like 'referral:%' order by e.cause collate "C"
            """, of));
        // Rewards hang on our own queues: of one that is taken back nobody can say whether it was booked before. What they come to is the same.
        var rewards = string.Join('\n', await owner.QueryAsync<string>(
            """
            select concat_ws(' ', 'rewards', account, currency, sum(l.micros)) from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.tenant_id = @tenant and e.cause like 'referral:%' group by account, currency having sum(l.micros) <> 0
            """, of));
        var states = string.Join('\n', await owner.QueryAsync<string>(
            """
            select concat_ws(' | ', case when p.purpose = 'subscription' then p.provider_ref else p.id::text end, p.status, p.received_micros, p.captured_at, (select string_agg(format('%s %s', amount_micros, status), ', ' order by provider_ref) from refunds r where r.payment_id = p.id),
              (select string_agg(status, ', ') from disputes d where d.payment_id = p.id), (select format('%s from %s until %s less %s', tier, starts_at, ends_at, revoked_at) from entitlements e where e.source_id = p.id))
            from payments p where p.tenant_id = @tenant order by array_position(@ids, p.id)
            """, new { tenant = tenant.Value, ids = payments.Select(payment => payment.Payment).ToArray() }));
        var subscriptions = string.Join('\n', await owner.QueryAsync<string>(
            """
            select concat_ws(' | ', s.provider_ref, s.status, s.current_period_end, (select string_agg(format('%s %s', i.provider_ref, i.status), ', ' order by i.provider_ref) from invoices i where i.tenant_id = @tenant and i.provider_ref like replace(s.provider_ref, 'sub_', 'in_') || '%'))
            from subscriptions s where s.tenant_id = @tenant
            """, of));
        var sellers = string.Join('\n', await owner.QueryAsync<string>("select concat_ws(' | ', provider_ref, charges_enabled, payouts_enabled, details_submitted) from sellers where tenant_id = @tenant", of));
        Assert.All(sellers.Split('\n', StringSplitOptions.RemoveEmptyEntries), seller => Assert.EndsWith(" | t | t | t", seller, StringComparison.Ordinal));
        var text = $"{books}\n{states}\n{subscriptions}\n{sellers}\n{rewards}";
        for (var i = 0; i < payments.Length; i++)
            text = text.Replace(payments[i].Tag, $"#{i}", StringComparison.Ordinal).Replace(payments[i].Payment.ToString(), $"payment {i}", StringComparison.Ordinal)
                .Replace(long.Parse(payments[i].Tag[1..], System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture).ToString(System.Globalization.CultureInfo.InvariantCulture), $"#{i}", StringComparison.Ordinal);
        return string.Join('\n', text.Split('\n').Order(StringComparer.Ordinal));
    }
}
