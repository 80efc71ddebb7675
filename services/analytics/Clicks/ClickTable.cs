using Empire.Data;
using Npgsql;
using NpgsqlTypes;

namespace Empire.Analytics.Clicks;

internal static class ClickTable
{
    /// <summary>Stores clicks that exist nowhere else yet, in one statement that commits by itself: one round trip.</summary>
    /// <param name="connection">Of the system role, outside any transaction. The call blocks, see <see cref="ClickLog"/>.</param>
    public static void Add(NpgsqlConnection connection, IReadOnlyList<Click> clicks)
    {
        using var command = new NpgsqlCommand(AddSql, connection);
        Fill(command.Parameters, clicks);
        command.ExecuteNonQuery();
    }

    /// <summary>Stores clicks that may be stored already: those of a commit whose answer was lost. A batch is made only when one of them is new.</summary>
    /// <param name="work">Over all tenants.</param>
    /// <returns>How many were new.</returns>
    public static async Task<int> AddMissingAsync(Work work, IReadOnlyList<Click> clicks, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(AddMissingSql, work.Connection, work.Transaction);
        Fill(command.Parameters, clicks);
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    private const string AddSql =
        """
        with batch as (insert into click_batches (first_click, last_click, first_at, last_at) values ($8, $9, $10, $11) returning id)
        insert into clicks (id, tenant_id, link_code, occurred_at, batch_id, agent, visitor, referrer)
        select c.id, c.tenant_id, c.link_code, c.occurred_at, batch.id, c.agent, c.visitor, c.referrer
        from batch, unnest($1, $2, $3, $4, $5, $6, $7) as c (id, tenant_id, link_code, occurred_at, agent, visitor, referrer)
        """;

    private const string AddMissingSql =
        """
        with batch as (select nextval(pg_get_serial_sequence('click_batches', 'id')) as id),
        stored as (
          insert into clicks (id, tenant_id, link_code, occurred_at, batch_id, agent, visitor, referrer)
          select c.id, c.tenant_id, c.link_code, c.occurred_at, batch.id, c.agent, c.visitor, c.referrer
          from batch, unnest($1, $2, $3, $4, $5, $6, $7) as c (id, tenant_id, link_code, occurred_at, agent, visitor, referrer)
          on conflict (id, occurred_at) do nothing
          returning id
        ),
        announced as (
          insert into click_batches (id, first_click, last_click, first_at, last_at) overriding system value
          select batch.id, $8, $9, $10, $11 from batch where exists (select from stored)
        )
        select count(*)::int from stored
        """;

    private static void Fill(NpgsqlParameterCollection parameters, IReadOnlyList<Click> clicks)
    {
        var count = clicks.Count;
        var (ids, tenants, codes, times, agents, visitors, referrers) =
            (new Guid[count], new Guid[count], new string[count], new DateTime[count], new string[count], new long?[count], new string?[count]);
        for (var i = 0; i < count; i++)
        {
            var click = clicks[i];
            (ids[i], tenants[i], codes[i], times[i]) = (click.Id.Value, click.Tenant.Value, click.LinkCode, click.OccurredAt.UtcDateTime);
            (agents[i], visitors[i], referrers[i]) = (click.Agent, click.Visitor, click.Referrer);
        }
        parameters.Add(new() { Value = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        parameters.Add(new() { Value = tenants, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        parameters.Add(new() { Value = codes, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        parameters.Add(new() { Value = times, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        parameters.Add(new() { Value = agents, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        parameters.Add(new() { Value = visitors, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        parameters.Add(new() { Value = referrers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        parameters.Add(new() { Value = ids.Min() });
        parameters.Add(new() { Value = ids.Max() });
        parameters.Add(new() { Value = times.Min() });
        parameters.Add(new() { Value = times.Max() });
    }
}
