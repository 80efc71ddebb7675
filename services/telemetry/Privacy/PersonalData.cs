using System.Text.Json;
using Empire.Contracts;
using Empire.Data;
using Empire.Hosting;
using Empire.Messaging;
using Empire.Privacy;
using Empire.Security;

namespace Empire.Telemetry.Privacy;

/// <summary>Telemetry keeps of a person the address under which an account's samples are listed. Machines' figures are nobody's.</summary>
[Queue("telemetry.personal-data")]
public sealed class PersonalData(Sealer sealer, ThisService service) : PersonalDataHandler(sealer, service)
{
    protected override async Task<IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>> ExportAsync(Work work, Person person, CancellationToken ct) =>
        new Dictionary<string, IReadOnlyList<JsonElement>>
        {
            ["accounts"] = await RowsAsync(work, "select to_jsonb(r)::text from (select email, tier from accounts where tenant_id = current_tenant() and lower(email) = @Email limit @MostRows) r", person, ct),
        };

    protected override Task<int> EraseAsync(Work work, Person person, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            update accounts set email = null, email_told_at = null
            where tenant_id = current_tenant() and lower(email) = @Email and (email_told_at is null or email_told_at <= @ErasedAt)
            """, new { person.Email, person.ErasedAt }, ct);
}

/// <summary>Learns under whose address an account's samples are listed.</summary>
[Queue("telemetry.customer-signed-up")]
public sealed class CustomerSignedUpHandler : IHandle<CustomerSignedUp>
{
    public async Task HandleAsync(CustomerSignedUp fact, Work work, CancellationToken ct)
    {
        if (await ErasedAddresses.HoldsAsync(work, fact.Email, fact.OccurredAt, ct)) return;
        await work.ExecuteAsync(
            """
            insert into accounts as a (tenant_id, email, email_told_at) values (@TenantId, @Email, @OccurredAt)
            on conflict (tenant_id) do update set email = excluded.email, email_told_at = excluded.email_told_at where a.email is null
            """, new { fact.TenantId, fact.Email, fact.OccurredAt }, ct);
    }
}
