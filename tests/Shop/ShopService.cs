using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Empire.Shop;

/// <summary>A service with one database, two handlers and nothing else.</summary>
public static class ShopService
{
    /// <summary>The archive is a service that the tests never start.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<Type>> Subscriptions { get; } = new Dictionary<string, IReadOnlyList<Type>>
    {
        ["shop.note-written"] = [typeof(NoteWritten)],
        ["shop.note-filed"] = [typeof(NoteFiled)],
        ["archive.note-written"] = [typeof(NoteWritten)],
    };

    public static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults("shop");
        builder.AddDatabase("shop");
        builder.AddMessaging(typeof(ShopService).Assembly, Subscriptions);
        builder.Services.TryAddSingleton<Behaviour>();
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapMessaging();
        return app;
    }
}
