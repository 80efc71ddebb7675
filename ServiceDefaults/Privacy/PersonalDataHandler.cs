using System.Text.Json;
using Empire.Contracts;
using Empire.Data;
using Empire.Hosting;
using Empire.Messaging;
using Empire.Security;

namespace Empire.Privacy;

/// <summary>Whose data it is about.</summary>
/// <param name="Email">Lower case, as identity keeps it.</param>
public sealed record Person(Guid UserId, string Email)
{
    /// <summary>In an erasure: when the services were asked for it the first time.</summary>
    public DateTimeOffset FirstAskedAt { get; init; }

    /// <summary>In an erasure: when this service first handled it. What came to be later and names the address is of somebody who has come back.</summary>
    public DateTimeOffset ErasedAt { get; init; }

    /// <summary>How rows name them.</summary>
    public string Actor => $"user:{UserId:N}";

    /// <summary>What stands in a row in their place once they are forgotten.</summary>
    public const string Erased = "user:erased";
}

/// <summary>A service's part in telling a person what is kept of them, and in forgetting them. A service derives one class, names its queue <c>{service}.personal-data</c>
/// and says which of its own tables name people; what the kernel keeps is dealt with here. The answer commits with the deed, so identity never hears of an erasure that
/// did not happen; asked again, it does the same again. While an act is under way that needs the person's
/// data, there is no answer, and identity asks again.</summary>
public abstract class PersonalDataHandler(Sealer sealer, ThisService service) : IHandle<PersonalDataExportRequested>, IHandle<PersonalDataErasureRequested>
{
    /// <summary>What identity opens an export with.</summary>
    public const string Purpose = "gdpr:export";

    /// <summary>More lines of one table than this are no longer one person's reading; the rest is at hand on request.</summary>
    protected const int MostRows = 10_000;

    /// <summary>The rows of this service's own tables that are about the person, table by table; none where it keeps nothing.</summary>
    protected abstract Task<IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>> ExportAsync(Work work, Person person, CancellationToken ct);

    /// <summary>Deletes what is only about the person and takes them out of what must stay, such as amounts of money: of what is no later than <see cref="Person.ErasedAt"/>. Safe to repeat.</summary>
    /// <returns>How many rows were touched.</returns>
    protected abstract Task<int> EraseAsync(Work work, Person person, CancellationToken ct);

    /// <summary>Whether an act that still needs the person's data is not over yet: the service answers only when it is.</summary>
    protected virtual Task<bool> UnderWayAsync(Work work, Person person, CancellationToken ct) => Task.FromResult(false);

    /// <summary>Waits for whoever is writing the address down. Nobody begins to until the work is over; a service whose erasures last commits the note of it here, in a transaction of its own, and then keeps nobody waiting.</summary>
    /// <inheritdoc cref="ErasedAddresses.BeginAsync"/>
    protected virtual Task<DateTimeOffset> BeginErasureAsync(Work work, string email, DateTimeOffset firstAskedAt, CancellationToken ct) => ErasedAddresses.BeginAsync(work, email, firstAskedAt, ct);

    /// <summary>Notes that the person was forgotten, with the work. A service that commits the note in a transaction of its own overrides this with nothing: the work of several requests stays open, and whoever
    /// then writes the same note elsewhere waits for it where the database sees no deadlock.</summary>
    protected virtual Task RememberAsync(Work work, Person person, CancellationToken ct) => ErasedAddresses.AddAsync(work, work.Tenant, person.Email, person.ErasedAt, person.FirstAskedAt, ct);

    public async Task HandleAsync(PersonalDataExportRequested fact, Work work, CancellationToken ct)
    {
        var person = new Person(fact.UserId, fact.Email);
        var tables = new Dictionary<string, IReadOnlyList<JsonElement>>(await ExportAsync(work, person, ct), StringComparer.Ordinal)
        {
            ["audit"] = await RowsAsync(work, "select to_jsonb(r)::text from (select at, action, entity_type, entity_id, details, address from kernel.audit where tenant_id = current_tenant() and actor = @Actor order by at limit @MostRows) r", person, ct),
        };
        foreach (var empty in tables.Where(table => table.Value.Count == 0).Select(table => table.Key).ToList()) tables.Remove(empty);
        work.Publish(new PersonalDataExported
        {
            TenantId = fact.TenantId, RequestId = fact.RequestId, Service = service.Name, SealedData = sealer.Seal(JsonSerializer.Serialize(tables), Purpose), OccurredAt = work.Now,
        });
    }

    public async Task HandleAsync(PersonalDataErasureRequested fact, Work work, CancellationToken ct)
    {
        var asked = fact.FirstAskedAt ?? fact.OccurredAt;
        var person = new Person(fact.UserId, fact.Email) { FirstAskedAt = asked, ErasedAt = await BeginErasureAsync(work, fact.Email, asked, ct) };
        var rows = await EraseAsync(work, person, ct);
        // The audit log stays as it is: it must prove what was done, and names the person by a number that nothing leads back from any more.
        rows += await work.ExecuteAsync("update kernel.effect_verdicts set actor = @Erased where tenant_id = current_tenant() and actor = @Actor and given_at <= @ErasedAt", new { Person.Erased, person.Actor, person.ErasedAt }, ct);
        await RememberAsync(work, person, ct);
        if (await UnderWayAsync(work, person, ct)) return; // not done yet: identity asks again
        work.Publish(new PersonalDataErased { TenantId = fact.TenantId, RequestId = fact.RequestId, Service = service.Name, Rows = rows, OccurredAt = work.Now });
    }

    /// <param name="sql">Selects one column of JSON text; may use <c>@Actor</c>, <c>@UserId</c>, <c>@Email</c> and <c>@MostRows</c>.</param>
    protected static async Task<IReadOnlyList<JsonElement>> RowsAsync(Work work, string sql, Person person, CancellationToken ct)
    {
        var rows = await work.QueryAsync<string>(sql, new { person.Actor, person.UserId, person.Email, MostRows }, ct);
        return [.. rows.Select(row => JsonSerializer.Deserialize<JsonElement>(row))];
    }
}
