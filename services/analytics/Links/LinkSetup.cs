using Empire.Configuration;

namespace Empire.Analytics.Links;

internal static class LinkSetup
{
    public static void AddLinks(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<LinkOptions>("Links");
        builder.Services.AddSingleton<LinkCache>();
    }
}
