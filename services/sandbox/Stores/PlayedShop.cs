using System.Globalization;
using Empire.Sandbox.Composer;

namespace Empire.Sandbox.Stores;

/// <summary>A shop that someone runs on a platform: its goods, and what was sold of them. All of it follows from the shop's name and the day, so it needs no memory: every
/// process that is asked tells the same.</summary>
/// <param name="Name">As in its address.</param>
public sealed record PlayedShop(string Name)
{
    /// <summary>How far back there are sales. Shopify shows an app without further rights no older orders either.</summary>
    public const int Days = 60;

    const int FewestProducts = 6, MostProducts = 14, MostADay = 5, Customers = 40;

    static readonly string[] Kinds = ["Guide", "Workbook", "Template Pack", "Mini Course", "Checklist Set", "Planner"];
    static readonly decimal[] Prices = [9, 12, 15, 19, 24, 29, 39, 49, 79];

    public string Currency => "USD";

    /// <summary>Stable and larger than 32 bits, as the platforms' own numbers are.</summary>
    public long Id => 7_000_000_000 + Number("id", 900_000_000);

    public IReadOnlyList<Item> Products
    {
        get
        {
            var dice = new Dice($"shop {Name} products");
            return [.. Enumerable.Range(1, dice.Between(FewestProducts, MostProducts)).Select(i => new Item(Id * 10 + i, $"{Title()} {dice.Pick(Kinds)} {i.ToString(CultureInfo.InvariantCulture)}", dice.Pick(Prices)))];
        }
    }

    /// <summary>The newest last; nothing that would lie in the future.</summary>
    public IReadOnlyList<Sale> Sales(DateTimeOffset now)
    {
        var (today, products) = (DateOnly.FromDateTime(now.UtcDateTime), Products);
        return [.. Enumerable.Range(0, Days).Reverse().SelectMany(back => Of(today.AddDays(-back), products)).Where(sale => sale.At <= now)];
    }

    /// <summary>Checkouts that were begun on those days and never paid.</summary>
    public int Abandoned(DateTimeOffset now, DateTimeOffset since) =>
        Enumerable.Range(0, Days).Select(back => DateOnly.FromDateTime(now.UtcDateTime).AddDays(-back)).Where(day => day.ToDateTime(TimeOnly.MaxValue, DateTimeKind.Utc) >= since.UtcDateTime)
            .Sum(day => new Dice($"shop {Name} {day:O} abandoned").Between(0, 2 * MostADay));

    IEnumerable<Sale> Of(DateOnly day, IReadOnlyList<Item> products)
    {
        var dice = new Dice($"shop {Name} {day:O}");
        var count = dice.Below(MostADay + 1);
        for (var i = 0; i < count; i++)
        {
            var item = dice.Pick(products);
            var quantity = dice.Chance(0.15) ? 2 : 1;
            var total = item.Price * quantity;
            var refunded = dice.Chance(0.05) ? total : dice.Chance(0.04) ? Math.Round(total / 2, 2) : 0;
            var at = new DateTimeOffset(day.ToDateTime(new TimeOnly(i * 4, dice.Below(60), dice.Below(60))), TimeSpan.Zero);
            yield return new(Id * 100_000 + day.DayNumber % 10_000 * 10 + i, at, item, quantity, total, refunded, dice.Between(1, Customers));
        }
    }

    string Title() => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(Name.Replace('-', ' '));

    long Number(string what, int bound) => new Dice($"shop {Name} {what}").Below(bound);

    public sealed record Item(long Id, string Title, decimal Price);

    /// <param name="Total">What was paid, before refunds.</param>
    /// <param name="Customer">1 to 40, within the shop.</param>
    public sealed record Sale(long Id, DateTimeOffset At, Item Item, int Quantity, decimal Total, decimal Refunded, int Customer);
}
