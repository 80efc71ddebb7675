using System.Globalization;
using Empire.Configuration;
using Empire.Data;
using Empire.Payments.Heard;
using Empire.Payments.Ledger.Checking;
using Empire.Payments.Ledger.Rebuilding;

namespace Empire.Payments.Ledger;

internal static class LedgerSetup
{
    public static void AddLedger(this WebApplicationBuilder builder)
    {
        builder.AddSettings<LedgerOptions>("Ledger");
        var services = builder.Services;
        services.AddSingleton<LedgerCheck>().AddSingleton<Rebuild>().AddSingleton<IBookingSource, HeardSource>();
        services.AddHostedService<LedgerCheckWorker>();
        services.AddBusinessCheck("books_without_drift", 2 * CheckEvery(builder.Configuration) + TimeSpan.FromMinutes(3), LastSoundAsync); // one turn may be missed, and one may take a while
    }

    /// <summary>As <see cref="LedgerOptions.CheckEvery"/> will have it; what cannot be read is refused there.</summary>
    private static TimeSpan CheckEvery(IConfiguration configuration) =>
        TimeSpan.TryParse(configuration["Ledger:CheckEvery"], CultureInfo.InvariantCulture, out var every) && every > TimeSpan.Zero ? every : new LedgerOptions().CheckEvery;

    private static async Task<DateTimeOffset?> LastSoundAsync(IServiceProvider services, CancellationToken ct)
    {
        await using var work = await services.GetRequiredService<Database>().BeginSystemAsync(ct);
        return await work.QuerySingleOrDefaultAsync<DateTimeOffset?>("select finished_at from ledger_checks where drifts = 0 order by finished_at desc limit 1", ct: ct);
    }
}
