using Empire.Analytics.Clicks;
using Empire.Contracts;
using Empire.Data;

namespace Empire.Analytics.Conversions;

/// <summary>What became of a network's message.</summary>
public enum IntakeOutcome
{
    /// <summary>Booked as revenue.</summary>
    Recorded,

    /// <summary>The revenue was taken back.</summary>
    Reversed,

    /// <summary>Told before; nothing changed.</summary>
    Duplicate,

    /// <summary>Kept, but it names no click of ours (yet).</summary>
    Quarantined,
}

/// <summary>The one way in for what a network tells, by postback, in its report, or out of the quarantine. Repeats and any order of messages end in the same rows:
/// a reversal that overtook its approval books the conversion and takes it back at once, and the approval then finds it done.</summary>
public sealed class ConversionIntake(Database db, IServiceProvider services, TimeProvider clock)
{
    /// <param name="source"><c>postback</c> or <c>report</c>.</param>
    /// <returns>Whose message it was; null when it names no click or was told before.</returns>
    public async Task<(IntakeOutcome Outcome, TenantId? Tenant)> TakeAsync(Network network, NetworkMessage message, string source, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        if (!await ConversionTable.AddMessageAsync(work, network.Name, message, source, clock.GetUtcNow(), ct)) return (IntakeOutcome.Duplicate, null);
        var result = await BookAsync(work, network, message, ct);
        await work.CommitAsync(ct);
        FaultPoint.Pass("analytics.conversion-stored");
        return result;
    }

    /// <summary>Books a message whose row exists and has no tenant.</summary>
    internal async Task<(IntakeOutcome Outcome, TenantId? Tenant)> BookAsync(Work work, Network network, NetworkMessage message, CancellationToken ct)
    {
        if (!ClickId.TryParse(message.SubId, out var click) || await ConversionTable.FindLinkOfClickAsync(work, click, ct) is not { } link) return (IntakeOutcome.Quarantined, null);
        await work.ActForAsync(link.TenantId, ct);
        await ConversionTable.MatchMessageAsync(work, network.Name, message, link.TenantId, ct);
        var now = clock.GetUtcNow();
        var test = services.GetRequiredKeyedService<NetworkOptions>(network.Provider).Sandbox;
        var conversion = Conversion.From(network.Name, message, click, link, test, now);
        var booked = await ConversionTable.AddAsync(work, conversion, now, ct);
        if (booked) work.Publish(conversion.ToEvent());
        if (message.Status == ConversionStatus.Approved) return (booked ? IntakeOutcome.Recorded : IntakeOutcome.Duplicate, link.TenantId);
        if (await ConversionTable.ReverseAsync(work, network.Name, message.ConversionId, now, ct) is not { } reversed) return (IntakeOutcome.Duplicate, link.TenantId);
        work.Publish(new ConversionReversed
        {
            TenantId = link.TenantId.Value,
            ConversionId = reversed.Id,
            CommissionMicros = reversed.Commission.Micros,
            Currency = reversed.Commission.Currency.Code,
            OccurredAt = now,
        });
        return (IntakeOutcome.Reversed, link.TenantId);
    }
}
