namespace Empire.Configuration;

/// <summary>What one setting must be.</summary>
/// <param name="Key">As in configuration: <c>ConnectionStrings:content</c>.</param>
/// <param name="Wanted">Completes "wanted: …", for the person who starts the service.</param>
/// <param name="IsValid">Gets null where the setting is absent.</param>
internal sealed record SettingRule(string Key, string Wanted, Func<string?, bool> IsValid);
