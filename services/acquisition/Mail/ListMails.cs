using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Acquisition.Mail;

/// <summary>The mails of the caller's account, newest first: to whom, which, and what became of them. Never what they said.</summary>
public static class ListMails
{
    /// <param name="State">planned, running, unknown, held, cancelled, sent or refused.</param>
    /// <param name="EffectId">For a verdict, where it is held.</param>
    /// <example>{"id": "mail_0199f3a17c5b7d3e8a4b5c6d7e8f9062", "template": "welcome", "recipient": "ada@example.com", "state": "sent", "detail": null,
    /// "message_id": "7d3e8a4b5c6d7e8f90120199f3a17c5b@example.com", "effect_id": "eff_0199f3a17c5b7d3e8a4b5c6d7e8f902c", "test": false, "planned_at": "2026-03-02T08:00:00+00:00",
    /// "settled_at": "2026-03-02T08:00:01+00:00"}</example>
    public sealed record Response(string Id, string Template, string Recipient, string State, string? Detail, string? MessageId, string? EffectId, bool Test, DateTimeOffset PlannedAt, DateTimeOffset? SettledAt);

    private sealed record Row(
        Guid Id, string Template, string Recipient, string State, string? Detail, string? MessageId, Guid? EffectId, bool Test, DateTimeOffset PlannedAt, DateTimeOffset? SettledAt);

    /// <param name="recipient">The whole address; null is all.</param>
    public static async Task<Ok<Page<Response>>> HandleAsync(string? recipient, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Row>(
            """
            select m.id, m.template, m.recipient, case when m.state = 'planned' then coalesce(e.state, m.state) else m.state end as state,
              coalesce(m.detail, e.detail) as detail, m.message_id, e.id as effect_id, m.test, m.planned_at, m.settled_at
            from mails m left join kernel.effects e on e.tenant_id = m.tenant_id and e.kind = @kind and e.key = m.mail_key
            where m.tenant_id = @tenant and (@recipient::text is null or lower(m.recipient) = lower(@recipient))
              and (@at::timestamptz is null or (m.planned_at, m.id) < (@at, @id))
            order by m.planned_at desc, m.id desc limit @Fetch
            """, new { kind = SendMail.Kind, tenant = caller.Tenant, recipient, at = after?.At, id = after?.Id, page.Fetch }, ct);
        return TypedResults.Ok(page.ToPage(rows, row => (row.PlannedAt, row.Id)).Select(row => new Response(
            PublicId.Format("mail", row.Id), row.Template, row.Recipient, row.State, row.Detail, row.MessageId,
            row.EffectId is { } effect ? PublicId.Format("eff", effect) : null, row.Test, row.PlannedAt, row.SettledAt)));
    }
}
