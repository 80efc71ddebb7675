namespace Empire.Publishing.Media;

public static class MediaSetup
{
    /// <summary>Outside Production the sandbox's pictures come from this machine, so there every address is allowed.</summary>
    public static void AddMedia(this WebApplicationBuilder builder)
    {
        var publicOnly = builder.Environment.IsProduction();
        builder.Services.AddHttpClient<MediaStore>(MediaStore.Limit)
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
                handler.MaxAutomaticRedirections = 3;
                if (publicOnly) handler.ConnectCallback = PublicAddressesOnly.ConnectAsync;
            });
    }
}
