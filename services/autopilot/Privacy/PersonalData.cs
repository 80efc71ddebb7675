using System.Text.Json;
using Empire.Data;
using Empire.Hosting;
using Empire.Messaging;
using Empire.Privacy;
using Empire.Security;

namespace Empire.Autopilot.Privacy;

/// <summary>Autopilot keeps of a person which cycles they asked for. The cycles are the account's and stay.</summary>
[Queue("autopilot.personal-data")]
public sealed class PersonalData(Sealer sealer, ThisService service) : PersonalDataHandler(sealer, service)
{
    protected override async Task<IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>> ExportAsync(Work work, Person person, CancellationToken ct) =>
        new Dictionary<string, IReadOnlyList<JsonElement>>
        {
            ["cycles"] = await RowsAsync(
                work, "select to_jsonb(r)::text from (select id, day, trigger, state, created_at, finished_at from cycles where tenant_id = current_tenant() and requested_by = @Actor order by created_at limit @MostRows) r", person, ct),
        };

    protected override Task<int> EraseAsync(Work work, Person person, CancellationToken ct) =>
        work.ExecuteAsync("update cycles set requested_by = @Erased where tenant_id = current_tenant() and requested_by = @Actor and created_at <= @ErasedAt", new { Person.Erased, person.Actor, person.ErasedAt }, ct);
}
