using System.Text.Json;
using Empire.Contracts;
using Empire.Data;
using Empire.Privacy;
using Empire.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Testing;

/// <summary>Asks a service's <see cref="PersonalDataHandler"/> about a person, as identity does, and reads the answer before it leaves the outbox.</summary>
public sealed class PersonalDataProbe(IServiceProvider services, Database database, TenantId tenant, Guid user, string email)
{
    /// <summary>Whether the database's own wall stands alone, for every statement of this process.</summary>
    public static bool CodeFilterIsOff { set => TenantFilter.IsOff = value; }

    /// <returns>Table by table.</returns>
    public async Task<JsonElement> ExportAsync<THandler>() where THandler : PersonalDataHandler
    {
        await using var work = await database.BeginAsync(tenant, default);
        await ActivatorUtilities.CreateInstance<THandler>(services).HandleAsync(
            new PersonalDataExportRequested { TenantId = tenant.Value, RequestId = Guid.CreateVersion7(), UserId = user, Email = email, OccurredAt = work.Now }, work, default);
        var answer = await AnswerAsync<PersonalDataExported>(work);
        return JsonDocument.Parse(services.GetRequiredService<Sealer>().Open(answer!.SealedData, PersonalDataHandler.Purpose)).RootElement;
    }

    /// <returns>How many rows the service says it touched.</returns>
    public async Task<int> EraseAsync<THandler>() where THandler : PersonalDataHandler => await TryEraseAsync<THandler>() ?? throw new InvalidOperationException("The service has something under way and does not answer.");

    /// <param name="firstAskedAt">The same when it is asked again; null: another erasure.</param>
    /// <returns>Null when the service does not answer yet.</returns>
    public async Task<int?> TryEraseAsync<THandler>(DateTimeOffset? firstAskedAt = null) where THandler : PersonalDataHandler
    {
        var request = Guid.CreateVersion7();
        await using var work = await database.BeginAsync(tenant, default);
        await ActivatorUtilities.CreateInstance<THandler>(services).HandleAsync(
            new PersonalDataErasureRequested { TenantId = tenant.Value, RequestId = request, UserId = user, Email = email, FirstAskedAt = firstAskedAt, OccurredAt = work.Now }, work, default);
        var rows = await AnswerAsync<PersonalDataErased>(work) is { } answer && answer.RequestId == request ? answer.Rows : (int?)null;
        await work.CommitAsync(default);
        return rows;
    }

    private async Task<TEvent?> AnswerAsync<TEvent>(Work work)
    {
        await work.ActForAsync(TenantId.New(work.Now)); // writes the outbox
        await work.ActForAsync(tenant);
        var body = await work.QuerySingleOrDefaultAsync<string>("select body from kernel.outbox where type = @type order by seq desc limit 1", new { type = typeof(TEvent).FullName });
        return body is null ? default : JsonSerializer.Deserialize<TEvent>(body, JsonSerializerOptions.Web);
    }
}
