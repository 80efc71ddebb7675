using Empire.Contracts;
using Empire.Testing;

namespace Empire.Acquisition.Tests;

/// <summary>PAY-15: one mail that names what the account has now.</summary>
public sealed class SubscriptionMailTests(AcquisitionApp app) : IClassFixture<AcquisitionApp>
{
    [Theory]
    [InlineData("professional", "free", "active", "Your account is now professional", "1,000 API calls a month")]
    [InlineData("free", "professional", "cancelled", "Your account is back on free", "100 API calls a month")]
    [InlineData("professional", "professional", "past_due", "We could not collect your payment", "professional")]
    public async Task An_account_is_told_once_what_it_has(string tier, string before, string status, string subject, string text)
    {
        var email = $"{status}@example.com";
        var fact = new SubscriptionChanged { TenantId = app.Tenant.Value, CustomerId = Guid.CreateVersion7(), Email = email, Tier = tier, Before = before, Status = status, EndsAt = null, OccurredAt = TimeProvider.System.GetUtcNow() };
        await app.PublishAsync(fact);
        await app.PublishAsync(fact);
        var mail = await app.Sandbox.MailToAsync(email);
        Assert.Equal(subject, mail["subject"]!.GetValue<string>());
        Assert.Contains(text, mail["text"]!.GetValue<string>(), StringComparison.Ordinal);
        await Eventually.EqualAsync(1L, () => app.ReadAsync<long>("select count(*) from mails where recipient = @email", new { email }));
    }
}

/// <summary>What is told beside the change itself.</summary>
public sealed class DunningMailTests(AcquisitionApp app) : IClassFixture<AcquisitionApp>
{
    [Fact]
    public async Task An_account_that_is_overdue_gets_the_link_to_give_another_card_once_and_hears_nothing_of_an_end_that_moved()
    {
        var (email, now) = ("overdue@example.com", TimeProvider.System.GetUtcNow());
        SubscriptionChanged Change(string before, string status, DateTimeOffset at, string? path = null) => new()
        {
            TenantId = app.Tenant.Value, CustomerId = Guid.CreateVersion7(), Email = email, Tier = "professional", Before = "professional", Status = status, StatusBefore = before, BillingPath = path, EndsAt = at.AddDays(3), OccurredAt = at,
        };
        await app.PublishAsync(Change("active", "active", now));
        await app.PublishAsync(Change("active", "past_due", now.AddSeconds(1), "/billing/0199f3a17c5b7d3e8a4b5c6d7e8f9077"));
        await app.PublishAsync(Change("past_due", "past_due", now.AddSeconds(2)));
        var mail = await app.Sandbox.MailToAsync(email);
        Assert.Contains("https://empire.example/billing/0199f3a17c5b7d3e8a4b5c6d7e8f9077", mail["text"]!.GetValue<string>(), StringComparison.Ordinal);
        await Eventually.EqualAsync(3L, () => app.ReadAsync<long>("select count(*) from kernel.inbox where queue like '%acquisition.subscription-changed'"));
        Assert.Equal(1L, await app.ReadAsync<long>("select count(*) from mails where recipient = @email", new { email }));
    }

