using System.Net;
using Empire.Data;
using Empire.Effects;

namespace Empire.Tests.Effects;

/// <summary>What a provider offers against doing a thing twice.</summary>
public enum Protection { None, Key, LookUp }

public sealed record Letter(string Name, Protection Protection);

/// <summary>A handler as a service would write it, for a provider of each protection.</summary>
internal sealed class SendLetter(PostOfficeClient office) : EffectHandler<Letter>
{
    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<Letter> attempt, CancellationToken ct)
    {
        var key = attempt.Intent.Protection == Protection.Key ? attempt.Key : null;
        var (status, text) = await office.SendAsync(attempt.Intent.Name, key, ct);
        return status switch
        {
            HttpStatusCode.OK => new EffectOutcome.Done(text),
            HttpStatusCode.TooManyRequests => new EffectOutcome.NotDone(TimeSpan.Zero),
            HttpStatusCode.BadRequest => new EffectOutcome.Refused(text),
            _ => throw new HttpRequestException($"{status}"),
        };
    }

    public override async Task<EffectOutcome> ProbeAsync(EffectAttempt<Letter> attempt, CancellationToken ct)
    {
        switch (attempt.Intent.Protection)
        {
            case Protection.Key: return await PerformAsync(attempt, ct); // the key makes a repeat a question
            case Protection.LookUp: return await office.FindAsync(attempt.Intent.Name, ct) is { } number ? new EffectOutcome.Done(number) : new EffectOutcome.NotDone(TimeSpan.Zero);
            default: return new EffectOutcome.CannotTell("The post office keeps no list.");
        }
    }

    public override Task SettledAsync(EffectSettled<Letter> settled, Work work, CancellationToken ct) => work.ExecuteAsync(
        "insert into letters (effect_id, tenant_id, succeeded, reference) values (@EffectId, @Tenant, @Succeeded, @Reference)",
        new { settled.EffectId, work.Tenant, settled.Succeeded, settled.Reference }, ct);
}

internal sealed class PostOfficeClient(HttpClient http)
{
    public async Task<(HttpStatusCode Status, string Text)> SendAsync(string letter, string? key, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"letters/{letter}");
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await http.SendAsync(request, ct);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(ct));
    }

    /// <returns>Null when no letter of that name has left.</returns>
    public async Task<string?> FindAsync(string letter, CancellationToken ct)
    {
        using var response = await http.GetAsync(new Uri($"letters/{letter}", UriKind.Relative), ct);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(ct);
    }
}
