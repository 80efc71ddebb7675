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
