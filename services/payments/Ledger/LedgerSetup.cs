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
        services.AddBusinessCheck("books_without_drift", TimeSpan.FromMinutes(5), LastSoundAsync);
    }

    private static async Task<DateTimeOffset?> LastSoundAsync(IServiceProvider services, CancellationToken ct)
    {
        await using var work = await services.GetRequiredService<Database>().BeginSystemAsync(ct);
        return await work.QuerySingleOrDefaultAsync<DateTimeOffset?>("select finished_at from ledger_checks where drifts = 0 order by finished_at desc limit 1", ct: ct);
    }
}
