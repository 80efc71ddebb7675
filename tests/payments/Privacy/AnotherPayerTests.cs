using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
using Empire.Payments.Privacy;
using Empire.Payments.Tests.Outside;
using Empire.Privacy;
using Empire.Testing;

namespace Empire.Payments.Tests.Privacy;

/// <summary>Whoever paid for an account first is forgotten, and the account lives on: somebody else of it pays.</summary>
public sealed class AnotherPayerTests(MarketApp app) : IClassFixture<MarketApp>
{
    private const string Customers = "/api/v1/revenue/customers";

    [Fact]
    public async Task The_customer_becomes_the_one_who_is_taken_in_next_here_and_at_Stripe()
    {
        var (account, ann, bob) = Account();
        var (_, made) = await app.PostAsync(Customers, new { email = ann, account = true, name = "Ann", payment_method = "pm_card_visa" });
        var customer = Text(made, "customer_id");
        await ForgetAsync(account, ann);
        Assert.Equal((HttpStatusCode.Conflict, "CUSTOMER_ERASED"), await ChangeMethodAsync(customer, "pm_card_mastercard"));

        var (status, taken) = await app.PostAsync(Customers, new { email = bob, account = true, name = "Bob", payment_method = "pm_card_mastercard" });
        Assert.True(status == HttpStatusCode.Created, taken.ToJsonString());
        Assert.Equal((customer, bob, "mastercard"), (Text(taken, "customer_id"), Text(taken, "email"), taken["card"]!["brand"]!.GetValue<string>()));
        var known = await app.ReadAsync<string>("select stripe_id from customers where email = @bob", new { bob });
        var there = Assert.Single(await app.Sandbox.AllAsync("stripe/customers"), one => Text(one, "id") == known);
        Assert.Equal((bob, "Bob"), (Text(there, "email"), Text(there, "name")));
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync(Customers, new { email = bob, account = true })).Status);
    }

    [Fact]
    public async Task Who_buys_for_the_account_next_is_its_customer()
    {
        var (account, ann, bob) = Account();
        await BuyAsync(account, ann);
        await ForgetAsync(account, ann);
        await BuyAsync(account, bob);
        Assert.Equal(bob, await app.ReadAsync<string>("select email from customers where account_id = @account", new { account = account.Value }));
        Assert.Contains(await app.Sandbox.AllAsync("flutterwave/payments"), payment => payment["customer"]!["email"]!.GetValue<string>() == bob);
    }

    [Fact]
    public async Task A_purchase_waits_for_an_erasure_that_has_begun_and_finds_nobody()
    {
        var (account, ann, _) = Account();
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        Task<(HttpStatusCode Status, JsonObject Body)> buying;
        await using (var erasing = await app.Database.BeginAsync(account, CancellationToken.None))
        {
            erasing.NothingToAudit();
            var at = await ErasedAddresses.BeginAsync(erasing, ann, erasing.Now, CancellationToken.None);
            buying = app.PostAsync("/api/upgrade", new { email = ann, tier = "professional", payment_method = "flutterwave" }, account);
            await Eventually.TrueAsync(async () => buying.IsCompleted || await owner.QuerySingleAsync<bool>(
                "select exists (select from pg_locks where locktype = 'advisory' and mode = 'ShareLock' and not granted and database = (select oid from pg_database where datname = current_database()))"));
            await ErasedAddresses.AddAsync(erasing, account, ann, erasing.Now, at, CancellationToken.None);
            await erasing.CommitAsync(CancellationToken.None);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await buying).Status);
        Assert.Equal(0, await app.ReadAsync<long>("select count(*) from customers where email = @ann", new { ann }));
    }

    private async Task BuyAsync(TenantId account, string email)
    {
        var (status, answer) = await app.PostAsync("/api/upgrade", new { email, tier = "professional", payment_method = "flutterwave" }, account);
        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
    }

    private async Task ForgetAsync(TenantId account, string email)
    {
        app.Identity.Accounts.TryRemove(email, out _);
        await new PersonalDataProbe(app.Services, app.Database, account, Guid.CreateVersion7(), email).EraseAsync<PersonalData>();
    }

    private async Task<(HttpStatusCode, string)> ChangeMethodAsync(string customer, string method)
    {
        using var client = app.ClientFor(app.Tenant);
        using var answer = await client.PutAsJsonAsync($"{Customers}/{customer}/payment-method", new { payment_method = method });
        return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonObject>())!["code"]!.GetValue<string>());
    }

    private (TenantId Account, string Ann, string Bob) Account()
    {
        var account = TenantId.New(TimeProvider.System.GetUtcNow());
        var (ann, bob) = ($"ann-{account.Value:N}@people.example", $"bob-{account.Value:N}@people.example");
        (app.Identity.Accounts[ann], app.Identity.Accounts[bob]) = (account.Value, account.Value);
        return (account, ann, bob);
    }

    private static string Text(JsonObject view, string field) => view[field]!.GetValue<string>();
}
