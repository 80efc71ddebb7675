namespace Empire.Contracts;

/// <summary>Which queue hears which events, over the whole installation. A publisher declares the queues of an event before it sends the first one, so an event waits for
/// a service that has never run; a service refuses to start when its handlers and this table disagree.</summary>
public static class Subscriptions
{
    public static IReadOnlyDictionary<string, IReadOnlyList<Type>> All { get; } = new Dictionary<string, IReadOnlyList<Type>>
    {
        ["acquisition.cost-incurred"] = [typeof(CostIncurred)],
        ["acquisition.customer-signed-up"] = [typeof(CustomerSignedUp)],
        ["acquisition.email-verification-requested"] = [typeof(EmailVerificationRequested)],
        ["acquisition.invite-sent"] = [typeof(InviteSent)],
        ["acquisition.new-sign-in"] = [typeof(NewSignIn)],
        ["acquisition.password-reset-requested"] = [typeof(PasswordResetRequested)],
        ["acquisition.payment-refunded"] = [typeof(PaymentRefunded)],
        ["acquisition.payment-succeeded"] = [typeof(PaymentSucceeded)],
        ["acquisition.personal-data"] = [typeof(PersonalDataExportRequested), typeof(PersonalDataErasureRequested)],
        ["acquisition.subscription-changed"] = [typeof(SubscriptionChanged)],
        ["acquisition.user-locked-out"] = [typeof(UserLockedOut)],
        ["analytics.content-published"] = [typeof(ContentPublished)],
        ["analytics.cost-incurred"] = [typeof(CostIncurred)],
        ["analytics.personal-data"] = [typeof(PersonalDataExportRequested), typeof(PersonalDataErasureRequested)],
        ["analytics.piece-generated"] = [typeof(PieceGenerated)],
        ["analytics.savings-measured"] = [typeof(SavingsMeasured)],
        ["analytics.tenant-created"] = [typeof(TenantCreated)],
        ["analytics.tier-changed"] = [typeof(TierChanged)],
        ["autopilot.personal-data"] = [typeof(PersonalDataExportRequested), typeof(PersonalDataErasureRequested)],
        ["autopilot.tenant-created"] = [typeof(TenantCreated)],
        ["autopilot.tier-changed"] = [typeof(TierChanged)],
        ["content.affiliate-clicked"] = [typeof(AffiliateClicked)],
        ["content.content-published"] = [typeof(ContentPublished)],
        ["content.personal-data"] = [typeof(PersonalDataExportRequested), typeof(PersonalDataErasureRequested)],
        ["identity.personal-data-answers"] = [typeof(PersonalDataExported), typeof(PersonalDataErased)],
        ["identity.resource-usage-changed"] = [typeof(ResourceUsageChanged)],
        ["identity.subscription-changed"] = [typeof(SubscriptionChanged)],
        ["payments.ad-revenue-reported"] = [typeof(AdRevenueReported)],
        ["payments.conversion-recorded"] = [typeof(ConversionRecorded)],
        ["payments.conversion-reversed"] = [typeof(ConversionReversed)],
        ["payments.cost-incurred"] = [typeof(CostIncurred)],
        ["payments.customer-signed-up"] = [typeof(CustomerSignedUp)],
        ["payments.dispute-lost"] = [typeof(DisputeLost)],
        ["payments.lead-converted"] = [typeof(LeadConverted)],
        ["payments.payment-refunded"] = [typeof(PaymentRefunded)],
        ["payments.payment-succeeded"] = [typeof(PaymentSucceeded)],
        ["payments.personal-data"] = [typeof(PersonalDataExportRequested), typeof(PersonalDataErasureRequested)],
        ["payments.sponsored-income-recorded"] = [typeof(SponsoredIncomeRecorded)],
        ["publishing.personal-data"] = [typeof(PersonalDataExportRequested), typeof(PersonalDataErasureRequested)],
        ["publishing.tenant-created"] = [typeof(TenantCreated)],
        ["publishing.tier-changed"] = [typeof(TierChanged)],
        ["telemetry.customer-signed-up"] = [typeof(CustomerSignedUp)],
        ["telemetry.personal-data"] = [typeof(PersonalDataExportRequested), typeof(PersonalDataErasureRequested)],
    };
}
