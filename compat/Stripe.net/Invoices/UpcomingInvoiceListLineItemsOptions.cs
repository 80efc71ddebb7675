namespace Stripe;

/// <summary>Parameters of <c>GET /v1/invoices/upcoming/lines</c>.</summary>
public class UpcomingInvoiceListLineItemsOptions : ListOptions
{
    public string Coupon { get; set; }
    public string Customer { get; set; }
    public List<InvoiceUpcomingInvoiceItemOptions> InvoiceItems { get; set; }
    public string Schedule { get; set; }
    public AnyOf<DateTime?, SubscriptionBillingCycleAnchor> SubscriptionBillingCycleAnchor { get; set; }
    public DateTime? SubscriptionCancelAt { get; set; }
    public bool? SubscriptionCancelAtPeriodEnd { get; set; }
    public bool? SubscriptionCancelNow { get; set; }
    public List<string> SubscriptionDefaultTaxRates { get; set; }
    public string Subscription { get; set; }
    public List<InvoiceSubscriptionItemOptions> SubscriptionItems { get; set; }
    public string SubscriptionProrationBehavior { get; set; }
    public DateTime? SubscriptionProrationDate { get; set; }
    public AnyOf<DateTime?, SubscriptionTrialEnd> SubscriptionTrialEnd { get; set; }
    public bool? SubscriptionTrialFromPlan { get; set; }
}
