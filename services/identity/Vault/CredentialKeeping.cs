using System.Security.Cryptography;
using Empire.Contracts;
using Empire.Data;
using Empire.Identity.Security;
using Empire.Security;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Vault;

/// <summary>What the vault does by itself: wraps data keys with the newest key of the installation, and says which credentials are past their age. Safe in several replicas.</summary>
public sealed partial class CredentialKeeping(Database db, Sealer sealer, IOptions<VaultOptions> options, TimeProvider clock, ILogger<CredentialKeeping> log)
{
    private const int Batch = 100;

    /// <summary>Wraps anew whatever an older key wraps. A value that no key opens stays as it is, and is logged.</summary>
    /// <returns>How many were re-wrapped.</returns>
    public async Task<int> RewrapAsync(CancellationToken ct)
    {
        var (done, after) = (0, Guid.Empty);
        while (true)
        {
            await using var work = await db.BeginSystemAsync(ct);
            var stale = await work.QueryAsync<SealedCredential>(
                "select id, name, provider, wrapped_key, sealed_value from credentials where key_id <> @KeyId and id > @after order by id limit @Batch for update skip locked",
                new { sealer.KeyId, after, Batch }, ct);
            if (stale.Count == 0) return done;
            foreach (var credential in stale)
            {
                try
                {
                    var envelope = credential.Envelope.Rewrap(sealer, credential.Id);
                    await work.ExecuteAsync("update credentials set wrapped_key = @WrappedKey, key_id = @KeyId where id = @Id", new { envelope.WrappedKey, sealer.KeyId, credential.Id }, ct);
                    done++;
                }
                catch (CryptographicException e) { LogShut(log, credential.Id, e); }
            }
            await work.CommitAsync(ct);
            after = stale[^1].Id;
        }
    }

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

    [LoggerMessage(1, LogLevel.Error, "No configured key opens credential {Credential}, so it keeps its old wrapping")]
    private static partial void LogShut(ILogger log, Guid credential, Exception e);
}

/// <summary>Runs <see cref="CredentialKeeping"/> at the start, when the keys may have changed, and every hour.</summary>
internal sealed partial class CredentialWorker(CredentialKeeping keeping, TimeProvider clock, ILogger<CredentialWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        do
        {
            try
            {
                if (await keeping.RewrapAsync(stoppingToken) is > 0 and var count) LogRewrapped(log, count);
                while (await keeping.TellAgedAsync(stoppingToken) > 0) { }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogTurnFailed(log, e); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1, LogLevel.Information, "{Count} credentials are now under the newest key")] private static partial void LogRewrapped(ILogger log, int count);
    [LoggerMessage(2, LogLevel.Error, "Looking after the credentials failed")] private static partial void LogTurnFailed(ILogger log, Exception e);
}
