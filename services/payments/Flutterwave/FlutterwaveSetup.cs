using Empire.Configuration;
using System.Net.Http.Headers;
using Empire.Payments.Intake;

namespace Empire.Payments.Flutterwave;

public static class FlutterwaveSetup
{
    /// <summary>Its name in settings.</summary>
    public const string Provider = "Flutterwave";

    public static void AddFlutterwave(this WebApplicationBuilder builder)
    {
        builder.AddProvider<FlutterwaveOptions>(Provider).ConfigureHttpClient((services, http) =>
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", services.GetRequiredKeyedService<FlutterwaveOptions>(Provider).SecretKey));
        builder.CheckSetting($"Providers:{Provider}:SecretKey", "a test key (FLWSECK_TEST-…) while TestMode is set", key => key is null || !IsOn(builder.Configuration[$"Providers:{Provider}:TestMode"])
            || !key.StartsWith("FLWSECK-", StringComparison.Ordinal));
        builder.Services.AddSingleton<PaymentProvider, FlutterwaveProvider>();
    }

    private static bool IsOn(string? text) => bool.TryParse(text, out var on) && on;
}
