using System.Text.Json;
using Empire.Data;
using Empire.Hosting;
using Empire.Messaging;
using Empire.Privacy;
using Empire.Security;

namespace Empire.Analytics.Privacy;

/// <summary>Analytics keeps nothing of a user. A visitor's click carries a pseudonym whose salt is deleted after two days: from then on nobody, and before that nobody by
/// name, can tell whose it was, so there is nothing to look up and nothing to erase.</summary>
[Queue("analytics.personal-data")]
public sealed class PersonalData(Sealer sealer, ThisService service) : PersonalDataHandler(sealer, service)
{
    protected override Task<IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>> ExportAsync(Work work, Person person, CancellationToken ct) =>
        Task.FromResult<IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>>(new Dictionary<string, IReadOnlyList<JsonElement>>());

    protected override Task<int> EraseAsync(Work work, Person person, CancellationToken ct) => Task.FromResult(0);
}
