using Empire.Data;
using Empire.Messaging;

namespace Empire.Bench.Messaging;

/// <summary>An event of ordinary size. Published by the messaging benchmark.</summary>
public sealed record Ping
{
    public required Guid PingId { get; init; }
    public required string Text { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

[Queue("bench.ping")]
public sealed class PingHandler : IHandle<Ping>
{
    public Task HandleAsync(Ping fact, Work work, CancellationToken ct) =>
        work.ExecuteAsync("insert into pings_handled (ping_id, tenant_id, text) values (@PingId, @Tenant, @Text)", new { fact.PingId, work.Tenant, fact.Text }, ct);
}
