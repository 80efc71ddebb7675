using System.Net;
using System.Text.Json.Nodes;
using Empire.Testing;

namespace Empire.Payments.Tests.Crashes;

/// <summary>What is to stand on both sides in the end.</summary>
internal static class Books
{
    /// <returns>cust_…, and cus_… at the sandbox.</returns>
    public static async Task<(string Customer, string AtStripe)> CustomerAsync(this MortalMarket market, TenantId tenant)
    {
        var (status, body) = await market.AskAsync(tenant, "/api/v1/revenue/customers", new { email = $"{Guid.CreateVersion7():N}@example.com", name = "Ada", payment_method = "pm_card_visa" }, Guid.CreateVersion7().ToString());
        Assert.True(status == HttpStatusCode.Created, body.ToJsonString());
        await market.QuietAsync();
        return (body["customer_id"]!.GetValue<string>(), (await market.ReadAsync<string>("select stripe_id from customers where tenant_id = @Value", new { tenant.Value }))!);
    }

    /// <summary>So many entries are booked, and nothing is left to be done.</summary>
    public static async Task BookedAsync(this MortalMarket market, TenantId tenant, long entries)
    {
        try { await Eventually.EqualAsync(entries, () => market.ReadAsync<long>("select count(*) from ledger_entries where tenant_id = @Value", new { tenant.Value }), TimeSpan.FromMinutes(2)); }
        catch (TimeoutException e) { throw new TimeoutException(await market.StandingAsync(), e); }
        await market.QuietAsync();
    }

    public static async Task<IReadOnlyList<JsonObject>> ChargesAsync(this MortalMarket market, string customer) =>
        [.. (await market.Sandbox.AllAsync("stripe/charges")).Where(charge => charge["customer"]?.GetValue<string>() == customer)];

    /// <summary>What the provider keeps of a charge, in units.</summary>
    public static async Task<decimal> FeeAsync(this MortalMarket market, JsonObject charge) =>
        (await market.Sandbox.AllAsync("stripe/balance_transactions")).Single(movement => movement["id"]!.GetValue<string>() == charge["balance_transaction"]!.GetValue<string>())["fee"]!.GetValue<int>() / 100m;

    public static Task<IReadOnlyList<string>> HeardAsync(this MortalMarket market, TenantId tenant, string type) =>
        market.ReadAllAsync<string>("select body from heard where type like '%.' || @type and body::jsonb ->> 'tenantId' = @tenant", new { type, tenant = tenant.Value.ToString() });

    /// <summary>The tenant's books, in US dollars: each fact booked once, the sides equal, and the balances those of the lines.</summary>
    public static async Task AssertBooksAsync(this MortalMarket market, TenantId tenant, decimal captured, decimal fees, decimal refunded)
    {
        string[] expected = refunded > 0 ? ["charge:captured", "movement:fee", "refund:"] : ["charge:captured", "movement:fee"];
        Assert.Equal(expected, await market.ReadAllAsync<string>("select split_part(cause, ':', 2) || ':' || split_part(cause, ':', 4) from ledger_entries where tenant_id = @Value order by 1", new { tenant.Value }));
        var trial = await market.GetAsync(tenant, "/api/v1/ledger/trial-balance");
        Assert.All(trial["currencies"]!.AsArray(), currency => Assert.Equal(0m, currency!["difference"]!.GetValue<decimal>()));
        Assert.Equal(captured - fees - refunded, await market.ReadAsync<decimal>("select coalesce(sum(micros), 0) / 1000000 from ledger_lines where tenant_id = @Value and account like 'cash:%'", new { tenant.Value }));
        Assert.Equal(0L, await market.ReadAsync<long>(
            """
            select count(*) from (select account, currency, sum(micros) as micros from ledger_lines where tenant_id = @Value group by 1, 2) l
            full join (select account, currency, sum(debit_micros - credit_micros) as micros from ledger_balances where tenant_id = @Value group by 1, 2) b using (account, currency) where l.micros is distinct from b.micros
            """, new { tenant.Value }));
    }
}
