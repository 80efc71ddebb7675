using System.Net;
using System.Text.Json.Nodes;
using Empire.Contracts;
using Empire.Payments.Tests.Outside;
using Empire.Testing;

namespace Empire.Payments.Tests.Subscriptions;

/// <summary>Payments of subscriptions for which the payer's bank wants to hear from them: the payer is told where.</summary>
public sealed class AuthenticationTests(MarketApp app) : IClassFixture<MarketApp>
{
    private const string Subscriptions = "/api/v1/revenue/subscriptions", Invoices = "/api/v1/revenue/invoices", Asks = "pm_card_authenticationRequired";
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddMonths(-2).AddDays(-20);

    [Fact]
    public async Task A_first_payment_that_needs_the_payer_says_where_and_is_active_once_they_were_there()
    {
        var subscriber = await app.SubscriberAsync(Start, Asks);
        var begun = await BeginAsync(subscriber);
        Assert.Equal("incomplete", Text(begun, "status"));
        var (page, secret) = (new Uri(Text(begun, "action_url")), Text(begun, "client_secret"));
        Assert.StartsWith("/stripe/invoices/in_", page.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal(secret, Text((await app.Sandbox.AllAsync("stripe/payment_intents")).Single(made => made["customer"]?.ToString() == subscriber.Reference), "client_secret"));
        Assert.DoesNotContain("_secret_", await app.ReadAsync<string>("select client_secret from subscriptions where id = @id", new { id = MarketApp.IdOf(Text(begun, "subscription_id")) }), StringComparison.Ordinal);
        await StandsAsync(begun, row => row["action_url"]?.ToString() == page.AbsoluteUri && row["client_secret"]?.ToString() == secret);
        var invoice = (await app.UntilAsync($"{Invoices}?subscription_id={Text(begun, "subscription_id")}", list => list["data"]!.AsArray().Count == 1 && Text(list["data"]![0]!, "status") == "open"))["data"]![0]!;
        Assert.Equal((page.AbsoluteUri, secret), (Text(invoice, "action_url"), Text(invoice, "client_secret")));
        Assert.Equal("free", await subscriber.TierAsync());
        Assert.Contains($"href=\"{page.AbsoluteUri}\"", await PrintedAsync(invoice), StringComparison.Ordinal);

        await app.Sandbox.PressAsync(page.AbsolutePath, ("answer", "complete"));
        var active = await StandsAsync(begun, row => Text(row, "status") == "active");
        Assert.Equal((null, null), (active["action_url"], active["client_secret"]));
        await Eventually.EqualAsync("professional", subscriber.TierAsync);
        var paid = await app.UntilAsync($"{Invoices}/{Text(invoice, "invoice_id")}", row => Text(row, "status") == "paid");
        Assert.Equal((null, null), (paid["action_url"], paid["client_secret"]));
        Assert.DoesNotContain("href", await PrintedAsync(invoice), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_payer_fails_it_stays_incomplete_and_expires_and_gives_nothing()
    {
        var subscriber = await app.SubscriberAsync(Start, Asks);
        var begun = await BeginAsync(subscriber);
        var page = new Uri(Text(begun, "action_url")).AbsolutePath;
        await app.Sandbox.PressAsync(page, ("answer", "fail"));
        await app.UntilAsync($"{Invoices}?subscription_id={Text(begun, "subscription_id")}", list => list["data"]!.AsArray().Any(invoice => invoice!["attempts"]!.GetValue<int>() == 2));
        var waiting = await StandsAsync(begun, row => Text(row, "status") == "incomplete");
        Assert.Equal(page, new Uri(Text(waiting, "action_url")).AbsolutePath);          // another card may be given there
        await subscriber.AdvanceAsync(Start.AddHours(22));
        Assert.Equal("incomplete", Text(await StandsAsync(begun, _ => true), "status"));
        await subscriber.AdvanceAsync(Start.AddHours(23));
        var over = await StandsAsync(begun, row => Text(row, "status") == "incomplete_expired");
        Assert.Equal((null, null), (over["action_url"], over["client_secret"]));
        Assert.Equal("free", await subscriber.TierAsync());
        Assert.Empty(await subscriber.ToldAsync());
    }

    [Fact]
    public async Task The_page_takes_another_card()
    {
        var subscriber = await app.SubscriberAsync(Start, "pm_card_chargeCustomerFail");
        var begun = await BeginAsync(subscriber);
        await app.Sandbox.PressAsync(new Uri(Text(begun, "action_url")).AbsolutePath, ("answer", "pay"), ("card", "pm_card_mastercard"));
        await StandsAsync(begun, row => Text(row, "status") == "active");
        await Eventually.EqualAsync("professional", subscriber.TierAsync);
    }

    /// <summary>What the answer said is found again where nobody heard it.</summary>
    [Fact]
    public async Task The_link_is_there_also_where_stripes_answer_was_lost()
    {
        var subscriber = await app.SubscriberAsync(Start, Asks);
        var price = await app.PriceAsync(4900, "professional");
        await app.Sandbox.ArmAsync("stripe", "cut_after", "/v1/subscriptions", method: "POST");
        var (_, begun) = await app.PostAsync(Subscriptions, new { customer_id = subscriber.Id, price_id = price });
        var found = await StandsAsync(begun, row => Text(row, "status") == "incomplete" && row["client_secret"] is not null);
        Assert.StartsWith("/stripe/invoices/in_", new Uri(Text(found, "action_url")).AbsolutePath, StringComparison.Ordinal);
        Assert.Single(await app.Sandbox.AllAsync("stripe/subscriptions"), made => Text(made, "customer") == subscriber.Reference);
    }

    [Fact]
    public async Task A_dearer_price_whose_difference_needs_the_payer_says_where()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var begun = await BeginAsync(subscriber);
        await StandsAsync(begun, row => Text(row, "status") == "active");
        await subscriber.PayWithAsync(Asks);
        await subscriber.AdvanceAsync(Start.AddDays(10));
        var (_, changed) = await app.PostAsync($"{Subscriptions}/{Text(begun, "subscription_id")}/price", new { price_id = await app.PriceAsync(19900, "enterprise"), proration = "always_invoice" });
        var owing = await StandsAsync(changed, row => row["pending_price_id"] is not null && row["client_secret"] is not null && row["action_url"] is not null);
        Assert.Equal(("active", Text(begun, "price_id"), "professional"), (Text(owing, "status"), Text(owing, "price_id"), await subscriber.TierAsync())); // what is not paid is not had
        await app.Sandbox.PressAsync(new Uri(Text(owing, "action_url")).AbsolutePath, ("answer", "complete"));
        await StandsAsync(begun, row => row["pending_price_id"] is null && row["action_url"] is null && Text(row, "tier") == "enterprise");
        await Eventually.EqualAsync("enterprise", subscriber.TierAsync);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_dearer_price_whose_difference_is_declined_gives_nothing_and_is_forgotten_after_a_day_or_when_it_is_wished_back(bool wishedBack)
    {
        var subscriber = await app.SubscriberAsync(Start);
        var begun = await BeginAsync(subscriber);
        await subscriber.PayWithAsync("pm_card_chargeCustomerFail");
        await subscriber.AdvanceAsync(Start.AddDays(10));
        var (path, dear) = ($"{Subscriptions}/{Text(begun, "subscription_id")}", await app.PriceAsync(19900, "enterprise"));
        var (status, waits) = await app.PostAsync($"{path}/price", new { price_id = dear, proration = "always_invoice" });
        Assert.True(status == HttpStatusCode.OK, waits.ToJsonString());
        Assert.Equal((dear, "active", Text(begun, "price_id")), (Text(waits, "pending_price_id"), Text(waits, "status"), Text(waits, "price_id")));
        await app.PostAsync($"{path}/price", new { price_id = dear, proration = "always_invoice" }); // said again, it waits as before
        if (wishedBack) await app.PostAsync($"{path}/price", new { price_id = Text(begun, "price_id"), proration = "always_invoice" });
        else await subscriber.AdvanceAsync(Start.AddDays(11));
        var over = await StandsAsync(begun, row => row["pending_price_id"] is null);
        Assert.Equal(("active", Text(begun, "price_id")), (Text(over, "status"), Text(over, "price_id")));
        var invoices = await app.UntilAsync($"{Invoices}?subscription_id={Text(begun, "subscription_id")}", list => list["data"]!.AsArray().All(invoice => Text(invoice!, "status") is "paid" or "void"));
        Assert.Equal(["void", "paid"], invoices["data"]!.AsArray().Select(invoice => Text(invoice!, "status")));
        Assert.Equal("professional", await subscriber.TierAsync());
        Assert.Equal([("professional", "active")], await subscriber.ToldAsync());
    }

    [Fact]
    public async Task A_renewal_that_needs_the_account_that_pays_is_mailed_with_a_link_to_its_invoice()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var begun = await BeginAsync(subscriber);
        await StandsAsync(begun, row => Text(row, "status") == "active");
        await subscriber.PayWithAsync(Asks);
        await subscriber.AdvanceAsync(Start.AddMonths(1));
        var overdue = await StandsAsync(begun, row => Text(row, "status") == "past_due" && row["action_url"] is not null);
        await Eventually.TrueAsync(async () => await app.ReadAsync<bool>("select exists (select from invoices where subscription_id = @id and awaits_payer and status = 'open')", new { id = MarketApp.IdOf(Text(begun, "subscription_id")) }));
        await Eventually.TrueAsync(async () => (await app.HeardAsync<SubscriptionChanged>(change => change.TenantId == subscriber.Account)).Any(change => change.Status == "past_due"));
        var told = (await app.HeardAsync<SubscriptionChanged>(change => change.TenantId == subscriber.Account)).Single(change => change.Status == "past_due");
        Assert.Equal("professional", told.Tier);
        await FollowAsync(told.BillingPath, Text(overdue, "action_url"));
        await StandsAsync(begun, row => Text(row, "status") == "active" && row["action_url"] is null);
        await Eventually.EqualAsync(("professional", "active"), async () => (await subscriber.ToldAsync()).Last());
        Assert.DoesNotContain("/stripe/invoices/", (await OpenedAsync(told.BillingPath!))!.AbsolutePath, StringComparison.Ordinal); // nothing is open: it is the billing portal again
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_customers_renewal_that_needs_them_is_told_with_a_link_where_they_may_be_mailed(bool mayRemind)
    {
        var seller = TenantId.New(TimeProvider.System.GetUtcNow());
        using var client = app.ClientFor(seller);
        using (var said = await client.PutAsync("/api/v1/revenue/billing", System.Net.Http.Json.JsonContent.Create(new { remind_customers = mayRemind }))) Assert.True(said.IsSuccessStatusCode);
        var clock = Text(await app.StripeAsync("test_helpers/test_clocks", ("frozen_time", Start.ToUnixTimeSeconds())), "id");
        var (_, customer) = await app.PostAsync("/api/v1/revenue/customers", new { email = $"{Guid.CreateVersion7():N}@example.com", payment_method = "pm_card_visa", test_clock = clock }, seller);
        var id = Text(customer, "customer_id");
        var (_, begun) = await app.PostAsync(Subscriptions, new { customer_id = id, price_id = await app.PriceAsync(1200, null) }, seller);
        await app.SettledAsync();
        using (var asks = await client.PutAsync($"/api/v1/revenue/customers/{id}/payment-method", System.Net.Http.Json.JsonContent.Create(new { payment_method = Asks }))) Assert.True(asks.IsSuccessStatusCode);
        await app.StripeAsync($"test_helpers/test_clocks/{clock}/advance", ("frozen_time", Start.AddMonths(1).ToUnixTimeSeconds()));
        await Eventually.TrueAsync(async () => Text(await app.GetAsync($"{Subscriptions}/{Text(begun, "subscription_id")}", seller), "status") == "past_due");
        await app.SettledAsync();
        var overdue = Assert.Single(await app.HeardAsync<CustomerSubscriptionChanged>(change => change.CustomerId == MarketApp.IdOf(id) && change is { Status: "past_due", Before: not "past_due" }));
        if (mayRemind) await FollowAsync(overdue.BillingPath, Text(await app.GetAsync($"{Subscriptions}/{Text(begun, "subscription_id")}", seller), "action_url"));
        else Assert.Null(overdue.BillingPath);
    }

    /// <summary>Opens the link of the mail as a browser would, and confirms on the page to which it leads.</summary>
    private async Task FollowAsync(string? path, string invoice)
    {
        var page = await OpenedAsync(path!);
        Assert.Equal(invoice, page?.AbsoluteUri);
        await app.Sandbox.PressAsync(page!.AbsolutePath, ("answer", "complete"));
    }

    private async Task<Uri?> OpenedAsync(string path)
    {
        using var browser = app.CreateDefaultClient();                                      // follows nothing
        using var opened = await browser.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.Redirect, opened.StatusCode);
        return opened.Headers.Location;
    }

    private async Task<string> PrintedAsync(JsonNode invoice)
    {
        using var client = app.OwnerClient();
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        return await client.GetStringAsync($"{Invoices}/{Text(invoice, "invoice_id")}");
    }

    private async Task<JsonObject> BeginAsync(Subscriber subscriber)
    {
        var (status, begun) = await app.PostAsync(Subscriptions, new { customer_id = subscriber.Id, price_id = await app.PriceAsync(4900, "professional") });
        Assert.True(status is HttpStatusCode.Created or HttpStatusCode.Accepted, begun.ToJsonString()); // accepted where Stripe's events take their time
        return await StandsAsync(begun, row => Text(row, "status") == "active" || (Text(row, "status") == "incomplete" && row["action_url"] is not null && row["client_secret"] is not null));
    }

    private Task<JsonObject> StandsAsync(JsonNode subscription, Func<JsonObject, bool> wanted) => app.UntilAsync($"{Subscriptions}/{Text(subscription, "subscription_id")}", wanted);

    private static string Text(JsonNode item, string field) => item[field]?.ToString() ?? throw new InvalidOperationException($"{field} is missing: {item.ToJsonString()}");
}
