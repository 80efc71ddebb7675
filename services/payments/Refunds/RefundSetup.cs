namespace Empire.Payments.Refunds;

internal static class RefundSetup
{
    public static void AddRefunds(this IServiceCollection services) => services.AddEffect<SendRefundHandler, SendRefund>(SendRefund.Kind, whenClosed: true);

    public static void MapRefunds(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/revenue/payments/{id}/refunds", RefundPayment.HandleAsync).WithTags("Payments").WithName("RefundPayment").ForRoles("owner", "admin", "service").WithIdempotencyKey();
}
