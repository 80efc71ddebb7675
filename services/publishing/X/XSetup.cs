using System.Net.Http.Headers;

namespace Empire.Publishing.X;

public static class XSetup
{
    public const string Provider = "X";

    /// <summary>The client of X and the effect that posts through it.</summary>
    public static void AddX(this WebApplicationBuilder builder)
    {
        builder.AddProvider<XOptions>(Provider)
            .ConfigureHttpClient((services, http) =>
                http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", services.GetRequiredKeyedService<XOptions>(Provider).AccessToken))
            .AddTypedClient<XClient>();
        builder.AddOperatorAccount();
        builder.Services.AddSingleton<XAccess>();
        builder.Services.AddEffect<PostToXHandler, PostToX>(PostToX.Kind);
    }
}
