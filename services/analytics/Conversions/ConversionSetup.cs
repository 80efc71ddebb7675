using Empire.Data;

namespace Empire.Analytics.Conversions;

internal static class ConversionSetup
{
    public static void AddConversions(this IHostApplicationBuilder builder)
    {
        foreach (var network in Network.All) builder.AddProvider<NetworkOptions>(network.Provider);
        builder.Services.AddSingleton<ConversionIntake>().AddSingleton<Quarantine>().AddSingleton<NetworkReport>().AddSingleton<UnreadableRows>().AddSingleton<CollectConversions>();
        builder.Services.AddBusinessCheck("last_network_report", TimeSpan.FromHours(26), LastReportAsync); // the daily cycle reads them
    }

    public static void MapConversions(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/conversions/{network}", ReceivePostback.HandleAsync).WithTags("Conversions").AllowAnonymous(); // the handler asks for the network's own proof
        app.MapGet("/api/v1/analytics/conversions", ListConversions.HandleAsync).WithTags("Conversions");
        app.MapGet("/api/v1/analytics/conversions/unreadable", ListUnreadableRows.HandleAsync).WithTags("Conversions");
    }

    /// <returns>When the least recently read network was read last; null where one never was. Those that are switched off are not waited for.</returns>
    private static async Task<DateTimeOffset?> LastReportAsync(IServiceProvider services, CancellationToken ct)
    {
        await using var work = await services.GetRequiredService<Database>().BeginSystemAsync(ct);
        var awaited = Network.All.Where(network => !services.GetRequiredKeyedService<NetworkOptions>(network.Provider).Off).Select(network => network.Name).ToArray();
        if (awaited.Length == 0) return work.Now; // nobody reports anything
        var read = await work.QueryAsync<DateTimeOffset>("select read_until from network_watermarks where network = any (@awaited)", new { awaited }, ct);
        return read.Count < awaited.Length ? null : read.Min();
    }
}
