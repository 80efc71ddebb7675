namespace Empire.Sandbox.Networks;

public static class NetworkEndpoints
{
    public static void AddNetworks(this IServiceCollection services)
    {
        services.AddSingleton<Catalogue>().AddSingleton<HarborLimit>();
        services.AddSingleton<Conversions>().AddSingleton<Postbacks>().AddSingleton<PostbackTarget>();
        services.AddSingleton(new HttpClient { Timeout = TimeSpan.FromSeconds(10) });
        services.AddHostedService<PostbackSender>();
    }

    public static void MapNetworks(this WebApplication app)
    {
        app.MapGet("/networks/meadow/datafeed.csv", MeadowDatafeed.Download);
        app.MapGet("/networks/harbor/v1/products", HarborProducts.List);
        app.MapGet("/networks/{network}/conversions", ConversionReport.List);
        app.MapGet("/shop/{network}/{product}", Shop.Page);
        app.MapPost("/shop/{network}/{product}/buy", Shop.Buy).DisableAntiforgery();
        app.MapGet("/images/{file}", ProductImage.Draw);
        app.Services.GetRequiredService<Conversions>(); // reads the journal back, so that open postbacks go out without a first visitor
    }
}
