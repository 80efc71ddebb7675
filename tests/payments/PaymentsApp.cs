using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Empire.Payments.Facts;
using Empire.Payments.Intake;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests;

/// <summary>The service in memory. Providers that a test needs to answer are the sandbox's; without one nobody is at their addresses.</summary>
public class PaymentsApp() : ServiceApp<Program>("payments")
{
    public const string StripeSecret = "whsec_tests", ConnectSecret = "whsec_connected", FlutterwaveHash = "hash-of-tests", IpnSecret = "ipn-of-tests";

    protected override IEnumerable<KeyValuePair<string, string>> Settings => SettingsFor(Outside);

    /// <summary>Settings of a service whose providers are all at one address.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> SettingsFor(Uri outside) =>
    [
        new("Providers:Stripe:BaseAddress", $"{outside}stripe/"),
        new("Providers:Stripe:SecretKey", "sk_test_sandbox"),
        new("Providers:Stripe:WebhookSecret", $"{StripeSecret}, {ConnectSecret}"),
        new("Providers:Stripe:Sandbox", "true"),
        new("Providers:Flutterwave:BaseAddress", $"{outside}flutterwave/v3/"),
        new("Providers:Flutterwave:SecretKey", "FLWSECK_TEST-sandbox"),
        new("Providers:Flutterwave:SecretHash", FlutterwaveHash),
        new("Providers:Flutterwave:Sandbox", "true"),
        new("Providers:NowPayments:BaseAddress", $"{outside}nowpayments/v1/"),
        new("Providers:NowPayments:ApiKey", "sandbox"),
        new("Providers:NowPayments:IpnSecret", IpnSecret),
        new("Providers:NowPayments:Sandbox", "true"),
        new("services:identity:grpc:0", "http://127.0.0.1:9"),
        new("Intake:PollEvery", "00:00:00.2"),
        new("Intake:RetryAfter", "00:00:00.05"),
        new("Effects:PollEvery", "00:00:00.05"),
        new("Effects:ProbeDelay", "00:00:00.1"),
        new("Effects:RetryDelay", "00:00:00.05"),
        new("Effects:Lease", "00:00:20"),
    ];

    /// <summary>Where the providers are; the discard port where there is no sandbox.</summary>
    protected virtual Uri Outside { get; } = new("http://127.0.0.1:9/");

    /// <summary>A webhook as Stripe signs it.</summary>
    public static HttpRequestMessage StripeWebhook(string body, DateTimeOffset at, string secret = StripeSecret)
    {
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{at.ToUnixTimeSeconds()}.{body}")));
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/revenue/webhooks/stripe") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Stripe-Signature", $"t={at.ToUnixTimeSeconds()},v1={signature}");
        return request;
    }

    public static string StripeEvent(string id, string type, object o, DateTimeOffset at) =>
        JsonSerializer.Serialize(new { id, @object = "event", type, created = at.ToUnixTimeSeconds(), livemode = false, data = new { @object = o } });

    /// <summary>A payment that was decided, as a row; its status is what the provider then says.</summary>
    public async Task<Guid> DecidedAsync(string provider, string? reference, Money amount, string purpose = "sale", Guid? customer = null, string? tier = null)
    {
        var id = Guid.CreateVersion7();
        await using var work = await Database.BeginAsync(Tenant, CancellationToken.None);
        await work.ExecuteAsync(
            """
            insert into payments (id, tenant_id, provider, purpose, customer_id, tier, amount_micros, currency, description, provider_ref, test, created_at, updated_at)
            values (@id, @Tenant, @provider, @purpose, @customer, @tier, @Micros, @currency, 'A sale', @reference, true, @Now, @Now)
            """, new { id, work.Tenant, provider, purpose, customer, tier, amount.Micros, currency = amount.Currency.Code, reference, work.Now });
        await work.CommitAsync(CancellationToken.None);
        return id;
    }

    /// <summary>Takes a fact in, as the worker would.</summary>
    public async Task<bool> TakeAsync(Fact fact)
    {
        await using var work = await Database.BeginSystemAsync(CancellationToken.None);
        var taken = await Settlement.TakeAsync(work, fact, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        return taken;
    }

    public Task<string?> StatusAsync(Guid payment) => ReadAsync<string>("select status from payments where id = @payment", new { payment });

    /// <summary>What stands in the books, by cause.</summary>
    public async Task<IReadOnlyList<string>> CausesAsync(Guid payment)
    {
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        return (await owner.QueryAsync<string>("select cause from ledger_entries where payment_id = @payment order by cause", new { payment })).AsList();
    }

    /// <summary>Debits less credits, in units.</summary>
    public async Task<decimal> BalanceAsync(string account, string currency = "USD") =>
        (await ReadAsync<long?>("select sum(debit_micros - credit_micros)::bigint from ledger_balances where tenant_id = @tenant and account = @account and currency = @currency", new { tenant = Tenant.Value, account, currency }) ?? 0) / 1_000_000m;

    /// <summary>Every tenant's rows, as they really are.</summary>
    public async Task<T?> ReadAsync<T>(string sql, object? parameters = null)
    {
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        return await owner.QuerySingleOrDefaultAsync<T>(sql, parameters);
    }

    /// <summary>All that was told is taken in, or waits for something that is not there.</summary>
    public Task SettledAsync() => Eventually.EqualAsync(0L, () => ReadAsync<long>("select count(*) from provider_tasks where not parked and problem is null"));

    public EventLog Events => Services.GetRequiredService<EventLog>();
}
