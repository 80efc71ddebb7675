using Empire.Data;

namespace Empire.Effects;

/// <summary>Caps per window. Every transaction locks its quotas in the order of name and window, so that two never wait for each other in a ring.</summary>
internal static class EffectQuotas
{
    public static IEnumerable<QuotaToken> InLockOrder(IReadOnlyList<QuotaToken>? tokens) =>
        (tokens ?? []).OrderBy(token => token.Name, StringComparer.Ordinal).ThenBy(token => token.Window, StringComparer.Ordinal);

    /// <summary>The row lock of the upsert makes concurrent takers wait for each other, so the cap holds under any concurrency.</summary>
    /// <returns>False when the cap has not enough left; then nothing is taken.</returns>
    public static async Task<bool> TakeAsync(Work work, Guid effect, QuotaToken token, CancellationToken ct)
    {
        if (token.Amount <= 0) throw new ArgumentException("A quota token's amount is positive.", nameof(token));
        if (token.Amount > token.Cap) return false;
        var taken = await work.ExecuteAsync(
            token.Shared
                ? """
                  insert into kernel.shared_quotas as q (name, time_window, used) values (@Name, @Window, @Amount)
                  on conflict (name, time_window) do update set used = q.used + excluded.used where q.used + excluded.used <= @Cap
                  """
                : """
                  insert into kernel.quotas as q (tenant_id, name, time_window, used) values (@tenant, @Name, @Window, @Amount)
                  on conflict (tenant_id, name, time_window) do update set used = q.used + excluded.used where q.used + excluded.used <= @Cap
                  """,
            new { tenant = work.Tenant, token.Name, token.Window, token.Amount, token.Cap }, ct);
        if (taken == 0) return false;
        await work.ExecuteAsync(
            "insert into kernel.effect_quotas (effect_id, tenant_id, name, time_window, amount, shared) values (@effect, @tenant, @Name, @Window, @Amount, @Shared)",
            new { effect, tenant = work.Tenant, token.Name, token.Window, token.Amount, token.Shared }, ct);
        return true;
    }

    /// <summary>The act will never happen, so its share is free again.</summary>
    public static async Task GiveBackAsync(Work work, Guid effect, CancellationToken ct)
    {
        var taken = await work.QueryAsync<(string Name, string Window, long Amount, bool Shared)>(
            """
            delete from kernel.effect_quotas where effect_id = @effect returning name, time_window, amount, shared
            """, new { effect }, ct);
        foreach (var (name, window, amount, shared) in taken.OrderBy(token => token.Name, StringComparer.Ordinal).ThenBy(token => token.Window, StringComparer.Ordinal))
            await work.ExecuteAsync(
                shared ? "update kernel.shared_quotas set used = used - @amount where name = @name and time_window = @window" : "update kernel.quotas set used = used - @amount where tenant_id = @tenant and name = @name and time_window = @window",
                new { tenant = work.Tenant, name, window, amount }, ct);
    }
}
