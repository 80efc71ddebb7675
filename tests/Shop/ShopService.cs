using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Empire.Shop;

/// <summary>A service with one database, two handlers and nothing else.</summary>
public static class ShopService
{
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults("shop");
        builder.AddDatabase("shop");
        builder.AddMessaging(typeof(ShopService).Assembly);
        builder.Services.TryAddSingleton<Behaviour>();
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapMessaging();
        return app;
    }
}
