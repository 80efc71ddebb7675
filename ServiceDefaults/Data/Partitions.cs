using System.Globalization;
using Npgsql;

namespace Empire.Data;

/// <summary>How much time one partition holds.</summary>
public enum PartitionSpan
{
    Day,
    Month,
}

/// <summary>A table partitioned by a range of time.</summary>
/// <param name="Table">With its schema where that is not public. Its migration says <c>partition by range (column)</c>, and makes no partition itself.</param>
/// <param name="Ahead">Partitions kept ready after the current one, so that a night without this service loses no row.</param>
/// <param name="Keep">Partitions kept before the current one; null keeps all. Older ones are dropped, with their rows.</param>
/// <param name="Behind">Partitions made before the current one, for rows that may come late.</param>
public sealed record PartitionedTable(string Table, PartitionSpan Span, int Ahead = 3, int? Keep = null, int Behind = 0);

/// <summary>Makes partitions before they are needed and drops those past their time: dropping a table is instant, deleting its rows is not.</summary>
public sealed class Partitions(DatabaseRoles roles, TimeProvider clock)
{
    /// <summary>Brings the table's partitions to today. Safe to repeat, and in several replicas at once. Call it at start and once a day.</summary>
    /// <exception cref="PostgresException">The table does not exist or is not partitioned by range.</exception>
    public async Task EnsureAsync(PartitionedTable table, CancellationToken ct)
    {
        if (table is { Ahead: < 0 } or { Keep: < 0 } or { Behind: < 0 }) throw new ArgumentException("A number of partitions is not negative.", nameof(table));
        var current = StartOf(table.Span, clock.GetUtcNow());
        await using var connection = new NpgsqlConnection(roles.Owner);
        await connection.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, "select pg_advisory_xact_lock(hashtext($1))", ct, "partitions of " + table.Table);
        for (var i = -table.Behind; i <= table.Ahead; i++)
        {
            var from = Plus(table.Span, current, i);
            await ExecuteAsync(connection, "select kernel.create_partition($1::text::regclass, $2, $3, $4)", ct, table.Table, Suffix(table.Span, from), from, Plus(table.Span, from, 1));
        }
        if (table.Keep is { } keep)
            await ExecuteAsync(connection, "select kernel.drop_partitions($1::text::regclass, $2)", ct, table.Table, Plus(table.Span, current, -keep));
        await transaction.CommitAsync(ct);
    }

    private static DateTime StartOf(PartitionSpan span, DateTimeOffset now) =>
        span == PartitionSpan.Day ? now.UtcDateTime.Date : new DateTime(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, DateTimeKind.Utc);

    private static DateTime Plus(PartitionSpan span, DateTime from, int spans) => span == PartitionSpan.Day ? from.AddDays(spans) : from.AddMonths(spans);

    private static string Suffix(PartitionSpan span, DateTime from) => from.ToString(span == PartitionSpan.Day ? "yyyyMMdd" : "yyyyMM", CultureInfo.InvariantCulture);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.AddWithValue(parameter);
        await command.ExecuteNonQueryAsync(ct);
    }
}
