using Empire.Contracts;
using Empire.Data;
using Empire.Identity.Security;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Vault;

/// <summary>Says which credentials are past their age. Safe in several replicas.</summary>
public sealed class CredentialKeeping(Database db, IOptions<VaultOptions> options, TimeProvider clock)
{
    private const int Batch = 100;

    /// <summary>Says, once for each value, that it is past its age.</summary>
    /// <returns>How many.</returns>
    public async Task<int> TellAgedAsync(CancellationToken ct)
    {
        var (now, age) = (clock.GetUtcNow(), options.Value);
        await using var work = await db.BeginSystemAsync(ct);
        var aged = await work.QueryAsync<Aged>(
            """
            select id, tenant_id, name, provider, class, set_at from credentials
            where aged_at is null and set_at <= case class when 'llm' then @llm when 'gateway' then @gateway else @platform end
            order by set_at limit @Batch for update skip locked
            """, new { llm = now - age.LlmAge, gateway = now - age.GatewayAge, platform = now - age.PlatformAge, Batch }, ct);
        foreach (var credential in aged)
        {
            await work.ActForAsync(new(credential.TenantId), ct);
            await work.ExecuteAsync("update credentials set aged_at = @now where id = @Id", new { now, credential.Id }, ct);
            await SecurityEventTable.AddAsync(
                work, "credential-aged", PublicId.Format("cred", credential.Id),
                $"The credential '{credential.Name}' of {credential.Provider} is {(int)(now - credential.SetAt).TotalDays} days old. Make a new one there and replace it here.", new { credential.Class }, ct);
            work.Publish(new CredentialAged
            {
                TenantId = credential.TenantId, CredentialId = credential.Id, Provider = credential.Provider, Name = credential.Name, Class = credential.Class, SetAt = credential.SetAt, OccurredAt = now,
            });
        }
        await work.CommitAsync(ct);
        return aged.Count;
    }

    private sealed record Aged
    {
        public Guid Id { get; init; }
        public Guid TenantId { get; init; }
        public string Name { get; init; } = "";
        public string Provider { get; init; } = "";
        public string Class { get; init; } = "";
        public DateTimeOffset SetAt { get; init; }
    }
}

/// <summary>Runs <see cref="CredentialKeeping"/> at the start and every hour.</summary>
internal sealed partial class CredentialWorker(CredentialKeeping keeping, TimeProvider clock, ILogger<CredentialWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        do
        {
            try
            {
                while (await keeping.TellAgedAsync(stoppingToken) > 0) { }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogTurnFailed(log, e); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1, LogLevel.Error, "Looking after the credentials failed")] private static partial void LogTurnFailed(ILogger log, Exception e);
}
