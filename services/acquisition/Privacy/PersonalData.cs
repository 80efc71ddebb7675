using System.Text.Json;
using Empire.Data;
using Empire.Hosting;
using Empire.Messaging;
using Empire.Privacy;
using Empire.Security;

namespace Empire.Acquisition.Privacy;

/// <summary>Acquisition keeps of a person the mails it sent them, what those said, whether their mailbox bounced, and which campaigns they made and what they recorded as spent on them.
/// Campaigns and their figures are the account's and stay.</summary>
[Queue("acquisition.personal-data")]
public sealed class PersonalData(Sealer sealer, ThisService service) : PersonalDataHandler(sealer, service)
{
    protected override async Task<IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>> ExportAsync(Work work, Person person, CancellationToken ct) =>
        new Dictionary<string, IReadOnlyList<JsonElement>>
        {
            ["mails"] = await RowsAsync(
                work, "select to_jsonb(r)::text from (select template, recipient, state, detail, planned_at, settled_at from mails where tenant_id = current_tenant() and lower(recipient) = @Email order by planned_at limit @MostRows) r", person, ct),
            ["bounces"] = await RowsAsync(work, "select to_jsonb(r)::text from (select address, reason, bounced_at from bounces where tenant_id = current_tenant() and address = @Email limit @MostRows) r", person, ct),
            ["campaigns"] = await RowsAsync(
                work, "select to_jsonb(r)::text from (select id, name, channel, status, starts_at, ends_at, created_at, archived_at from campaigns where tenant_id = current_tenant() and created_by = @Actor order by created_at limit @MostRows) r", person, ct),
            ["campaign_spend"] = await RowsAsync(
                work, "select to_jsonb(r)::text from (select id, campaign_id, micros, currency, spent_on, source, reference, recorded_at from campaign_spend where tenant_id = current_tenant() and recorded_by = @Actor order by recorded_at limit @MostRows) r",
                person, ct),
        };

    /// <summary>That a mail was sent stays; to whom, and what it said, goes. One that waits for a person's word is given up. One that is under way at this moment is let finish: its effect still needs the
    /// address, and takes it out when it is settled.</summary>
    protected override Task<int> EraseAsync(Work work, Person person, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            update kernel.effects set intent = intent || '{"recipient": "erased", "values": {}, "secrets": {}}', answer = null, detail = null,
              state = case state when 'held' then 'rejected' else state end, settled_at = coalesce(settled_at, @Now)
            where tenant_id = current_tenant() and kind = 'mail.send' and lower(intent ->> 'recipient') = @Email and state in ('succeeded', 'rejected', 'held', 'cancelled') and planned_at <= @ErasedAt;
            update mails m set recipient = 'erased', detail = case when detail is null and state <> 'planned' then null else 'erased' end,
              state = case state when 'planned' then 'refused' else state end, settled_at = coalesce(settled_at, @Now)
            where m.tenant_id = current_tenant() and lower(recipient) = @Email and planned_at <= @ErasedAt
              and not exists (select from kernel.effects e where e.tenant_id = m.tenant_id and e.kind = 'mail.send' and e.key = m.mail_key and e.state in ('planned', 'running', 'unknown'));
            delete from bounces where tenant_id = current_tenant() and address = @Email and bounced_at <= @ErasedAt;
            update campaigns set created_by = @Erased where tenant_id = current_tenant() and created_by = @Actor and created_at <= @ErasedAt;
            update campaign_spend set recorded_by = @Erased where tenant_id = current_tenant() and recorded_by = @Actor and recorded_at <= @ErasedAt
            """, new { person.Email, Person.Erased, person.Actor, person.ErasedAt, work.Now }, ct);

    protected override Task<bool> UnderWayAsync(Work work, Person person, CancellationToken ct) => work.QuerySingleAsync<bool>(
        "select exists (select from kernel.effects where tenant_id = current_tenant() and kind = 'mail.send' and lower(intent ->> 'recipient') = @Email and planned_at <= @ErasedAt)", new { person.Email, person.ErasedAt }, ct);
}
