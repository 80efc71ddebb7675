namespace Stripe;

/// <summary>Resumes the subscription in the preview at once.</summary>
public class UpcomingInvoiceSubscriptionResumeAt : StringEnum
{
    public static readonly UpcomingInvoiceSubscriptionResumeAt Now = new("now");

    UpcomingInvoiceSubscriptionResumeAt(string value) : base(value)
    {
    }
}
