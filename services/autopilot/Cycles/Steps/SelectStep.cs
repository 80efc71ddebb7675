using Empire.Data;

namespace Empire.Autopilot.Cycles.Steps;

/// <summary>Takes the best of the ranking that are not resting: a product rests after a day on which something was made of it. A day has one selection per source: a second cycle of the day works on the first one's.</summary>
internal sealed class SelectStep(Database db) : ICycleStep
{
    /// <param name="Resting">Candidates left out because they had their day within <see cref="CyclePlan.RestDays"/>.</param>
    /// <param name="SameAs">The day's earlier cycle whose selection is used; null when this cycle selected.</param>
    public sealed record Evidence(int Selected, int Resting, string? SameAs);

    public string Name => "select";

    public async Task<StepResult> RunAsync(CycleContext cycle, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(cycle.Tenant, ct);
        // Two cycles of one tenant take turns here, so that the day gets one selection.
        await work.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@Tenant::text, 1))", new { Tenant = cycle.Tenant.Value }, ct);
        var earlier = await work.QuerySingleOrDefaultAsync<Guid?>(
            """
            select c.id from cycles c
            where c.tenant_id = @Tenant and c.day = @Day and c.source = @Source and c.id <> @Id
              and exists (select from cycle_products p where p.cycle_id = c.id and p.selected)
            order by c.id limit 1
            """, new { cycle.Tenant, cycle.Day, cycle.Source, cycle.Id }, ct);
        await work.ExecuteAsync("update cycle_products set selected = false where tenant_id = current_tenant() and cycle_id = @Id", new { cycle.Id }, ct);
        var resting = earlier is null ? await SelectBestAsync(work, cycle, ct) : 0;
        if (earlier is not null)
            await work.ExecuteAsync(
                """
                insert into cycle_products (cycle_id, product_id, tenant_id, rank, score, components, selected)
                select @Id, product_id, tenant_id, rank, score, components, true from cycle_products where tenant_id = current_tenant() and cycle_id = @earlier and selected
                on conflict (cycle_id, product_id) do update set selected = true, rank = excluded.rank
                """, new { cycle.Id, earlier }, ct);
        var selected = await work.QuerySingleAsync<int>("select count(*)::int from cycle_products where tenant_id = current_tenant() and cycle_id = @Id and selected", new { cycle.Id }, ct);
        await work.CommitAsync(ct);
        return new StepResult.Done(new Evidence(selected, resting, earlier is { } id ? PublicId.Format("cyc", id) : null));
    }

    /// <returns>How many were left out to rest.</returns>
    private static async Task<int> SelectBestAsync(Work work, CycleContext cycle, CancellationToken ct)
    {
        const string isResting = """
            exists (select from cycle_pieces k join cycles c on c.id = k.cycle_id
                    where k.tenant_id = @Tenant and k.product_id = p.product_id and k.state = 'generated' and c.day < @Day and c.day > @Day - @RestDays)
            """;
        await work.ExecuteAsync(
            $"""
            update cycle_products set selected = true where tenant_id = current_tenant() and cycle_id = @Id and product_id in (
              select p.product_id from cycle_products p where p.tenant_id = current_tenant() and p.cycle_id = @Id and not {isResting} order by p.rank limit @Products)
            """, new { cycle.Id, cycle.Tenant, cycle.Day, cycle.Plan.RestDays, cycle.Plan.Products }, ct);
        return await work.QuerySingleAsync<int>(
            $"select count(*)::int from cycle_products p where p.tenant_id = current_tenant() and p.cycle_id = @Id and {isResting}", new { cycle.Id, cycle.Tenant, cycle.Day, cycle.Plan.RestDays }, ct);
    }
}
