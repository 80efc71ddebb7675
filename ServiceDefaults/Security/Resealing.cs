using System.Diagnostics.Metrics;
using Empire.Data;
using Microsoft.Extensions.Logging;

namespace Empire.Security;

/// <summary>Seals anew, under the newest key, whatever an older one sealed, and counts what rests under which key: once nothing is under a key, it may be taken out of
/// <c>Empire:EncryptionKeys</c>. Safe in several replicas: they skip each other's rows, and nothing is sealed anew while one that lives does not list the newest key and could not open it.</summary>
/// <remarks>Metric <c>empire.sealed_values</c>: values at rest by column, key and <see cref="KeyUse.State"/>.</remarks>
public sealed partial class Resealing
{
    private const int Batch = 100;

    private readonly Database db;
    private readonly Sealer sealer;
    private readonly SealedColumn[] columns;
    private readonly ILogger<Resealing> log;

    internal Resealing(Database db, Sealer sealer, IEnumerable<SealedColumn> columns, ILogger<Resealing> log, IMeterFactory? meters = null)
    {
        (this.db, this.sealer, this.columns, this.log) = (db, sealer, [.. columns], log);
        meters?.Create("Empire.Security").CreateObservableGauge(
            "empire.sealed_values", () => (Counted ?? []).Select(use => new Measurement<long>(use.Values, new("column", use.Column), new("key", use.KeyId), new KeyValuePair<string, object?>("state", use.State))),
            "{value}", "Sealed values at rest, by the key that seals them.");
    }

    /// <summary>What the last turn found at its end; null before the first.</summary>
    public IReadOnlyList<KeyUse>? Counted { get; private set; }

    /// <summary>The replicas that the last turn waited for: they do not list the newest key. Empty where nothing older is left, or all list it.</summary>
    public IReadOnlyList<string> WaitsFor { get; private set; } = [];

    /// <summary>Goes over every column once. A value that does not open stays as it is, and is logged.</summary>
    /// <returns>False when some values could be sealed anew but were somebody's at that moment, or another replica does not list the newest key: time for another turn soon.</returns>
    public async Task<bool> TurnAsync(CancellationToken ct)
    {
        List<KeyUse> found = [];
        IReadOnlyList<string> waitsFor = [];
        var (resealed, all) = (0, true);
        foreach (var column in columns)
        {
            var (done, shut) = (0, 0);
            foreach (var use in (await CountAsync(column, ct)).Where(use => use.State == KeyUse.Older))
            {
                var (more, closed, lacking) = await ResealAsync(column, use.KeyId, ct);
                (done, shut, waitsFor) = (done + more, shut + closed, lacking.Count > 0 ? lacking : waitsFor);
            }
            var now = await CountAsync(column, ct);
            foreach (var use in now.Where(use => use.State == KeyUse.Unlisted)) LogUnlisted(log, use.Values, column.Name, use.KeyId);
            if (done > 0) LogResealed(log, done, column.Name, sealer.KeyId);
            all &= now.Where(use => use.State == KeyUse.Older).Sum(use => use.Values) <= shut;
            resealed += done;
            found.AddRange(now);
        }
        (Counted, WaitsFor) = (found, waitsFor);
        if (waitsFor.Count > 0) LogWaits(log, sealer.KeyId, string.Join(", ", waitsFor));
        if (resealed > 0 && found.TrueForAll(use => use.State == KeyUse.Newest)) LogAllNewest(log, sealer.KeyId);
        return all;
    }

    private async Task<IReadOnlyList<KeyUse>> CountAsync(SealedColumn column, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        var rows = await work.QueryAsync<(string Key, long Values)>($"select {column.KeyId}, count(*) from {column.Table} where {column.Column} is not null group by 1 order by 1", ct: ct);
        return [.. rows.Select(row => new KeyUse(column.Name, row.Key, row.Values, row.Key == sealer.KeyId ? KeyUse.Newest : sealer.Lists(row.Key) ? KeyUse.Older : KeyUse.Unlisted))];
    }

    private async Task<(int Done, int Shut, IReadOnlyList<string> Lacking)> ResealAsync(SealedColumn column, string key, CancellationToken ct)
    {
        var (done, shut, after) = (0, 0, new Row(Guid.Empty, ""));
        while (true)
        {
            await using var work = await db.BeginSystemAsync(ct);
            if (await ListedKeys.LackingAsync(work, sealer.KeyId, ct) is { Count: > 0 } lacking) return (done, shut, lacking); // before each batch: one may have been started meanwhile
            var rows = await work.QueryAsync<Row>(
                $"""
                select {column.Id} as id, {column.Column} as value from {column.Table}
                where {column.KeyId} = @key and ({column.Id}, {column.Column}) > (@Id, @Value) order by 1, 2 limit {Batch} for no key update skip locked
                """, new { key, after.Id, after.Value }, ct);
            if (rows.Count == 0) return (done, shut, []);
            foreach (var row in rows)
            {
                try
                {
                    var purpose = column.PurposeOf(row.Id);
                    var value = sealer.Seal(sealer.Open(row.Value, purpose), purpose);
                    await work.ExecuteAsync(Update(column), new { value, sealer.KeyId, row.Id, before = row.Value }, ct);
                    done++;
                }
                catch (UnreadableSecretException e)
                {
                    shut++;
                    LogShut(log, column.Name, row.Id, e);
                }
            }
            FaultPoint.Pass("sealing.batch");
            await work.CommitAsync(ct);
            after = rows[^1];
        }
    }

    private static string Update(SealedColumn column) =>
        $"update {column.Table} set {column.Column} = @value{(column.KeyColumn is { } named ? $", {named} = @KeyId" : "")} where {column.Id} = @Id and {column.Column} = @before";

    private sealed record Row(Guid Id, string Value);

    [LoggerMessage(1, LogLevel.Information, "{Count} values of {Column} are now sealed by key {Key}")] private static partial void LogResealed(ILogger log, int count, string column, string key);
    [LoggerMessage(2, LogLevel.Information, "Every sealed value that rests here is under the newest key, {Key}")] private static partial void LogAllNewest(ILogger log, string key);
    [LoggerMessage(3, LogLevel.Error, "{Count} values of {Column} are sealed by key {Key}, which Empire:EncryptionKeys does not list: put it back at the end of the list")]
    private static partial void LogUnlisted(ILogger log, long count, string column, string key);
    [LoggerMessage(5, LogLevel.Warning, "Values of older keys wait: replicas that do not list the newest key {Key} could not open them any more: {Replicas}. List it in their Empire:EncryptionKeys, or stop them")]
    private static partial void LogWaits(ILogger log, string key, string replicas);
    [LoggerMessage(4, LogLevel.Error, "A value of {Column} does not open, though its key is listed: {Id}")] private static partial void LogShut(ILogger log, string column, Guid id, Exception e);
}
