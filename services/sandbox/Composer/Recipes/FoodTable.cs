using System.Globalization;
using CsvHelper;

namespace Empire.Sandbox.Composer.Recipes;

/// <summary>A food with its facts per 100 g.</summary>
/// <param name="Name">As in a list of ingredients.</param>
/// <param name="InSteps">As in the instructions.</param>
/// <param name="Unit">How a cook measures it; one is <paramref name="UnitGrams"/> grams.</param>
/// <param name="Diets">Letters: v vegan (so vegetarian too), t vegetarian, p paleo, k keto.</param>
public sealed record Food(
    string Name, string InSteps, string Unit, decimal UnitGrams,
    decimal Kcal, decimal Protein, decimal Fat, decimal Carbohydrate, decimal Fiber, decimal SodiumMg, string Diets)
{
    public bool Suits(Diet diet) => diet switch
    {
        Diet.Vegan => Diets.Contains('v'),
        Diet.Vegetarian => Diets.Contains('v') || Diets.Contains('t'),
        Diet.Paleo => Diets.Contains('p'),
        Diet.Keto => Diets.Contains('k'),
        _ => true,
    };
}

public enum Diet { Omnivore, Vegetarian, Vegan, Paleo, Keto }

/// <summary>The foods the composer cooks with. Facts per 100 g follow USDA FoodData Central (SR Legacy and Foundation Foods; facts only), rounded.</summary>
public sealed class FoodTable
{
    public const string Source = "USDA FoodData Central";

    readonly Dictionary<string, Food> byName;

    public FoodTable()
    {
        using var text = new StringReader(string.Join('\n', Resource.Lines("recipes/foods.csv")));
        using var csv = new CsvReader(text, CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        var foods = new List<Food>();
        while (csv.Read())
            foods.Add(new(csv["name"]!, csv["in_steps"]!, csv["unit"]!, Fact("unit_grams"), Fact("kcal"), Fact("protein"), Fact("fat"), Fact("carbohydrate"), Fact("fiber"), Fact("sodium_mg"), csv["diets"]!));
        byName = foods.ToDictionary(f => f.Name, StringComparer.Ordinal);

        decimal Fact(string column) => csv.GetField<decimal>(column);
    }

    public IReadOnlyCollection<Food> All => byName.Values;

    /// <exception cref="KeyNotFoundException">A blueprint names a food that the table lacks.</exception>
    public Food this[string name] => byName.TryGetValue(name, out var food) ? food : throw new KeyNotFoundException($"The food table has no {name}.");
}
