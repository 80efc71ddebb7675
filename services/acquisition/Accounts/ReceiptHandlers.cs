using System.Globalization;
using Empire.Acquisition.Mail;
using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Acquisition.Accounts;

/// <summary>Sends the payer a receipt. An upgrade has a mail of its own, which names what was bought.</summary>
[Queue("acquisition.payment-succeeded")]
public sealed class PaymentSucceededHandler(MailPlanner mails) : IHandle<PaymentSucceeded>
{
    public Task HandleAsync(PaymentSucceeded fact, Work work, CancellationToken ct) => fact.Email is not { } email || fact.Purpose == "upgrade" ? Task.CompletedTask : mails.PlanAsync(work,
        new Letter("receipt", $"receipt:{fact.PaymentId:N}", email, AskedFor: false)
            .With("amount", Amounts.Of(fact.Micros, fact.Currency)).With("description", fact.Description).With("payment", PublicId.Format("pay", fact.PaymentId))
            .With("occurred", MailTime.Of(fact.OccurredAt)).With("test", fact.Test ? "test" : null), ct);
}

/// <summary>Tells the payer that money is on its way back.</summary>
[Queue("acquisition.payment-refunded")]
public sealed class PaymentRefundedHandler(MailPlanner mails) : IHandle<PaymentRefunded>
{
    public Task HandleAsync(PaymentRefunded fact, Work work, CancellationToken ct) => fact.Email is not { } email ? Task.CompletedTask : mails.PlanAsync(work,
        new Letter("refund", $"refund:{fact.RefundId:N}", email, AskedFor: false)
            .With("amount", Amounts.Of(fact.Micros, fact.Currency)).With("payment", PublicId.Format("pay", fact.PaymentId)).With("occurred", MailTime.Of(fact.OccurredAt)).With("test", fact.Test ? "test" : null), ct);
}

internal static class Amounts
{
    /// <summary>With as many decimals as the currency has: 97.00 USD, 1,234 JPY.</summary>
    public static string Of(long micros, string currency) =>
        $"{((decimal)micros / Money.MicrosPerUnit).ToString("N" + Currency.Parse(currency).Exponent, CultureInfo.InvariantCulture)} {currency}";
}
