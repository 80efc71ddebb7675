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

/// <summary>What a payer gets for their files.</summary>
public sealed class ReceiptMailTests(AcquisitionApp app) : IClassFixture<AcquisitionApp>
{
    [Fact]
    public async Task A_payment_and_its_refund_are_each_told_once_and_an_upgrade_has_its_own_mail()
    {
        var (payment, now) = (Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());
        PaymentSucceeded Paid(string email, string purpose) => new()
        {
            TenantId = app.Tenant.Value, PaymentId = payment, Provider = "stripe", Purpose = purpose, Email = email, Description = "A handbook", Micros = 97_000_000, Currency = "USD", Test = true, OccurredAt = now,
        };
        await app.PublishAsync(Paid("upgrader@example.com", "upgrade"));
        await app.PublishAsync(Paid("payer@example.com", "sale"));
        await app.PublishAsync(Paid("payer@example.com", "sale"));
        var receipt = await app.Sandbox.MailToAsync("payer@example.com");
        Assert.Equal("Receipt: 97.00 USD", receipt["subject"]!.GetValue<string>());
        Assert.Contains("A handbook", receipt["text"]!.GetValue<string>(), StringComparison.Ordinal);
        await app.PublishAsync(new PaymentRefunded { TenantId = app.Tenant.Value, RefundId = Guid.CreateVersion7(), PaymentId = payment, Email = "refunded@example.com", Micros = 1_234_000_000, Currency = "JPY", Test = true, OccurredAt = now });
        Assert.Equal("Refund: 1,234 JPY", (await app.Sandbox.MailToAsync("refunded@example.com"))["subject"]!.GetValue<string>());
        Assert.Empty(await app.Sandbox.MailsToAsync("upgrader@example.com"));
    }
}
