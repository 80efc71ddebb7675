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
    private const string Customers = "/api/v1/revenue/customers", Subscriptions = "/api/v1/revenue/subscriptions";

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
        var carl = $"carl-{account.Value:N}@people.example";
        app.Identity.Accounts[carl] = account.Value;
        var (status, taken) = await app.PostAsync(Customers, new { email = carl, account = true, payment_method = "pm_card_visa" }); // a card, for the first time
        Assert.True(status == HttpStatusCode.Created, taken.ToJsonString());
        Assert.Equal("visa", taken["card"]?["brand"]?.GetValue<string>());
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

    [Fact]
    public async Task What_is_told_later_of_the_one_before_names_nobody_and_their_card_is_nobody_elses()
    {
        const string name = "Annabel Quill";
        var (account, ann, bob) = Account();
        var (_, made) = await app.PostAsync(Customers, new { email = ann, account = true, name, payment_method = "pm_card_visa" });
        var customer = Text(made, "customer_id");
        await app.StripeAsync($"payment_methods/{await app.ReadAsync<string>("select payment_method from customers where email = @ann", new { ann })}", ("billing_details[name]", name));
        var paid = MarketApp.IdOf(Text(await app.PaidAsync(customer: customer), "payment_id"));
        var (charge, intent) = await app.ReadAsync<(string, string)>("select charge_ref, provider_ref from payments where id = @paid", new { paid });
        await ForgetAsync(account, ann);
        Assert.Equal(HttpStatusCode.Created, (await app.PostAsync(Customers, new { email = bob, account = true, name = "Bob" })).Status);
        var there = await ClearedAsync(customer);
        Assert.Empty((await app.StripeAsync($"customers/{there}/payment_methods"))["data"]!.AsArray());

        var now = TimeProvider.System.GetUtcNow();
        await TellAsync("charge.refunded", new { id = charge, @object = "charge", customer = there, payment_intent = intent, amount = 9700, amount_refunded = 100, currency = "usd", paid = true, captured = true, created = now.ToUnixTimeSeconds(), billing_details = new { email = (string?)null, name } });
        await RenewedAsync("1111", now.AddMinutes(-10));
        Assert.Equal(0, await app.ReadAsync<long>("select count(*) from provider_events where body like '%' || @name || '%'", new { name }));
        Assert.Null(await app.ReadAsync<string>("select card_last4 from customers where email = @bob", new { bob }));
        await RenewedAsync("4444", now.AddMinutes(10)); // by a card of theirs
        Assert.Equal("4444", await app.ReadAsync<string>("select card_last4 from customers where email = @bob", new { bob }));

        async Task RenewedAsync(string last4, DateTimeOffset at)
        {
            await TellAsync("charge.succeeded", new
            {
                id = $"ch_{last4}_{there}", @object = "charge", customer = there, payment_intent = $"pi_{last4}_{there}", invoice = $"in_{last4}_{there}", amount = 4900, currency = "usd", paid = true, captured = true, created = at.ToUnixTimeSeconds(),
                billing_details = new { email = (string?)null, name }, payment_method_details = new { card = new { brand = "visa", last4 } },
            });
            await Eventually.EqualAsync("succeeded", () => app.ReadAsync<string>("select status from payments where provider_ref = @reference", new { reference = $"pi_{last4}_{there}" }));
        }
    }

    [Fact]
    public async Task Nothing_is_charged_on_the_card_of_the_one_before_and_what_runs_goes_on_with_the_next_ones()
    {
        var start = TimeProvider.System.GetUtcNow();
        var ann = await app.SubscriberAsync(start);
        var (bob, id, price) = ($"bob-{ann.Account:N}@people.example", MarketApp.IdOf(ann.Id), await app.PriceAsync(1200, null));
        app.Identity.Accounts[bob] = ann.Account;
        var (status, begun) = await app.PostAsync(Subscriptions, new { customer_id = ann.Id, price_id = price, payment_method = await app.ReadAsync<string>("select payment_method from customers where id = @id", new { id }) });
        Assert.True(status == HttpStatusCode.Created, begun.ToJsonString());
        await ForgetAsync(new(ann.Account), (await app.ReadAsync<string>("select email from customers where id = @id", new { id }))!);
        var (refused, why) = await app.PostAsync(Subscriptions, new { customer_id = ann.Id, price_id = price });
        Assert.Equal((HttpStatusCode.Conflict, "CUSTOMER_ERASED"), (refused, Text(why, "code")));

        await app.Sandbox.ArmAsync("stripe", "500", "/detach", count: 3); // their card stands there for a while longer
        var (taken, view) = await app.PostAsync(Customers, new { email = bob, account = true, name = "Bob" });
        Assert.True(taken == HttpStatusCode.Created, view.ToJsonString());
        await app.PostAsync(Subscriptions, new { customer_id = ann.Id, price_id = price });
        await ClearedAsync(ann.Id);
        await Eventually.EqualAsync("failed", () => app.ReadAsync<string>("select status from subscriptions where customer_id = @id order by created_at desc limit 1", new { id })); // there is nothing to charge it on
        Assert.Single(await app.Sandbox.AllAsync("stripe/charges"), one => Text(one, "customer") == ann.Reference && one["paid"]!.GetValue<bool>());

        using (var client = app.ClientFor(app.Tenant))
        using (var given = await client.PutAsJsonAsync($"{Customers}/{ann.Id}/payment-method", new { payment_method = "pm_card_mastercard" }))
            Assert.True(given.IsSuccessStatusCode, await given.Content.ReadAsStringAsync());
        await ann.AdvanceAsync(start.AddMonths(1).AddDays(2));
        await Eventually.TrueAsync(async () => (await app.Sandbox.AllAsync("stripe/charges")).Any(one => Text(one, "customer") == ann.Reference && one["paid"]!.GetValue<bool>() && one["payment_method_details"]!["card"]!["brand"]!.GetValue<string>() == "mastercard"));
        Assert.Equal("active", await app.ReadAsync<string>("select status from subscriptions where id = @id", new { id = MarketApp.IdOf(Text(begun, "subscription_id")) }));
    }

    [Fact]
    public async Task A_card_that_is_still_being_given_for_the_one_before_is_not_the_next_ones()
    {
        var (account, ann, bob) = Account();
        await app.Sandbox.ArmAsync("stripe", "500", "/attach", count: 4);
        var giving = app.PostAsync(Customers, new { email = ann, account = true, name = "Ann", payment_method = "pm_card_visa" });
        await Eventually.TrueAsync(() => app.ReadAsync<bool>("select exists (select from customers where email = @ann and stripe_id is not null)", new { ann })); // made, and the card not attached yet
        app.Identity.Accounts.TryRemove(ann, out _);
        await new PersonalDataProbe(app.Services, app.Database, account, Guid.CreateVersion7(), ann).TryEraseAsync<PersonalData>();
        var (status, taken) = await app.PostAsync(Customers, new { email = bob, account = true, name = "Bob" });
        Assert.True(status == HttpStatusCode.Created, taken.ToJsonString());
        await giving;
        var there = await ClearedAsync(Text(taken, "customer_id"));
        Assert.Empty((await app.StripeAsync($"customers/{there}/payment_methods"))["data"]!.AsArray());
        Assert.Equal((null, null, null), await app.ReadAsync<(string?, string?, string?)>("select payment_method, card_last4, stripe_problem from customers where email = @bob", new { bob }));
    }

    /// <returns>What Stripe calls the customer, where no card of the one before stands any more.</returns>
    private async Task<string> ClearedAsync(string customer)
    {
        var id = MarketApp.IdOf(customer);
        await Eventually.TrueAsync(() => app.ReadAsync<bool>("select forgotten_until < 'infinity' from customers where id = @id", new { id }));
        return (await app.ReadAsync<string>("select stripe_id from customers where id = @id", new { id }))!;
    }

    private async Task TellAsync(string type, object about)
    {
        using var client = app.CreateClient();
        using var told = PaymentsApp.StripeWebhook(PaymentsApp.StripeEvent($"evt_{Guid.CreateVersion7():N}", type, about, TimeProvider.System.GetUtcNow()), TimeProvider.System.GetUtcNow());
        using var answer = await client.SendAsync(told);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
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
