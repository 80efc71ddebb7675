using Empire.Contracts.V1;
using Empire.Data;
using Microsoft.Extensions.Options;

namespace Empire.Autopilot.Cycles.Steps;

/// <summary>Hands every made piece that has a channel to publishing and waits until each is public or refused.</summary>
internal sealed class PublishStep(Database db, Publishing.PublishingClient publishing, ServiceCalls calls, TimeProvider clock, IOptions<CycleOptions> options) : ICycleStep
{
    private const int PerCall = 25;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <param name="Pending">Not settled within the deadline; publishing goes on with them, the cycle no longer waits.</param>
    public sealed record Evidence(int Planned, int Published, int Failed, int Pending, IReadOnlyDictionary<string, int> PublishedByChannel, IReadOnlyList<string> Refusals);

    public string Name => "publish";

    public async Task<StepResult> RunAsync(CycleContext cycle, CancellationToken ct)
    {
        foreach (var chunk in (await PlanAsync(cycle, ct)).Chunk(PerCall))
        {
            var request = new PlanPublicationsRequest { BatchId = cycle.Id.ToString() };
            request.Publications.AddRange(chunk.Select(open => new PublicationRequest { PieceId = open.PieceId.ToString(), Channel = open.Channel }));
            var reply = await publishing.PlanPublicationsAsync(request, calls.For(cycle.Tenant, ct));
            FaultPoint.Pass("cycle.publications-planned");
            await StoreAsync(cycle, reply, ct);
        }
        var evidence = await CountAsync(cycle, ct);
        var late = clock.GetUtcNow() - cycle.StepStartedAt >= options.Value.PublishDeadline;
        return evidence.Pending == 0 || late ? new StepResult.Done(evidence) : new StepResult.Waiting(evidence, LookAgain);
    }

    /// <returns>What is not settled yet.</returns>
    private async Task<IReadOnlyList<(Guid PieceId, string Channel)>> PlanAsync(CycleContext cycle, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(cycle.Tenant, ct);
        var made = await work.QueryAsync<(Guid Piece, string Kind)>(
            "select piece_id, kind from cycle_pieces where tenant_id = current_tenant() and cycle_id = @Id and state = 'generated'", new { cycle.Id }, ct);
        var publishable = made.Select(m => (m.Piece, Channel: PiecePlan.ChannelOf(m.Kind))).Where(m => m.Channel is not null).ToList();
        await work.ExecuteAsync(
            """
            insert into cycle_publications (cycle_id, piece_id, channel, tenant_id)
            select @Id, piece, channel, @Tenant from unnest(@pieces, @channels) as p (piece, channel) on conflict do nothing
            """, new { cycle.Id, cycle.Tenant, pieces = publishable.Select(p => p.Piece).ToArray(), channels = publishable.Select(p => p.Channel).ToArray() }, ct);
        var open = await work.QueryAsync<(Guid, string)>(
            "select piece_id, channel from cycle_publications where tenant_id = current_tenant() and cycle_id = @Id and state not in ('published', 'failed', 'refused') order by piece_id", new { cycle.Id }, ct);
        await work.CommitAsync(ct);
        return open;
    }

    private async Task StoreAsync(CycleContext cycle, PlanPublicationsReply reply, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(cycle.Tenant, ct);
        await work.ExecuteAsync(
            """
            update cycle_publications c set publication_id = r.publication, state = r.state, refusal = nullif(r.refusal, '')
            from unnest(@pieces, @channels, @publications, @states, @refusals) as r (piece, channel, publication, state, refusal)
            where c.tenant_id = current_tenant() and c.cycle_id = @Id and c.piece_id = r.piece and c.channel = r.channel
            """,
            new
            {
                cycle.Id, pieces = reply.Publications.Select(p => Guid.Parse(p.PieceId)).ToArray(), channels = reply.Publications.Select(p => p.Channel).ToArray(),
                publications = reply.Publications.Select(p => p.PublicationId.Length > 0 ? Guid.Parse(p.PublicationId) : (Guid?)null).ToArray(),
                states = reply.Publications.Select(p => p.State).ToArray(), refusals = reply.Publications.Select(p => p.Refusal).ToArray(),
            }, ct);
        await work.CommitAsync(ct);
    }

    private async Task<Evidence> CountAsync(CycleContext cycle, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(cycle.Tenant, ct);
        var rows = await work.QueryAsync<(string Channel, string State, int Count)>(
            "select channel, state, count(*)::int from cycle_publications where tenant_id = current_tenant() and cycle_id = @Id group by channel, state", new { cycle.Id }, ct);
        var refusals = await work.QueryAsync<string>(
            "select distinct refusal from cycle_publications where tenant_id = current_tenant() and cycle_id = @Id and refusal is not null order by refusal limit 5", new { cycle.Id }, ct);
        int Of(params string[] states) => rows.Where(row => states.Contains(row.State)).Sum(row => row.Count);
        var (all, published, failed) = (rows.Sum(row => row.Count), Of("published"), Of("failed", "refused"));
        return new(all, published, failed, all - published - failed,
            rows.Where(r => r.State == "published").OrderBy(r => r.Channel).ToDictionary(r => r.Channel, r => r.Count), refusals);
    }
}
