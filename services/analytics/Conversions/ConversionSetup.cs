namespace Empire.Analytics.Conversions;

internal static class ConversionSetup
{
    public static void AddConversions(this IHostApplicationBuilder builder)
    {
        foreach (var network in Network.All) builder.AddProvider<NetworkOptions>(network.Provider);
        builder.Services.AddSingleton<ConversionIntake>().AddSingleton<Quarantine>().AddSingleton<NetworkReport>().AddSingleton<CollectConversions>();
    }

    public static void MapConversions(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/conversions/{network}", ReceivePostback.HandleAsync).WithTags("Conversions").AllowAnonymous(); // the handler asks for the network's own proof
        app.MapGet("/api/v1/analytics/conversions", ListConversions.HandleAsync).WithTags("Conversions");
    }
}
