namespace Empire.Analytics.Clicks;

/// <summary>One visit to <c>/r/{code}</c>. It holds no address of a person: <paramref name="Visitor"/> is a pseudonym that lasts a day.</summary>
/// <param name="Agent">One of <see cref="Agents"/>.</param>
/// <param name="Visitor">Null where the day's salt was out of reach.</param>
/// <param name="Referrer">The host of the page that held the link; null when the browser kept it to itself.</param>
public sealed record Click(ClickId Id, TenantId Tenant, string LinkCode, string Agent, long? Visitor, string? Referrer)
{
    public DateTimeOffset OccurredAt => Id.OccurredAt;
}
