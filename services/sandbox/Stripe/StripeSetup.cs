using Empire.Sandbox.Webhooks;

namespace Empire.Sandbox.Stripe;

public static class StripeSetup
{
    public static void AddStripe(this IServiceCollection services)
    {
        services.AddSingleton<StripeStore>().AddSingleton<StripeChannel>().AddSingleton<StripeSessions>().AddSingleton<StripeSettlement>();
        services.AddHostedService<BillingWorker>();
        services.AddSingleton<WebhookChannel>(s => s.GetRequiredService<StripeChannel>());
    }

    public static void MapStripe(this WebApplication app)
    {
        var routes = new StripeRoutes(app.MapGroup("/stripe/v1"), app.Services.GetRequiredService<StripeSessions>());
        Customers.Map(routes);
        CustomerBalance.Map(routes);
        PaymentMethods.Map(routes);
        PaymentIntents.Map(routes);
        Charges.Map(routes);
        BalanceTransactions.Map(routes);
        Refunds.Map(routes);
        Products.Map(routes);
        Prices.Map(routes);
        TaxRates.Map(routes);
        Subscriptions.Map(routes);
        Invoices.Map(routes);
        Coupons.Map(routes);
        PromotionCodes.Map(routes);
        CheckoutSessions.Map(routes);
        BillingPortal.Map(routes, app);
        TestClocks.Map(routes);
        Disputes.Map(routes);
        Accounts.Map(routes);
        AccountLinks.Map(routes, app);
        Transfers.Map(routes);
        ApplicationFees.Map(routes);
        Balance.Map(routes);
        Payouts.Map(routes);
        Events.Map(routes);
        WebhookEndpoints.Map(routes);
        routes.MapUnknown();
        StripePages.Map(app);
        CheckoutPage.Map(app);
        StripeControl.Map(app.MapGroup("/control"));
    }
}
