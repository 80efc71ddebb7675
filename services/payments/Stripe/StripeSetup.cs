using System.Net.Http.Headers;
using Empire.Payments.Intake;

namespace Empire.Payments.Stripe;

public static class StripeSetup
{
    /// <summary>Its name in settings.</summary>
    public const string Provider = "Stripe";

    public static void AddStripe(this WebApplicationBuilder builder)
    {
        builder.AddProvider<StripeOptions>(Provider).ConfigureHttpClient((services, http) =>
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", services.GetRequiredKeyedService<StripeOptions>(Provider).SecretKey));
        builder.Services.AddSingleton<PaymentProvider, StripeProvider>();
    }
}
