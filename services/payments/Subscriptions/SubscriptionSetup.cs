using Empire.Payments.Charges;
using Empire.Payments.Stripe;

namespace Empire.Payments.Subscriptions;

internal static class SubscriptionSetup
{
    public static void AddSubscriptions(this IServiceCollection services) =>
        services.AddEffect<SubscriptionActHandler, SubscriptionAct>(SubscriptionAct.Kind, whenClosed: true).AddSealedColumn("subscriptions", "id", "client_secret", _ => Payment.ClientSecretPurpose);

    public static void MapSubscriptions(this IEndpointRouteBuilder app)
    {
        var subscriptions = app.MapGroup("/api/v1/revenue/subscriptions").WithTags("Subscriptions");
        subscriptions.MapPost("", CreateSubscription.HandleAsync).WithName("CreateSubscription").NeedsProvider(StripeSetup.Provider).ForRoles("owner", "admin", "member", "service").WithIdempotencyKey();
        subscriptions.MapGet("", ListSubscriptions.HandleAsync).WithName("ListSubscriptions");
        subscriptions.MapGet("/{id}", ListSubscriptions.OneAsync).WithName("GetSubscription");
        subscriptions.MapPost("/{id}/price", ChangeSubscription.PriceAsync).WithName("ChangeSubscriptionPrice").NeedsProvider(StripeSetup.Provider).ForRoles("owner", "admin", "member", "service").WithIdempotencyKey();
        subscriptions.MapPost("/{id}/cancel", ChangeSubscription.CancelAsync).WithName("CancelSubscription").NeedsProvider(StripeSetup.Provider).ForRoles("owner", "admin", "member", "service").WithIdempotencyKey();
        subscriptions.MapPost("/{id}/resume", ChangeSubscription.ResumeAsync).WithName("ResumeSubscription").NeedsProvider(StripeSetup.Provider).ForRoles("owner", "admin", "member", "service").WithIdempotencyKey();
        var invoices = app.MapGroup("/api/v1/revenue/invoices").WithTags("Subscriptions");
        invoices.MapGet("", InvoiceView.ListAsync).WithName("ListInvoices");
        invoices.MapGet("/{id}", InvoiceView.OneAsync).WithName("GetInvoice");
    }
}
