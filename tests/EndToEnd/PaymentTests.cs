using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Testing;

namespace Empire.EndToEnd.Tests;

/// <summary>Money through the gateway, on the running installation: the providers are the sandbox's, their webhooks come in by the same door as anybody.</summary>
[Collection(InstallationCollection.Name)]
public sealed class PaymentTests(Installation empire) : IDisposable
{
    private const string Customers = "/api/v1/revenue/customers", Payments = "/api/v1/revenue/payments", Disputes = "/api/v1/revenue/disputes";
    private readonly Market market = new(empire);

    public void Dispose() => market.Dispose();

    /// <summary>PAY-01.</summary>
    [Fact]
    public async Task A_customer_is_shown_listed_unique_and_nobody_elses()
    {
        var email = $"{Guid.CreateVersion7():N}@example.test";
        var id = Market.Text(await market.PostAsync(Customers, new { email, name = "Ada" }), "customer_id");
        Assert.StartsWith("cust_", id, StringComparison.Ordinal);
        Assert.Equal(email, Market.Text(await market.Owner.GetJsonAsync($"{Customers}/{id}"), "email"));
        Assert.Contains(await market.Owner.GetAllAsync(Customers), customer => Market.Text(customer, "customer_id") == id);
        Assert.Equal(409, (await market.RefusedAsync(Customers, new { email = email.ToUpperInvariant() })).Status);
        using var stranger = await empire.NewTenantAsync("A stranger");
        using var hidden = await stranger.GetAsync($"{Customers}/{id}");
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        await Eventually.TrueAsync(async () => (await market.AllAsync("stripe/customers")).Any(customer => customer.GetProperty("email").GetString() == email)); // made there by an effect, which nobody waits for
    }

    /// <summary>PAY-02, 06, 16.</summary>
    [Fact]
    public async Task A_customer_pays_is_refunded_in_part_and_every_cent_stands_in_the_books()
    {
        var (customer, key) = (await market.CustomerAsync(), $"key-{Guid.CreateVersion7():N}");
        var request = new { customer_id = customer, amount = 97.00, currency = "USD", description = "Professional Plan Subscription" };
        var payment = await market.PostAsync(Payments, request, key);
        Assert.Equal("succeeded", Market.Text(payment, "status"));
        var id = Market.Text(payment, "payment_id");
        Assert.Equal(id, Market.Text(await market.PostAsync(Payments, request, key), "payment_id")); // asked again, charged once
        await EntriesAsync(id, 2);                                                                   // the money, and the fee
        var refund = await market.PostAsync($"{Payments}/{id}/refunds", new { amount = 30 });
        Assert.Equal(67m, refund.GetProperty("refundable").GetDecimal());
        Assert.Equal(409, (await market.RefusedAsync($"{Payments}/{id}/refunds", new { amount = 68 })).Status);
        await EntriesAsync(id, 3);
        var books = await market.BooksAsync(id);
        Assert.Equal((67m - 3.11m, -97m, 30m, 3.11m), (books["cash:stripe"], books["revenue:sales"], books["revenue:refunds"], books["fee:stripe"]));
        Assert.Single(await market.AllAsync("stripe/charges"), charge => charge.GetProperty("customer").GetString() is { } payer && charge.GetProperty("amount").GetInt64() == 9700 && charge.GetProperty("metadata").ToString().Contains(id[4..], StringComparison.Ordinal) && payer.Length > 0);
        foreach (var currency in (await market.Owner.GetJsonAsync("/api/v1/ledger/trial-balance")).GetProperty("currencies").EnumerateArray()) Assert.Equal(0m, currency.GetProperty("difference").GetDecimal());
        Assert.True((await market.PostAsync("/api/v1/ledger/rebuild", new { })).GetProperty("equal").GetBoolean());
    }

