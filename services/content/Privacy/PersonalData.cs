using System.Text.Json;
using Empire.Data;
using Empire.Hosting;
using Empire.Messaging;
using Empire.Privacy;
using Empire.Security;

namespace Empire.Content.Privacy;

/// <summary>Content keeps of a person only which prompts they chose.</summary>
[Queue("content.personal-data")]
public sealed class PersonalData(Sealer sealer, ThisService service) : PersonalDataHandler(sealer, service)
{
    protected override async Task<IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>> ExportAsync(Work work, Person person, CancellationToken ct) =>
        new Dictionary<string, IReadOnlyList<JsonElement>>
        {
            ["prompt_choices"] = await RowsAsync(work, "select to_jsonb(r)::text from (select kind, version, chosen_at from prompt_choices where tenant_id = current_tenant() and chosen_by = @Actor order by kind limit @MostRows) r", person, ct),
        };

    protected override Task<int> EraseAsync(Work work, Person person, CancellationToken ct) =>
        work.ExecuteAsync("update prompt_choices set chosen_by = @Erased where tenant_id = current_tenant() and chosen_by = @Actor and chosen_at <= @ErasedAt", new { Person.Erased, person.Actor, person.ErasedAt }, ct);
}
