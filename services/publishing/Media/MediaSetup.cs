using Empire.Configuration;

namespace Empire.Publishing.Media;

public static class MediaSetup
{
    private const string FromSandbox = "Media:FromSandbox";

    /// <summary>Pictures come from public addresses only, unless <c>Media:FromSandbox</c> says that every feed is the sandbox's, whose pictures are on this machine.</summary>
    public static void AddMedia(this WebApplicationBuilder builder)
    {
        var production = builder.Environment.IsProduction();
        builder.CheckSetting(FromSandbox, production ? "false: Production does not work against an emulator" : "true or false", text => text is null || (bool.TryParse(text, out var sandbox) && !(sandbox && production)));
        builder.Services.AddHttpClient<MediaStore>(MediaStore.Limit)
            .UseSocketsHttpHandler((handler, services) =>
            {
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
                handler.MaxAutomaticRedirections = 3;
                if (!services.GetRequiredService<IConfiguration>().GetValue<bool>(FromSandbox)) handler.ConnectCallback = PublicAddressesOnly.ConnectAsync;
            });
    }
}