    [Fact]
    public async Task A_customer_whose_renewal_failed_is_mailed_politely_where_their_seller_allows_it()
    {
        CustomerSubscriptionChanged Change(string email, bool mayRemind = true, bool account = false, string? before = "active") => new()
        {
            TenantId = app.Tenant.Value, SubscriptionId = Guid.CreateVersion7(), CustomerId = Guid.CreateVersion7(), IsAccount = account, Email = email, Status = "past_due", Before = before, PriceId = "price_1", Micros = 12_000_000,
            Currency = "USD", CancelAtPeriodEnd = false, SellerName = "Harbour Roasters", SellerEmail = "billing@harbour.example", MayRemind = mayRemind, BillingPath = "/billing/0199f3a17c5b7d3e8a4b5c6d7e8f9078", Test = true, OccurredAt = TimeProvider.System.GetUtcNow(),
        };
        await app.PublishAsync(Change("not-asked@example.com", mayRemind: false));
        await app.PublishAsync(Change("account@example.com", account: true));
        await app.PublishAsync(Change("again@example.com", before: "past_due"));
        await app.PublishAsync(Change("late@example.com"));
        var mail = await app.Sandbox.MailToAsync("late@example.com");
        Assert.Equal("Your payment to Harbour Roasters did not go through", mail["subject"]!.GetValue<string>());
        foreach (var part in (string[])["12.00 USD", "billing@harbour.example", "https://empire.example/billing/0199f3a17c5b7d3e8a4b5c6d7e8f9078"]) Assert.Contains(part, mail["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(1L, await app.ReadAsync<long>("select count(*) from mails where template = 'renewal-failed'"));
    }

    [Fact]
    public async Task A_dispute_is_mailed_to_each_owner_once_with_amount_reason_deadline_and_where_to_answer()
    {
        app.Identity.Owners[app.Tenant.Value] = ["first@example.com", "second@example.com"];
        var fact = new DisputeOpened
        {
            TenantId = app.Tenant.Value, DisputeId = Guid.CreateVersion7(), PaymentId = Guid.CreateVersion7(), Micros = 39_000_000, Currency = "USD", Reason = "product_not_received", DueBy = new(2027, 3, 20, 23, 59, 0, TimeSpan.Zero),
            Test = true, OccurredAt = TimeProvider.System.GetUtcNow(),
        };
        await app.PublishAsync(fact);
        await app.PublishAsync(fact);
        foreach (var owner in app.Identity.Owners[app.Tenant.Value])
        {
            var mail = await app.Sandbox.MailToAsync(owner);
            Assert.Equal("A payer disputes 39.00 USD", mail["subject"]!.GetValue<string>());
            foreach (var part in (string[])["product not received", "20 Mar 2027, 23:59 UTC", $"/api/v1/revenue/disputes/dp_{fact.DisputeId:N}/evidence"]) Assert.Contains(part, mail["text"]!.GetValue<string>(), StringComparison.Ordinal);
        }
        Assert.Equal(2L, await app.ReadAsync<long>("select count(*) from mails where template = 'dispute-opened'"));
    }

    [Fact]
    public async Task Books_that_contradict_themselves_are_mailed_to_whoever_runs_the_installation()
    {
        app.Identity.Owners[app.Identity.Operator] = ["runs-it@example.com"];
        var fact = new LedgerDriftFound { TenantId = app.Tenant.Value, DriftId = Guid.CreateVersion7(), Kind = "balance", Subject = "cash:stripe USD", Detail = "The balance says 78; the lines sum to 39.", OccurredAt = TimeProvider.System.GetUtcNow() };
        await app.PublishAsync(fact);
        await app.PublishAsync(fact);
        var text = (await app.Sandbox.MailToAsync("runs-it@example.com"))["text"]!.GetValue<string>();
        foreach (var part in (string[])["cash:stripe USD", "The balance says 78", app.Tenant.ToString()]) Assert.Contains(part, text, StringComparison.Ordinal);
    }
}

/// <summary>Credentials that someone should replace.</summary>
public sealed class CredentialMailTests(AcquisitionApp app) : IClassFixture<AcquisitionApp>
{
    private static readonly DateTimeOffset Since = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("vault", "PUT /api/v1/identity/credentials/cred_")]
    [InlineData("store", "POST /api/stores/connect")]
    [InlineData("settings", "Put the new one into MAIN_SHOP,")]
    public async Task Each_owner_is_told_once_of_a_value_s_age_and_where_to_replace_it_and_again_of_the_next_value(string kept, string where)
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        string[] owners = [$"first-{kept}@example.com", $"second-{kept}@example.com"];
        app.Identity.Owners[tenant.Value] = owners;
        var fact = new CredentialAged
        {
            TenantId = tenant.Value, CredentialId = Guid.CreateVersion7(), Provider = "shopify", Name = "MAIN_SHOP", Kept = kept, Class = "platform", SetAt = Since, OccurredAt = Since.AddDays(91),
        };
        await SayAsync(tenant, fact);
        await SayAsync(tenant, fact);
        foreach (var owner in owners)
        {
            var mail = await app.Sandbox.MailToAsync(owner);
            Assert.Equal("A credential of shopify is 91 days old", mail["subject"]!.GetValue<string>());
            foreach (var part in (string[])["MAIN_SHOP", "2 Mar 2026, 08:00 UTC", where, "https://empire.example/docs"])
            {
                Assert.Contains(part, mail["text"]!.GetValue<string>().ReplaceLineEndings(" "), StringComparison.Ordinal);
                Assert.Contains(part.TrimEnd(','), mail["html"]!.GetValue<string>().Replace("<strong>", "", StringComparison.Ordinal), StringComparison.Ordinal);
            }
            foreach (var other in ((string[])["/credentials/cred_", "/api/stores/connect", "Put the new one into"]).Where(other => !where.Contains(other, StringComparison.Ordinal)))
                Assert.DoesNotContain(other, mail["text"]!.GetValue<string>(), StringComparison.Ordinal);
        }
        await SayAsync(tenant, fact with { SetAt = Since.AddDays(100), OccurredAt = Since.AddDays(191) });
        await Eventually.EqualAsync(2, async () => (await app.Sandbox.MailsToAsync(owners[0])).Count);
        Assert.Equal(4L, await app.ReadAsync<long>("select count(*) from mails where tenant_id = @tenant", new { tenant = tenant.Value }));
    }

