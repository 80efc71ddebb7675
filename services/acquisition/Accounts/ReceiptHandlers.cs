using System.Globalization;
using Empire.Acquisition.Mail;
using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Acquisition.Accounts;

/// <summary>Sends the payer a receipt: amount, number, and the link to the page that they file. What an upgrade gives is told in a mail of its own.</summary>
[Queue("acquisition.payment-succeeded")]
public sealed class PaymentSucceededHandler(MailPlanner mails) : IHandle<PaymentSucceeded>
{
    public Task HandleAsync(PaymentSucceeded fact, Work work, CancellationToken ct) => fact.Email is not { } email ? Task.CompletedTask : mails.PlanAsync(work,
        new Letter("receipt", $"receipt:{fact.PaymentId:N}", email, AskedFor: false, fact.OccurredAt)
            .With("amount", Amounts.Of(fact.Micros, fact.Currency)).With("description", fact.Description ?? "A payment").With("payment", PublicId.Format(fact.Purpose == "upgrade" ? "tx" : "pay", fact.PaymentId))
            .With("receipt_path", fact.ReceiptPath).With("occurred", MailTime.Of(fact.OccurredAt)).With("test", fact.Test ? "test" : null), ct);
}

/// <summary>Sends the payer their invoice, when it is final.</summary>
[Queue("acquisition.invoice-finalized")]
public sealed class InvoiceFinalizedHandler(MailPlanner mails) : IHandle<InvoiceFinalized>
{
    public Task HandleAsync(InvoiceFinalized fact, Work work, CancellationToken ct) => fact.Email is not { } email ? Task.CompletedTask : mails.PlanAsync(work,
        new Letter("invoice", $"invoice:{fact.InvoiceId:N}", email, AskedFor: false, fact.OccurredAt)
            .With("amount", Amounts.Of(fact.Micros, fact.Currency)).With("number", fact.Number).With("invoice_path", fact.Path)
            .With("occurred", MailTime.Of(fact.OccurredAt)).With("test", fact.Test ? "test" : null), ct);
}

/// <summary>Tells the payer that money is on its way back.</summary>
[Queue("acquisition.payment-refunded")]
public sealed class PaymentRefundedHandler(MailPlanner mails) : IHandle<PaymentRefunded>
{
    public Task HandleAsync(PaymentRefunded fact, Work work, CancellationToken ct) => fact.Email is not { } email ? Task.CompletedTask : mails.PlanAsync(work,
        new Letter("refund", $"refund:{fact.RefundId:N}", email, AskedFor: false, fact.OccurredAt)
            .With("amount", Amounts.Of(fact.Micros, fact.Currency)).With("payment", PublicId.Format("pay", fact.PaymentId)).With("occurred", MailTime.Of(fact.OccurredAt)).With("test", fact.Test ? "test" : null), ct);
}

internal static class Amounts
{
    /// <summary>With as many decimals as the currency has: 97.00 USD, 1,234 JPY.</summary>
    public static string Of(long micros, string currency) =>
        $"{((decimal)micros / Money.MicrosPerUnit).ToString("N" + Currency.Parse(currency).Exponent, CultureInfo.InvariantCulture)} {currency}";
}
