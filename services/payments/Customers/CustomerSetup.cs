using Empire.Payments.Stripe;

namespace Empire.Payments.Customers;

internal static class CustomerSetup
{
    public static void AddCustomers(this IServiceCollection services) => services.AddEffect<MirrorCustomerHandler, MirrorCustomer>(MirrorCustomer.Kind, whenClosed: true);

    public static void MapCustomers(this IEndpointRouteBuilder app)
    {
        var customers = app.MapGroup("/api/v1/revenue/customers").WithTags("Customers");
        customers.MapPost("", CreateCustomer.HandleAsync).WithName("CreateCustomer").NeedsProvider(StripeSetup.Provider).ForRoles("owner", "admin", "member", "service").WithIdempotencyKey();
        customers.MapGet("", ListCustomers.HandleAsync).WithName("ListCustomers");
        customers.MapGet("/{id}", GetCustomer.HandleAsync).WithName("GetCustomer");
        customers.MapPut("/{id}/payment-method", ChangeMethod.HandleAsync).WithName("ChangeCustomerMethod").NeedsProvider(StripeSetup.Provider).ForRoles("owner", "admin", "member", "service");
    }
}
