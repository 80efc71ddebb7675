using System.Diagnostics;
using System.Text.Json;
using Empire.Contracts;
using Empire.Data;
using Empire.Http;
using Empire.Payments.Heard;
using Empire.Payments.Ledger;
using Empire.Payments.Ledger.Rebuilding;
using Empire.Testing;
using Npgsql;
using NpgsqlTypes;

namespace Empire.Bench.Ledger;

/// <summary>Entries booked, books made anew, and a trial balance over large books.</summary>
internal sealed class LedgerBenchmark : IBenchmark
{
    private const int Rounds = 3, Group = 500, Writers = 8;
    private const int Facts = 200_000;
    private const int LargeEntries = 2_500_000, LinesPerEntry = 2;
    private const string Millions = "5 M";
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(4);
    private static readonly string[] Categories = ["llm", "voice", "video", "image", "gpu", "mail"];

    public string Name => "ledger";
    public string Summary => "entries booked, against the same INSERTs without balances; books made anew; trial balance over five million lines";

    public async Task RunAsync(CancellationToken ct)
    {
        await using var test = await TestDatabase.CreateAsync("payments", typeof(Book).Assembly);
        Console.WriteLine($"{Environment.ProcessorCount} cores; {Writers} writers; {Rounds} rounds of {Round.TotalSeconds} s each, taken in turn; the best counts");
        await BookingAsync(test.Database, 1, "one entry a transaction", ct);
        await BookingAsync(test.Database, Group, $"{Group} entries a transaction", ct);
        await RebuildingAsync(test, ct);
        await TrialBalanceAsync(test, ct);
    }

    private static async Task BookingAsync(Database db, int group, string what, CancellationToken ct)
    {
        List<double> floor = [], ours = [];
        await RateAsync(db, group, TimeSpan.FromSeconds(1), BareInserts.InsertAsync, ct);
        await RateAsync(db, group, TimeSpan.FromSeconds(1), PostAsync, ct);
        for (var round = 0; round < Rounds; round++)
        {
            floor.Add(await RateAsync(db, group, Round, BareInserts.InsertAsync, ct));
            ours.Add(await RateAsync(db, group, Round, PostAsync, ct));
        }
        Console.WriteLine($"{what}, all on the same twelve accounts");
        Console.WriteLine($"  bare INSERTs       {floor.Max(),9:N0} entries/s");
        Console.WriteLine($"  booked             {ours.Max(),9:N0} entries/s");
        Console.WriteLine($"  ratio              {ours.Max() / floor.Max(),9:0.00}");

        static Task PostAsync(Work work, Booking[] bookings, CancellationToken ct) => Book.PostAllAsync(work, bookings, ct);
    }

