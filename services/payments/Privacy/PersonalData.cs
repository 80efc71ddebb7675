using System.Text.Json;
using Empire.Data;
using Empire.Hosting;
using Empire.Messaging;
using Empire.Privacy;
using Empire.Security;

namespace Empire.Payments.Privacy;

/// <summary>What payments keeps of a user: nothing beside what the kernel keeps.</summary>
[Queue("payments.personal-data")]
public sealed class PersonalData(Sealer sealer, ThisService service) : PersonalDataHandler(sealer, service)
{
    protected override Task<IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>> ExportAsync(Work work, Person person, CancellationToken ct) =>
        Task.FromResult<IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>>(new Dictionary<string, IReadOnlyList<JsonElement>>());

    protected override Task<int> EraseAsync(Work work, Person person, CancellationToken ct) => Task.FromResult(0);
}