    /// <summary>PAY-02.</summary>
    [Fact]
    public async Task What_cannot_be_charged_says_why_and_names_the_field()
    {
        var customer = await market.CustomerAsync();
        Assert.Equal((400, "VALIDATION_ERROR", "amount"), await market.RefusedAsync(Payments, new { customer_id = customer, amount = 0 }));
        Assert.Equal((400, "VALIDATION_ERROR", "currency"), await market.RefusedAsync(Payments, new { customer_id = customer, amount = 5, currency = "ABC" }));
        Assert.Equal(404, (await market.RefusedAsync(Payments, new { customer_id = $"cust_{Guid.CreateVersion7():N}", amount = 5 })).Status);
        Assert.Equal((402, "PAYMENT_FAILED", ""), await market.RefusedAsync(Payments, new { customer_id = customer, amount = 5, payment_method = "pm_card_chargeDeclined" }));
    }

    /// <summary>PAY-03.</summary>
    [Theory]
    [InlineData("complete", "succeeded")]
    [InlineData("fail", "failed")]
    public async Task A_card_with_3d_secure_waits_for_its_holder(string answer, string end)
    {
        var payment = await market.PostAsync(Payments, new { customer_id = await market.CustomerAsync(method: null), amount = 30, payment_method = "pm_card_authenticationRequired" });
        Assert.Equal(("requires_action", "USD"), (Market.Text(payment, "status"), Market.Text(payment, "currency")));
        Assert.Contains("_secret_", Market.Text(payment, "client_secret"), StringComparison.Ordinal);
        await market.PressAsync(new Uri(Market.Text(payment, "action_url")).AbsolutePath, ("answer", answer));
        await Eventually.EqualAsync(end, async () => Market.Text(await market.Owner.GetJsonAsync($"{Payments}/{Market.Text(payment, "payment_id")}"), "status"));
    }

    /// <summary>PAY-07.</summary>
    [Theory]
    [InlineData("won", 40, 0)]
    [InlineData("lost", 41, 41)]
    public async Task A_dispute_is_held_alerted_answered_and_once_decided_released_or_lost(string outcome, int amount, int loss)
    {
        var payment = Market.Text(await market.PaidAsync(amount, customer: await market.CustomerAsync("pm_card_createDispute")), "payment_id");
        JsonElement dispute = default;
        await Eventually.TrueAsync(async () => (dispute = (await market.Owner.GetAllAsync(Disputes)).FirstOrDefault(row => Market.Text(row, "payment_id") == payment)).ValueKind == JsonValueKind.Object);
        await Eventually.EqualAsync((decimal)amount, async () => (await market.BooksAsync(payment)).GetValueOrDefault("held:stripe-disputes"));
        var made = Assert.Single(await market.AllAsync("stripe/disputes"), row => row.GetProperty("amount").GetInt64() == amount * 100);
        await Eventually.TrueAsync(async () => (await market.Owner.GetAllAsync("/api/v1/revenue/alerts?severity=high")).Any(alert => Market.Text(alert, "subject") == $"dispute:{Market.Text(made, "id")}"));
        await market.PostAsync($"{Disputes}/{Market.Text(dispute, "dispute_id")}/evidence", new { uncategorized_text = "The guide was read for an hour." });
        await market.ControlAsync($"stripe/disputes/{Market.Text(made, "id")}/close", new { status = outcome });
        await Eventually.EqualAsync(outcome, async () => Market.Text(await market.Owner.GetJsonAsync($"{Disputes}/{Market.Text(dispute, "dispute_id")}"), "status"));
        await Eventually.EqualAsync((0m, (decimal)loss), async () => (await market.BooksAsync(payment)) is var books ? (books.GetValueOrDefault("held:stripe-disputes"), books.GetValueOrDefault("cost:dispute-losses")) : default);
    }