    [Fact]
    public async Task A_jump_in_use_is_told_once_a_day()
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        app.Identity.Owners[tenant.Value] = ["jumped@example.com"];
        var fact = new CredentialUseJumped
        {
            TenantId = tenant.Value, CredentialId = Guid.CreateVersion7(), Provider = "gumroad", Name = "Paper Lamps", Kept = "store", Uses = 30, Usual = 2.86m, OccurredAt = Since,
        };
        await SayAsync(tenant, fact);
        await SayAsync(tenant, fact);
        var mail = await app.Sandbox.MailToAsync("jumped@example.com");
        Assert.Equal("A credential of gumroad is used far more than usual", mail["subject"]!.GetValue<string>());
        foreach (var part in (string[])["Paper Lamps", "used 30 times", "Usual are 2.9 a day", "POST /api/stores/connect"]) Assert.Contains(part, mail["text"]!.GetValue<string>().ReplaceLineEndings(" "), StringComparison.Ordinal);
        await SayAsync(tenant, fact with { OccurredAt = Since.AddDays(1) });
        await Eventually.EqualAsync(2, async () => (await app.Sandbox.MailsToAsync("jumped@example.com")).Count);
        Assert.Equal(2L, await app.ReadAsync<long>("select count(*) from mails where tenant_id = @tenant", new { tenant = tenant.Value }));
    }

    private async Task SayAsync<TEvent>(TenantId tenant, TEvent fact) where TEvent : class
    {
        await using var work = await app.Database.BeginAsync(tenant, default);
        work.Publish(fact);
        await work.CommitAsync(default);
    }
}

/// <summary>What a payer gets for their files.</summary>
public sealed class ReceiptMailTests(AcquisitionApp app) : IClassFixture<AcquisitionApp>
{
    [Fact]
    public async Task A_payment_an_upgrade_an_invoice_and_a_refund_are_each_told_once_with_amount_number_and_link()
    {
        var (payment, now) = (Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());
        PaymentSucceeded Paid(string email, string purpose, Guid payment) => new()
        {
            TenantId = app.Tenant.Value, PaymentId = payment, ReceiptPath = $"/receipt/{payment:N}", Provider = "stripe", Purpose = purpose, Email = email, Description = "A handbook", Micros = 97_000_000, Currency = "USD", Test = true, OccurredAt = now,
        };
        var upgrade = Guid.CreateVersion7();
        await app.PublishAsync(Paid("upgrader@example.com", "upgrade", upgrade));
        await app.PublishAsync(Paid("payer@example.com", "sale", payment));
        await app.PublishAsync(Paid("payer@example.com", "sale", payment));
        var receipt = await app.Sandbox.MailToAsync("payer@example.com");
        Assert.Equal("Receipt: 97.00 USD", receipt["subject"]!.GetValue<string>());
        foreach (var part in (string[])["A handbook", PublicId.Format("pay", payment), $"https://empire.example/receipt/{payment:N}"]) Assert.Contains(part, receipt["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(PublicId.Format("tx", upgrade), (await app.Sandbox.MailToAsync("upgrader@example.com"))["text"]!.GetValue<string>(), StringComparison.Ordinal);
        var invoice = new InvoiceFinalized { TenantId = app.Tenant.Value, InvoiceId = Guid.CreateVersion7(), Email = "invoiced@example.com", Number = "C0FFEE01-0001", Micros = 12_000_000, Currency = "USD", Path = "/invoice/x", Test = true, OccurredAt = now };
        await app.PublishAsync(invoice);
        await app.PublishAsync(invoice);
        Assert.Equal("Invoice C0FFEE01-0001: 12.00 USD", (await app.Sandbox.MailToAsync("invoiced@example.com"))["subject"]!.GetValue<string>());
        await app.PublishAsync(new PaymentRefunded { TenantId = app.Tenant.Value, RefundId = Guid.CreateVersion7(), PaymentId = payment, Email = "refunded@example.com", Micros = 1_234_000_000, Currency = "JPY", Test = true, OccurredAt = now });
        Assert.Equal("Refund: 1,234 JPY", (await app.Sandbox.MailToAsync("refunded@example.com"))["subject"]!.GetValue<string>());
        foreach (var once in (string[])["payer@example.com", "upgrader@example.com", "invoiced@example.com"]) Assert.Equal(1L, await app.ReadAsync<long>("select count(*) from mails where recipient = @once", new { once }));
    }
}
