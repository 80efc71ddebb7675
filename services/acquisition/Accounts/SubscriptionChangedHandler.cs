using System.Globalization;
using Empire.Acquisition.Mail;
using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;
using Empire.Tiers;

namespace Empire.Acquisition.Accounts;

/// <summary>Tells an account what it has paid for now, that a payment failed, or that its tier is over.</summary>
[Queue("acquisition.subscription-changed")]
public sealed class SubscriptionChangedHandler(MailPlanner mails, TierTable tiers) : IHandle<SubscriptionChanged>
{
    public Task HandleAsync(SubscriptionChanged fact, Work work, CancellationToken ct)
    {
        // That its end moved is shown where the account looks; only what changes for it, or asks something of it, is mailed.
        var moved = fact.StatusBefore is { } before && before == fact.Status && fact.Tier == fact.Before;
        var template = moved ? null : fact.Status == "past_due" ? "payment-overdue" : fact.Tier == TierTable.Free ? "tier-ended" : fact.Tier == fact.Before ? null : "upgraded";
        return template is null ? Task.CompletedTask : mails.PlanAsync(work,
            new Letter(template, Letter.KeyOf(template, fact.TenantId, fact.OccurredAt), fact.Email, AskedFor: true, fact.OccurredAt)
                .With("tier", fact.Tier).With("before", fact.Before).With("features", Features(tiers[fact.Tier])).With("billing_path", fact.BillingPath)
                .With("ends", fact.EndsAt is { } end ? MailTime.Of(end) : null), ct);
    }

    private static string Features(TierLimits limits)
    {
        static string Counted(long? limit, string thing) => limit is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number:N0} {thing}") : $"{thing} without limit";
        return string.Join(", ",
            Counted(limits.ApiCallsPerMonth, "API calls a month"), Counted(limits.RequestsPerHour, "requests an hour"), Counted(limits.Products, "products"), Counted(limits.Stores, "stores"),
            Counted(limits.Campaigns, "campaigns"), Counted(limits.StorageMegabytes, "MB of storage"));
    }
}
