namespace Empire.Sandbox.Networks;

/// <summary>One offer of an affiliate network.</summary>
/// <param name="Id">Unique across both networks; the same in every run.</param>
/// <param name="CommissionRate">Share of the sale that goes to the publisher, in percent.</param>
/// <param name="Rating">Average of <paramref name="ReviewCount"/> reviews, 1 to 5.</param>
/// <param name="ConversionRate">Share of visitors who buy, in percent.</param>
/// <param name="TrendScore">Interest of the last weeks, 0 to 100.</param>
public sealed record Product(
    string Id, Network Network, string Niche, string Category, string Brand, string Name, string Description, IReadOnlyList<string> Features,
    decimal Price, decimal CommissionRate, decimal Rating, int ReviewCount, int Stock, decimal ConversionRate, int TrendScore)
{
    public const string Currency = "USD";

    public decimal Commission => Math.Round(Price * CommissionRate / 100, 2, MidpointRounding.ToEven);
    public string ImagePath => $"/images/{Id}.svg";
    public string ShopPath => $"/shop/{Network.Name}/{Id}";
}

/// <param name="Prefix">Begins the ids of its products.</param>
public sealed record Network(string Name, string Prefix)
{
    public static readonly Network Meadow = new("meadow", "MD"), Harbor = new("harbor", "HB");
    public static readonly IReadOnlyList<Network> All = [Meadow, Harbor];

    public static Network? Find(string name) => All.FirstOrDefault(n => n.Name == name);
}
