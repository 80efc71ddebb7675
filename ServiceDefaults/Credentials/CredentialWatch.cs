using Empire.Contracts;
using Empire.Data;
using Microsoft.Extensions.Options;

namespace Empire.Credentials;

/// <summary>Says which credentials of accounts are past their age, and which are used out of all proportion. What is said commits with the row by which it is not said again. Safe in several replicas.</summary>
public sealed class CredentialWatch(Database db, WatchedCredentials credentials, IOptions<CredentialOptions> options, TimeProvider clock)
{
    private const int Batch = 100;

    private readonly string count =
        $"""
        with used as (update {credentials.Table} set last_used_at = @now where tenant_id = current_tenant() and id = @id returning id), day as (
          insert into {credentials.Uses} as u (credential_id, tenant_id, day, uses) select id, current_tenant(), @day, 1 from used
          on conflict (credential_id, day) do update set uses = u.uses + 1 returning uses, jumped)
        select day.uses, day.jumped,
          case when exists (select from {credentials.Uses} where tenant_id = current_tenant() and credential_id = @id and day <= @day::date - 7)
            then coalesce((select sum(uses) from {credentials.Uses} where tenant_id = current_tenant() and credential_id = @id and day < @day and day >= @day::date - 7), 0) / 7.0 else 0 end as usual
        from day
        """;

    private readonly string aged =
        $"""
        select id, tenant_id, {credentials.Name} as name, {credentials.Provider} as provider, {credentials.Class} as class, set_at from {credentials.Table}
        where aged_at is null and set_at <= case {credentials.Class} when 'llm' then @llm when 'gateway' then @gateway else @platform end
        order by set_at limit @Batch for update skip locked
        """;

    /// <summary>Counts a use, to be committed before the credential is used; a day that is a jump is said once.</summary>
    /// <returns>False when the account no longer has the credential: it is not to be used.</returns>
    public async Task<bool> UsedAsync(Work work, Guid id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime); // a day, not a moment: the server would cast a moment in its own zone
        if (await work.QuerySingleOrDefaultAsync<DayOfUse>(count, new { id, now, day = today }, ct) is not { } day) return false;
        if (day.Jumped || day.Usual == 0 || day.Uses < options.Value.JumpFloor || day.Uses < day.Usual * options.Value.JumpFactor) return true;
        await work.ExecuteAsync($"update {credentials.Uses} set jumped = true where tenant_id = current_tenant() and credential_id = @id and day = @today", new { id, today }, ct);
        var credential = await work.QuerySingleAsync<(string Name, string Provider)>(
            $"select {credentials.Name}, {credentials.Provider} from {credentials.Table} where tenant_id = current_tenant() and id = @id", new { id }, ct);
        work.Publish(new CredentialUseJumped
        {
            TenantId = work.Tenant.Value, CredentialId = id, Provider = credential.Provider, Name = credential.Name, Kept = credentials.Kept, Uses = day.Uses, Usual = day.Usual, OccurredAt = now,
        });
        return true;
    }

    /// <summary>Says, once for each value, that it is past its age.</summary>
    /// <returns>How many.</returns>
    public async Task<int> TellAgedAsync(CancellationToken ct)
    {
        var (now, age) = (clock.GetUtcNow(), options.Value);
        await using var work = await db.BeginSystemAsync(ct);
        var old = await work.QueryAsync<Aged>(aged, new { llm = now - age.LlmAge, gateway = now - age.GatewayAge, platform = now - age.PlatformAge, Batch }, ct);
        foreach (var credential in old)
        {
            await work.ActForAsync(new(credential.TenantId), ct);
            await work.ExecuteAsync($"update {credentials.Table} set aged_at = @now where tenant_id = current_tenant() and id = @Id", new { now, credential.Id }, ct);
            work.Publish(new CredentialAged
            {
                TenantId = credential.TenantId, CredentialId = credential.Id, Provider = credential.Provider, Name = credential.Name, Kept = credentials.Kept, Class = credential.Class, SetAt = credential.SetAt, OccurredAt = now,
            });
        }
        await work.CommitAsync(ct);
        return old.Count;
    }

    /// <param name="Uses">Of this day, this one included.</param>
    /// <param name="Jumped">It was said already.</param>
    /// <param name="Usual">Uses a day over the seven days before; 0 where there is nothing to compare with: in the week after the first use.</param>
    private sealed record DayOfUse(long Uses, bool Jumped, decimal Usual);

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
