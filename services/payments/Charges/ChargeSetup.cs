using Empire.Payments.Stripe;

namespace Empire.Payments.Charges;

internal static class ChargeSetup
{
    public static void AddCharges(this IServiceCollection services) =>
        services.AddEffect<ChargeCardHandler, ChargeCard>(ChargeCard.Kind).AddEffect<ConfirmIntentHandler, ConfirmIntent>(ConfirmIntent.Kind)
            .AddSealedColumn("payments", "id", "client_secret", _ => Payment.ClientSecretPurpose);

    public static void MapCharges(this IEndpointRouteBuilder app)
    {
        var payments = app.MapGroup("/api/v1/revenue/payments").WithTags("Payments");
        payments.MapPost("", CreatePayment.HandleAsync).WithName("CreatePayment").NeedsProvider(StripeSetup.Provider).ForRoles("owner", "admin", "member", "service").WithIdempotencyKey();
        payments.MapGet("", ListPayments.HandleAsync).WithName("ListPayments");
        payments.MapGet("/{id}", GetPayment.HandleAsync).WithName("GetPayment");
        payments.MapPost("/{id}/confirm", ConfirmPayment.HandleAsync).WithName("ConfirmPayment").NeedsProvider(StripeSetup.Provider).ForRoles("owner", "admin", "member", "service").WithIdempotencyKey();
    }
}
