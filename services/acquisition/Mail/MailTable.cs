using Empire.Data;
using Empire.Privacy;

namespace Empire.Acquisition.Mail;

internal static class MailTable
{
    /// <param name="refusal">Why it will never be sent; null when it is planned.</param>
    public static Task AddAsync(Work work, Letter letter, string? refusal, bool test, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            insert into mails (id, tenant_id, mail_key, template, recipient, state, detail, test, planned_at, settled_at)
            values (@id, @tenant, @Key, @Template, @recipient, @state, @refusal, @test, @now, @settled)
            on conflict (tenant_id, mail_key) do nothing
            """,
            new
            {
                id = Guid.CreateVersion7(work.Now), tenant = work.Tenant, letter.Key, letter.Template, recipient = Address.Shown(letter.Recipient),
                state = refusal is null ? "planned" : "refused", refusal, test, now = work.Now, settled = refusal is null ? (DateTimeOffset?)null : work.Now,
            }, ct);

    public static Task SettleAsync(Work work, string key, string? messageId, string? refusal, DateTimeOffset at, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            update mails set state = case when @refusal::text is null then 'sent' else 'refused' end, message_id = @messageId, detail = @refusal, settled_at = @at
            where tenant_id = @tenant and mail_key = @key
            """, new { tenant = work.Tenant, key, messageId, refusal, at }, ct);

    /// <summary>Nothing is written from this effect again, so even the sealed form need not lie there for ever.</summary>
    public static Task ForgetSecretsAsync(Work work, Guid effect, CancellationToken ct) =>
        work.ExecuteAsync("update kernel.effects set intent = jsonb_set(intent, '{secrets}', '{}') where id = @effect", new { effect }, ct);

    /// <summary>Whom it went to may have been forgotten while it was under way: then nothing of them stays.</summary>
    /// <returns>Whether that is so.</returns>
    public static async Task<bool> ForgetErasedAsync(Work work, Guid effect, string key, string recipient, CancellationToken ct) => await work.ExecuteAsync(
        """
        with forgotten as (
          update mails m set recipient = 'erased', detail = case when m.detail is null then null else 'erased' end from kernel.erased_addresses a
          where m.tenant_id = @tenant and m.mail_key = @key and a.tenant_id = m.tenant_id and a.address_hash = @hash and a.erased_at >= m.planned_at returning m.id
        )
        update kernel.effects set intent = intent || '{"recipient": "erased", "values": {}, "secrets": {}}', detail = null from forgotten where kernel.effects.id = @effect
        """, new { tenant = work.Tenant, effect, key, hash = ErasedAddresses.HashOf(recipient) }, ct) > 0;

    /// <summary>As <see cref="ForgetErasedAsync"/>, and after an erasure that is under way: what is written of the recipient besides the mail would not be found again.</summary>
    public static async Task<bool> IsErasedAsync(Work work, string key, string recipient, CancellationToken ct) =>
        await ErasedAddresses.HoldsAsync(work, recipient, await work.QuerySingleAsync<DateTimeOffset>("select planned_at from mails where tenant_id = current_tenant() and mail_key = @key", new { key }, ct), ct);

    public static Task<string?> BounceOfAsync(Work work, string address, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<string>("select reason from bounces where tenant_id = @tenant and address = lower(@address)", new { tenant = work.Tenant, address }, ct);

    public static Task BouncedAsync(Work work, string address, string reason, DateTimeOffset at, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            insert into bounces (tenant_id, address, reason, bounced_at) values (@tenant, lower(@address), @reason, @at)
            on conflict (tenant_id, address) do update set reason = excluded.reason, bounced_at = excluded.bounced_at
            """, new { tenant = work.Tenant, address, reason, at }, ct);

    /// <summary>Mail arrives there after all.</summary>
    public static Task ReachedAsync(Work work, string address, CancellationToken ct) =>
        work.ExecuteAsync("delete from bounces where tenant_id = @tenant and address = lower(@address)", new { tenant = work.Tenant, address }, ct);
}