    private static async Task<double> RateAsync(Database db, int group, TimeSpan time, Func<Work, Booking[], CancellationToken, Task> write, CancellationToken ct)
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        var (written, started) = (0L, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started) < time)
            {
                var bookings = Enumerable.Range(0, group).Select(_ => HeardBookings.Of(NewCost(tenant))!).ToArray();
                await using var work = await db.BeginAsync(tenant, ct);
                await write(work, bookings, ct);
                await work.CommitAsync(ct);
                Interlocked.Add(ref written, group);
            }
        }, ct)));
        return written / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Facts as they were heard, booked; then the books are made anew of them and compared.</summary>
    private static async Task RebuildingAsync(TestDatabase test, CancellationToken ct)
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        var costs = Enumerable.Range(0, Facts).Select(_ => NewCost(tenant)).ToArray();
        await using (var owner = await test.OpenAsOwnerAsync())
        {
            await using var copy = await owner.BeginBinaryImportAsync("copy heard_events (tenant_id, kind, id, payload, occurred_at, heard_at) from stdin (format binary)", ct);
            foreach (var cost in costs)
            {
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(tenant.Value, NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(nameof(CostIncurred), NpgsqlDbType.Text, ct);
                await copy.WriteAsync(cost.CostId, NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(JsonSerializer.Serialize(cost, JsonSerializerOptions.Web), NpgsqlDbType.Jsonb, ct);
                await copy.WriteAsync(cost.OccurredAt.UtcDateTime, NpgsqlDbType.TimestampTz, ct);
                await copy.WriteAsync(cost.OccurredAt.UtcDateTime, NpgsqlDbType.TimestampTz, ct);
            }
            await copy.CompleteAsync(ct);
        }
        foreach (var some in costs.Chunk(5_000))
        {
            await using var work = await test.Database.BeginAsync(tenant, ct);
            await Book.PostAllAsync(work, [.. some.Select(cost => HeardBookings.Of(cost)!)], ct);
            await work.CommitAsync(ct);
        }
        await AnalyzeAsync(test, ct);
        var rebuild = new Rebuild(test.Database, [new HeardSource()]);
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var result = await rebuild.VerifyAsync(tenant, ct);
            if (!result.Equal || result.Rebuilt != Facts) throw new InvalidOperationException($"The books are not the same: {result}");
            if (result.Elapsed < best) best = result.Elapsed;
        }
        Console.WriteLine($"books of {Facts:N0} entries made anew of the raw log and compared byte for byte");
        Console.WriteLine($"  rebuilt            {Facts / best.TotalSeconds,9:N0} entries/s   ({best.TotalSeconds:0.0} s, equal)");
    }

    private static async Task TrialBalanceAsync(TestDatabase test, CancellationToken ct)
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        var filled = Stopwatch.GetTimestamp();
        await FillAsync(test, tenant, ct);
        await AnalyzeAsync(test, ct);
        var caller = new Caller(tenant, "user:bench", "owner");
        var latencies = new Latencies();
        for (var i = 0; i < 100; i++)
        {
            var asked = Stopwatch.GetTimestamp();
            var report = await ReportTrialBalance.HandleAsync(null, null, null, caller, test.Database, ct);
            latencies.Add(Stopwatch.GetElapsedTime(asked));
            if (report.Currencies is not [{ Difference: 0, Accounts.Count: 12 }]) throw new InvalidOperationException("The trial balance is not zero.");
        }
        var summed = Stopwatch.GetTimestamp();
        var then = await ReportTrialBalance.HandleAsync(TimeProvider.System.GetUtcNow(), null, null, caller, test.Database, ct);
        if (then.Currencies is not [{ Difference: 0 }]) throw new InvalidOperationException("The trial balance from the lines is not zero.");
        Console.WriteLine($"trial balance over {Millions} lines of {LargeEntries:N0} entries (filled by COPY in {Stopwatch.GetElapsedTime(filled, summed).TotalSeconds:0} s)");
        Console.WriteLine($"  now, from balances {latencies}   (aim 200 ms)");
        Console.WriteLine($"  at a moment, summed from the lines   {Stopwatch.GetElapsedTime(summed).TotalMilliseconds:0} ms");
    }

    private static async Task FillAsync(TestDatabase test, TenantId tenant, CancellationToken ct)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        await using var owner = await test.OpenAsOwnerAsync();
        await CopyAsync("copy ledger_entries (id, tenant_id, cause, occurred_at, description, test, booked_at) from stdin (format binary)", async (copy, i) =>
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(IdOf(i), NpgsqlDbType.Uuid, ct);
            await copy.WriteAsync(tenant.Value, NpgsqlDbType.Uuid, ct);
            await copy.WriteAsync($"large:{i:00000000}", NpgsqlDbType.Text, ct);
            await copy.WriteAsync(now.AddSeconds(i - LargeEntries), NpgsqlDbType.TimestampTz, ct);
            await copy.WriteAsync("tokens", NpgsqlDbType.Text, ct);
            await copy.WriteAsync(true, NpgsqlDbType.Boolean, ct);
            await copy.WriteAsync(now, NpgsqlDbType.TimestampTz, ct);
        });
        await CopyAsync("copy ledger_lines (entry_id, position, tenant_id, account, currency, micros, test, occurred_at) from stdin (format binary)", async (copy, i) =>
        {
            for (short position = 1; position <= LinesPerEntry; position++)
            {
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(IdOf(i), NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(position, NpgsqlDbType.Smallint, ct);
                await copy.WriteAsync(tenant.Value, NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(position == 1 ? Accounts.Cost(Categories[i % Categories.Length]) : Accounts.Payable(Categories[i % Categories.Length]), NpgsqlDbType.Text, ct);
                await copy.WriteAsync("USD", NpgsqlDbType.Char, ct);
                await copy.WriteAsync(position == 1 ? 42_300L : -42_300L, NpgsqlDbType.Bigint, ct);
                await copy.WriteAsync(true, NpgsqlDbType.Boolean, ct);
                await copy.WriteAsync(now.AddSeconds(i - LargeEntries), NpgsqlDbType.TimestampTz, ct);
            }
        });
        await using var balances = new NpgsqlCommand(
            """
            insert into ledger_balances (tenant_id, account, currency, test, slot, debit_micros, credit_micros, lines)
            select tenant_id, account, currency, test, 0, sum(greatest(micros, 0)), sum(greatest(-micros, 0)), count(*) from ledger_lines where tenant_id = $1 group by 1, 2, 3, 4
            """, owner)
        { Parameters = { new() { Value = tenant.Value } }, CommandTimeout = 0 };
        await balances.ExecuteNonQueryAsync(ct);

        async Task CopyAsync(string into, Func<NpgsqlBinaryImporter, int, Task> write)
        {
            await using var copy = await owner.BeginBinaryImportAsync(into, ct);
            copy.Timeout = TimeSpan.FromMinutes(4);
            for (var i = 0; i < LargeEntries; i++) await write(copy, i);
            await copy.CompleteAsync(ct);
        }

        static Guid IdOf(int i) => new(i, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 1);
    }

    private static async Task AnalyzeAsync(TestDatabase test, CancellationToken ct)
    {
        await using var owner = await test.OpenAsOwnerAsync();
        await using var analyze = new NpgsqlCommand("vacuum analyze ledger_entries, ledger_lines, ledger_balances, heard_events", owner) { CommandTimeout = 0 };
        await analyze.ExecuteNonQueryAsync(ct);
    }

    private static CostIncurred NewCost(TenantId tenant)
    {
        var id = Guid.CreateVersion7();
        return new()
        {
            TenantId = tenant.Value, CostId = id, Category = Categories[id.ToByteArray()[^1] % Categories.Length], Micros = 42_300, Currency = "USD", PieceId = id, Niche = "baking", Platform = "blog",
            Description = "tokens of a model", Test = true, OccurredAt = TimeProvider.System.GetUtcNow(),
        };
    }
}
