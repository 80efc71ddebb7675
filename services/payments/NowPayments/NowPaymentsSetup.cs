using Empire.Payments.Intake;

namespace Empire.Payments.NowPayments;

public static class NowPaymentsSetup
{
    /// <summary>Its name in settings.</summary>
    public const string Provider = "NowPayments";

    public static void AddNowPayments(this WebApplicationBuilder builder)
    {
        builder.AddProvider<NowPaymentsOptions>(Provider).ConfigureHttpClient((services, http) =>
            http.DefaultRequestHeaders.Add("x-api-key", services.GetRequiredKeyedService<NowPaymentsOptions>(Provider).ApiKey));
        builder.Services.AddSingleton<PaymentProvider, NowPaymentsProvider>();
    }
}
