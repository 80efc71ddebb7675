namespace Empire.Effects;

/// <summary>The kinds that this service can perform.</summary>
internal sealed class EffectDrivers(IEnumerable<EffectDriver> drivers)
{
    private readonly Dictionary<string, EffectDriver> byKind = drivers.ToDictionary(driver => driver.Kind, StringComparer.Ordinal);

    public string[] Kinds => [.. byKind.Keys];

    public EffectDriver this[string kind] => byKind[kind];

    public EffectDriver? Find(string kind) => byKind.GetValueOrDefault(kind);
}
