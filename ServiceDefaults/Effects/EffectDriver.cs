using System.Text.Json;
using Empire.Data;
using Empire.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Effects;

/// <summary>One kind of effect as the worker sees it, without the type of its intent.</summary>
internal abstract class EffectDriver(string kind)
{
    public string Kind => kind;

    public abstract Task<EffectOutcome> PerformAsync(IServiceProvider services, EffectClaim claim, CancellationToken ct);
    public abstract Task<EffectOutcome> ProbeAsync(IServiceProvider services, EffectClaim claim, CancellationToken ct);
    public abstract Task SettledAsync(IServiceProvider services, EffectClaim claim, EffectAnswer answer, DateTimeOffset at, Work work, CancellationToken ct);

    /// <returns>What is wrong with the stored intent; null when this build can read it.</returns>
    public abstract string? Unreadable(string intent);
}

internal sealed class EffectDriver<THandler, TIntent>(string kind) : EffectDriver(kind) where THandler : EffectHandler<TIntent> where TIntent : class
{
    public override Task<EffectOutcome> PerformAsync(IServiceProvider services, EffectClaim claim, CancellationToken ct) =>
        services.GetRequiredService<THandler>().PerformAsync(AttemptOf(claim), ct);

    public override Task<EffectOutcome> ProbeAsync(IServiceProvider services, EffectClaim claim, CancellationToken ct) =>
        services.GetRequiredService<THandler>().ProbeAsync(AttemptOf(claim), ct);

    public override Task SettledAsync(IServiceProvider services, EffectClaim claim, EffectAnswer answer, DateTimeOffset at, Work work, CancellationToken ct) =>
        services.GetRequiredService<THandler>().SettledAsync(
            new(claim.Id, claim.Key, Read(claim.Intent), answer.Succeeded, answer.Reference, answer.Detail, at), work, ct);

    public override string? Unreadable(string intent)
    {
        try
        {
            Read(intent);
            return null;
        }
        catch (JsonException e)
        {
            return e.Message;
        }
    }

    private static EffectAttempt<TIntent> AttemptOf(EffectClaim claim) =>
        new(claim.Id, claim.Tenant, claim.Key, Read(claim.Intent), claim.Attempts, claim.FirstStartedAt);

    private static TIntent Read(string intent) =>
        JsonSerializer.Deserialize<TIntent>(intent, EventJson.Options) ?? throw new JsonException($"{typeof(TIntent).Name} is null.");
}
