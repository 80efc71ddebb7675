using System.Net;
using System.Text;
using Empire.Payments.Facts;
using Empire.Payments.Tests.Outside;
using Empire.Testing;

namespace Empire.Payments.Tests.Charges;

/// <summary>PAY-01, 02, 03, 08: customers and what they pay by card, through Stripe's own wire.</summary>
public sealed class PaymentTests(MarketApp app) : IClassFixture<MarketApp>
{
    private const string Payments = "/api/v1/revenue/payments", Customers = "/api/v1/revenue/customers";

    [Fact]
    public async Task A_customer_is_made_once_mirrored_to_stripe_and_shown_to_its_account_alone()
    {
        var (status, made) = await app.PostAsync(Customers, new { email = "Ada@Example.com", name = "Ada", payment_method = "pm_card_visa" });
        Assert.Equal(HttpStatusCode.Created, status);
        var id = made["customer_id"]!.GetValue<string>();
        Assert.StartsWith("cust_", id, StringComparison.Ordinal);
        Assert.Equal(("ada@example.com", true, "visa", "4242"), (made["email"]!.GetValue<string>(), made["mirrored"]!.GetValue<bool>(), made["card"]!["brand"]!.GetValue<string>(), made["card"]!["last4"]!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync(Customers, new { email = "ada@example.COM" })).Status);
        Assert.Equal("Ada", (await app.GetAsync($"{Customers}/{id}"))["name"]!.GetValue<string>());
        Assert.Contains((await app.GetAsync(Customers))["data"]!.AsArray(), customer => customer!["customer_id"]!.GetValue<string>() == id);
        using var stranger = app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"{Customers}/{id}")).StatusCode);
        Assert.Single(await app.Sandbox.AllAsync("stripe/customers"), customer => customer["email"]!.GetValue<string>() == "ada@example.com");
    }

    [Fact]
    public async Task A_customer_that_is_an_account_is_the_operators_alone_and_must_be_one()
    {
        var email = $"{Guid.CreateVersion7():N}@example.com";
        await RefusedAsync(new { email, account = true }, "email");
        app.Identity.Accounts[email] = Guid.CreateVersion7();
        await RefusedAsync(new { email, account = true }, "account", TenantId.New(TimeProvider.System.GetUtcNow()));
        await RefusedAsync(new { email, test_clock = "yesterday" }, "test_clock");
        Assert.Equal(HttpStatusCode.Created, (await app.PostAsync(Customers, new { email, account = true })).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync(Customers, new { email, account = true })).Status);

        async Task RefusedAsync(object body, string field, TenantId? tenant = null)
        {
            var (status, answer) = await app.PostAsync(Customers, body, tenant);
            Assert.Equal((HttpStatusCode.BadRequest, field), (status, Assert.Single(answer["errors"]!.AsObject()).Key));
        }
    }

    [Fact]
    public async Task A_payment_succeeds_and_the_books_hold_it_and_its_fee()
    {
        var payment = await app.PaidAsync(97.00m);
        Assert.Equal(("succeeded", 97.00m, "USD"), (payment["status"]!.GetValue<string>(), payment["amount"]!.GetValue<decimal>(), payment["currency"]!.GetValue<string>()));
        var id = payment["payment_id"]!.GetValue<string>();
        Assert.StartsWith("pay_", id, StringComparison.Ordinal);
        var read = await app.GetAsync($"{Payments}/{id}");
        Assert.Equal(("succeeded", 97m), (read["status"]!.GetValue<string>(), read["refundable"]!.GetValue<decimal>()));
        Assert.Equal(97m - 3.11m, await app.ReadAsync<decimal>(                       // 2.9 % and 30 cents
            "select sum(l.micros) / 1000000.0 from ledger_lines l join ledger_entries e on e.id = l.entry_id and e.tenant_id = l.tenant_id where e.payment_id = @id and l.account = 'cash:stripe'", new { id = MarketApp.IdOf(id) }));
        Assert.Contains((await app.GetAsync(Payments))["data"]!.AsArray(), row => row!["payment_id"]!.GetValue<string>() == id);
    }

    [Fact]
    public async Task A_list_shows_the_payments_of_the_customer_that_was_asked_for_and_no_others()
    {
        var (mine, other) = (await app.PaidAsync(5m), await app.PaidAsync(6m));
        var customer = mine["customer_id"]!.GetValue<string>();
        Assert.Equal([mine["payment_id"]!.GetValue<string>()], (await app.GetAsync($"{Payments}?customer_id={customer}"))["data"]!.AsArray().Select(row => row!["payment_id"]!.GetValue<string>()));
        Assert.Empty((await app.GetAsync($"/api/v1/revenue/subscriptions?customer_id={customer}"))["data"]!.AsArray());
        Assert.NotEqual(customer, other["customer_id"]!.GetValue<string>());
        foreach (var misspelt in (string[])["customerId", "customer", "state"])
        {
            using var answer = await app.OwnerClient().GetAsync(new Uri($"{Payments}?{misspelt}={customer}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Bad_requests_say_which_field_and_charge_nothing()
    {
        var customer = await app.CustomerAsync();
        var before = (await app.Sandbox.AllAsync("stripe/payment_intents")).Count;
        foreach (var (body, field) in ((object, string)[])[
            (new { customer_id = customer, amount = 0 }, "amount"), (new { customer_id = customer, amount = -1 }, "amount"), (new { customer_id = customer, amount = 1.001 }, "amount"),
            (new { customer_id = customer, amount = 10, currency = "ABC" }, "currency"), (new { customer_id = customer, amount = 10.5, currency = "JPY" }, "amount"), (new { customer_id = "pay_1", amount = 10 }, "customer_id"),
            (new { amount = 10 }, "customer_id"), (new { customer_id = customer, amount = 10, payment_method = "4242" }, "payment_method")])
        {
            var (status, answer) = await app.PostAsync(Payments, body);
            Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (status, answer["code"]!.GetValue<string>()));
            Assert.Contains(field, answer["errors"]!.AsObject().Select(error => error.Key));
        }
        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync(Payments, new { customer_id = $"cust_{Guid.CreateVersion7():N}", amount = 10 })).Status);
        Assert.Equal(before, (await app.Sandbox.AllAsync("stripe/payment_intents")).Count);
    }

    [Fact]
    public async Task A_declined_card_answers_402_and_another_card_pays_the_same_payment()
    {
        var customer = await app.CustomerAsync(method: null);
        var (status, answer) = await app.PostAsync(Payments, new { customer_id = customer, amount = 97, payment_method = "pm_card_chargeDeclinedInsufficientFunds" });
        Assert.Equal((HttpStatusCode.PaymentRequired, "PAYMENT_FAILED", "insufficient_funds"), (status, answer["code"]!.GetValue<string>(), answer["decline_code"]!.GetValue<string>()));
        var id = answer["payment_id"]!.GetValue<string>();
        Assert.Equal("failed", (await app.GetAsync($"{Payments}/{id}"))["status"]!.GetValue<string>());
        var (again, paid) = await app.PostAsync($"{Payments}/{id}/confirm", new { payment_method = "pm_card_visa" });
        Assert.True(again == HttpStatusCode.Created, paid.ToJsonString());
        Assert.Equal("succeeded", paid["status"]!.GetValue<string>());
        await app.BookedAsync(id);
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync($"{Payments}/{id}/confirm", new { payment_method = "pm_card_visa" })).Status);
    }

    [Fact]
    public async Task A_payment_that_came_to_nothing_is_told_of_once_for_each_try()
    {
        var (_, answer) = await app.PostAsync(Payments, new { customer_id = await app.CustomerAsync(method: null), amount = 43, payment_method = "pm_card_chargeDeclinedInsufficientFunds" });
        var (path, id) = ($"{Payments}/{answer["payment_id"]!.GetValue<string>()}", MarketApp.IdOf(answer["payment_id"]!.GetValue<string>()));
        await ToldAsync(1);
        Assert.Equal(HttpStatusCode.PaymentRequired, (await app.PostAsync($"{path}/confirm", new { payment_method = "pm_card_chargeDeclinedInsufficientFunds" })).Status);
        await ToldAsync(2);

        // By our own answer, and not again by the webhook that says the same.
        async Task ToldAsync(int tries)
        {
            await Eventually.EqualAsync((long)tries, () => app.ReadAsync<long>(
                "select count(*) from provider_events e where object_key = (select provider_ref from payments where id = @id) and kind = 'payment_intent.payment_failed' and not exists (select from provider_tasks t where t.subject = e.event_id)", new { id }));
            var told = await app.HeardAsync<Empire.Contracts.PaymentFailed>(failed => failed.PaymentId == id);
            Assert.Equal(tries, told.Count);
            Assert.All(told, failed => Assert.Contains("insufficient funds", failed.Reason, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Too_little_money_is_told_of_as_a_payment_that_came_to_nothing()
    {
        var id = await app.DecidedAsync("flutterwave", null, Money.Of(49m, Currency.Usd));
        Assert.True(await app.TakeAsync(new MoneyArrived("flutterwave", DateTimeOffset.UnixEpoch, true, $"tx_{id:N}", id, $"{Guid.CreateVersion7()}", Money.Of(20m, Currency.Usd))));
        var told = Assert.Single(await app.HeardAsync<Empire.Contracts.PaymentFailed>(failed => failed.PaymentId == id));
        Assert.Equal((DateTimeOffset.UnixEpoch, "20.00 USD arrived where 49.00 USD was asked for."), (told.OccurredAt, told.Reason));
    }

    [Fact]
    public async Task A_charge_whose_customer_stripe_refuses_after_it_was_decided_fails_with_what_stripe_said()
    {
        var customer = await app.CustomerAsync(method: null);
        // Who asks for a customer is answered before Stripe has it, where that takes long.
        await Eventually.TrueAsync(() => app.ReadAsync<bool>("select exists (select from kernel.effects where kind = 'payments.stripe-customer' and intent ->> 'customerId' = @id::text and state = 'succeeded')", new { id = MarketApp.IdOf(customer) }));
        await WriteAsync("update customers set stripe_id = null where id = @id", MarketApp.IdOf(customer)); // as while they are being made there
        var asked = app.PostAsync(Payments, new { customer_id = customer, amount = 45, payment_method = "pm_card_visa" });
        await Eventually.TrueAsync(() => app.ReadAsync<bool>("select exists (select from kernel.effects e join payments p on e.key = 'pay_' || replace(p.id::text, '-', '') where p.customer_id = @id and e.attempts > 0)", new { id = MarketApp.IdOf(customer) }));
        await WriteAsync("update customers set stripe_problem = 'email_invalid: Invalid email address.' where id = @id", MarketApp.IdOf(customer));
        var (status, answer) = await asked;
        if (status != HttpStatusCode.Created) Assert.Equal((HttpStatusCode.PaymentRequired, "email_invalid"), (status, answer["decline_code"]?.GetValue<string>())); // who asks is answered at the latest after a while
        await Eventually.TrueAsync(() => app.ReadAsync<bool>("select exists (select from payments where customer_id = @id and status = 'failed' and failure_code = 'email_invalid')", new { id = MarketApp.IdOf(customer) }));

        async Task WriteAsync(string sql, Guid id)
        {
            await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
            await Dapper.SqlMapper.ExecuteAsync(owner, sql, new { id });
        }
    }

    /// <summary>What was said of the card before is not what is said of this one; told again, and late, it changes nothing.</summary>
    [Fact]
    public async Task After_a_decline_a_card_that_asks_for_3_d_secure_shows_where_the_payer_goes_on()
    {
        var (status, answer) = await app.PostAsync(Payments, new { customer_id = await app.CustomerAsync(method: null), amount = 41, payment_method = "pm_card_chargeDeclinedInsufficientFunds" });
        Assert.Equal(HttpStatusCode.PaymentRequired, status);
        var id = answer["payment_id"]!.GetValue<string>();
        var reference = await app.ReadAsync<string>("select provider_ref from payments where id = @id", new { id = MarketApp.IdOf(id) });
        await Eventually.EqualAsync(true, () => app.ReadAsync<bool>(
            "select exists (select from provider_events e where object_key = @reference and kind = 'payment_intent.payment_failed' and not exists (select from provider_tasks t where t.subject = e.event_id))", new { reference }));
        var (again, waits) = await app.PostAsync($"{Payments}/{id}/confirm", new { payment_method = "pm_card_authenticationRequired", return_url = "https://shop.example/done" });
        Assert.True(again == HttpStatusCode.Created, waits.ToJsonString());
        Assert.Equal(("requires_action", null, null), (waits["status"]!.GetValue<string>(), waits["failure_code"], waits["failure_detail"]));
        var late = new PaymentStands("stripe", TimeProvider.System.GetUtcNow().AddSeconds(-60), true, reference!, null, PaymentStatus.Failed, "insufficient_funds", "Told late.");
        Assert.True(await app.TakeAsync(late));
        Assert.Equal("requires_action", await app.StatusAsync(MarketApp.IdOf(id)));
        await app.Sandbox.PressAsync(new Uri(waits["action_url"]!.GetValue<string>()).AbsolutePath, ("answer", "complete"));
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(MarketApp.IdOf(id)));
    }

    [Fact]
    public async Task The_same_key_twice_also_at_once_is_one_charge()
    {
        var customer = await app.CustomerAsync();
        var before = (await app.Sandbox.AllAsync("stripe/charges")).Count;
        var key = $"key-{Guid.CreateVersion7():N}";
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.PostAsync(Payments, new { customer_id = customer, amount = 12 }, key: key)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        Assert.Single(answers.Select(answer => answer.Body["payment_id"]!.GetValue<string>()).Distinct());
        Assert.Equal(before + 1, (await app.Sandbox.AllAsync("stripe/charges")).Count);
    }

    [Theory]
    [InlineData("complete", "succeeded")]
    [InlineData("fail", "failed")]
    public async Task Three_d_secure_asks_the_payer_and_ends_as_they_answer(string answer, string end)
    {
        var customer = await app.CustomerAsync(method: null);
        var (status, payment) = await app.PostAsync(Payments, new { customer_id = customer, amount = 30, payment_method = "pm_card_authenticationRequired", return_url = "https://shop.example/done" });
        Assert.Equal((HttpStatusCode.Created, "requires_action"), (status, payment["status"]!.GetValue<string>()));
        Assert.Contains("_secret_", payment["client_secret"]!.GetValue<string>(), StringComparison.Ordinal);
        var id = payment["payment_id"]!.GetValue<string>();
        await app.Sandbox.PressAsync(new Uri(payment["action_url"]!.GetValue<string>()).AbsolutePath, ("answer", answer));
        await Eventually.EqualAsync(end, () => app.StatusAsync(MarketApp.IdOf(id)));
    }

    [Fact]
    public async Task Without_a_method_the_payers_browser_is_to_say()
    {
        var (status, payment) = await app.PostAsync(Payments, new { customer_id = await app.CustomerAsync(method: null), amount = 5 });
        Assert.Equal((HttpStatusCode.Created, "requires_payment_method"), (status, payment["status"]!.GetValue<string>()));
        Assert.NotNull(payment["client_secret"]);
    }

    [Fact]
    public async Task What_only_the_payers_browser_may_know_is_in_no_kept_answer_and_in_every_repeat()
    {
        var (customer, key) = (await app.CustomerAsync(method: null), $"kept {Guid.CreateVersion7()}");
        var first = await app.PostAsync("/api/v1/revenue/payments", new { customer_id = customer, amount = 5 }, key: key);
        var kept = await app.ReadAsync<byte[]>("select body from kernel.idempotency where key = @key", new { key });
        Assert.StartsWith("s1.", Encoding.UTF8.GetString(kept!), StringComparison.Ordinal);
        var again = await app.PostAsync("/api/v1/revenue/payments", new { customer_id = customer, amount = 5 }, key: key);
        Assert.Equal((HttpStatusCode.Created, first.Body.ToJsonString()), (again.Status, again.Body.ToJsonString()));
        Assert.NotNull(again.Body["client_secret"]);
    }

    [Theory]
    [InlineData("EUR", "19.99")]
    [InlineData("NGN", "25000")]
    [InlineData("JPY", "1234")]
    public async Task Currencies_keep_their_minor_units(string currency, string units)
    {
        var amount = decimal.Parse(units, System.Globalization.CultureInfo.InvariantCulture);
        var payment = await app.PaidAsync(amount, currency);
        Assert.Equal(amount, payment["amount"]!.GetValue<decimal>());
        var minor = currency == "JPY" ? amount : amount * 100;
        Assert.Contains(await app.Sandbox.AllAsync("stripe/charges"), charge => string.Equals(charge["currency"]!.GetValue<string>(), currency, StringComparison.OrdinalIgnoreCase) && charge["amount"]!.GetValue<decimal>() == minor);
        Assert.True(await app.BalanceAsync("cash:stripe", currency) > 0);
    }
}