    /// <summary>PAY-08: JPY has no smaller unit, and nothing is summed by a rate that nobody stored.</summary>
    [Fact]
    public async Task Four_currencies_keep_their_units_and_sum_in_one_by_the_rates_of_their_day()
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        foreach (var (amount, currency) in ((decimal, string)[])[(10m, "USD"), (19.99m, "EUR"), (25_000m, "NGN"), (1234m, "JPY")])
        {
            var payment = Market.Text(await market.PaidAsync(amount, currency), "payment_id");
            await EntriesAsync(payment, 2);
            Assert.Equal(-amount, (await market.BooksAsync(payment))["revenue:sales"]);
        }
        Assert.Contains(await market.AllAsync("stripe/charges"), charge => charge.GetProperty("currency").GetString() == "jpy" && charge.GetProperty("amount").GetInt64() == 1234);
        var profit = "/api/v1/ledger/profit?by=platform&base=USD&test=true";
        Assert.NotEmpty((await market.Owner.GetJsonAsync(profit)).GetProperty("base").GetProperty("without_rate").EnumerateArray());
        using var rates = await market.Owner.PutAsJsonAsync("/api/v1/ledger/rates", new
        {
            rates = new[] { ("EUR", 1.10m), ("NGN", 0.0006m), ("JPY", 0.0065m) }.SelectMany(rate => new[] { today, today.AddDays(1) }.Select(date => new { @base = rate.Item1, quote = "USD", rate = rate.Item2, date, source = "a bank" })),
        });
        Assert.True(rates.IsSuccessStatusCode, await rates.Content.ReadAsStringAsync());
        var summed = await market.Owner.GetJsonAsync(profit);
        Assert.Empty(summed.GetProperty("base").GetProperty("without_rate").EnumerateArray());
        var own = summed.GetProperty("currencies").EnumerateArray().ToDictionary(row => Market.Text(row, "currency"), row => row.GetProperty("total").GetProperty("revenue").GetDecimal());
        Assert.Equal(own["USD"] + own["EUR"] * 1.10m + own["NGN"] * 0.0006m + own["JPY"] * 0.0065m, summed.GetProperty("base").GetProperty("total").GetProperty("revenue").GetDecimal(), 4);
    }

    /// <summary>PAY-18.</summary>
    [Fact]
    public async Task A_price_is_advised_from_observed_demand_or_left_as_it_is()
    {
        const string path = "/api/v1/revenue/optimize/pricing";
        var none = await market.PostAsync(path, new { product_name = $"New {Guid.CreateVersion7():N}", current_price = 297.00 });
        Assert.Equal((297m, 0m), (none.GetProperty("recommended_price").GetDecimal(), none.GetProperty("expected_impact").GetProperty("revenue_change_percent").GetDecimal()));
        var seen = await market.PostAsync("/api/ai/optimize-pricing", new
        {
            product_name = $"Observed {Guid.CreateVersion7():N}", current_price = 150m, market_data = new[] { (50, 375), (100, 250), (150, 125), (190, 25) }.Select(point => new { price = point.Item1, offers = 1000, sales = point.Item2 }),
        });
        Assert.Equal((100m, 33.33m), (seen.GetProperty("recommended_price").GetDecimal(), seen.GetProperty("expected_impact").GetProperty("revenue_change_percent").GetDecimal()));
        Assert.Equal((400, "VALIDATION_ERROR", "current_price"), await market.RefusedAsync(path, new { product_name = "A guide", current_price = -1 }));
    }

    /// <summary>PAY-19.</summary>
    [Fact]
    public async Task A_card_number_is_refused_and_no_log_and_no_database_knows_it()
    {
        const string number = "4000056655665556";
        await market.PostAsync(Customers, new { email = $"{Guid.CreateVersion7():N}@example.test", name = $"Kept {number[..8]}" });
        Assert.Equal((400, "CARD_DATA_REFUSED"), await market.RefusedAsync(Payments, new { customer_id = await market.CustomerAsync(), amount = 5, description = $"card {number}" }) is var (status, code, _) ? (status, code) : default);
        foreach (var service in (string[])["payments", "gateway"]) Assert.DoesNotContain(number, await empire.LogAsync(service), StringComparison.Ordinal);
        Assert.Contains("payments: public.customers", await empire.KeptAsync($"Kept {number[..8]}")); // what is kept is found
        Assert.Empty(await empire.KeptAsync(number));
    }

    private Task EntriesAsync(string payment, int count) => Eventually.EqualAsync(count, async () => (await market.Owner.GetAllAsync($"/api/v1/ledger/entries?payment_id={payment}")).Count);
}
