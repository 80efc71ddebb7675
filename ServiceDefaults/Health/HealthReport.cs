namespace Empire.Health;

/// <param name="Status">healthy, degraded or unhealthy: the worst of the checks.</param>
internal sealed record HealthReport(string Status, string Service, string Version, DateTimeOffset Timestamp, IReadOnlyDictionary<string, HealthLine> Checks);

/// <param name="Reason">Why it is not healthy, or what was seen; null where there is nothing to say.</param>
/// <param name="LastAt">Business checks: when it last happened.</param>
internal sealed record HealthLine(string Status, string? Reason, DateTimeOffset? LastAt = null);
