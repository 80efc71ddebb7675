using Empire.Data;
using Empire.Payments.Charges;
using Empire.Payments.Facts;

namespace Empire.Payments.Upgrades;

internal static class UpgradeFailure
{
    /// <summary>The provider would not even ask the payer.</summary>
    public static async Task RecordAsync(Work work, Guid paymentId, bool succeeded, string? detail, CancellationToken ct)
    {
        if (succeeded || await PaymentTable.LockAsync(work, paymentId, ct) is not { } payment) return;
        payment.Report(PaymentStatus.Failed, Payment.RefusedByProvider, detail, null);
        await PaymentTable.SaveAsync(work, payment, ct);
    }
}
