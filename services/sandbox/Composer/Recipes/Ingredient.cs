namespace Empire.Sandbox.Composer.Recipes;

/// <summary>A measured food. Grams always equal the quantity in its unit, so what is listed is what is counted.</summary>
/// <param name="Preparation">"finely chopped", or null.</param>
public sealed record Ingredient(Food Food, string? Preparation, decimal Quantity, string Unit, decimal Grams)
{
    const decimal TeaspoonsPerTablespoon = 3;

    public string Name => Preparation is null ? Food.Name : $"{Food.Name}, {Preparation}";

    /// <summary>Rounds to what a kitchen can measure: quarter spoons, halves of a vegetable, whole eggs, 5 g on a scale.</summary>
    public static Ingredient Measure(Food food, decimal grams, string? preparation)
    {
        var (unit, unitGrams) = (food.Unit, food.UnitGrams);
        if (unit == "tsp" && grams / unitGrams >= TeaspoonsPerTablespoon) (unit, unitGrams) = ("tbsp", unitGrams * TeaspoonsPerTablespoon);
        else if (unit == "tbsp" && grams / unitGrams < 0.75m) (unit, unitGrams) = ("tsp", unitGrams / TeaspoonsPerTablespoon);
        var step = unit switch
        {
            "tsp" or "tbsp" => 0.25m,
            "g" or "ml" => grams < 20 ? 1 : 5,
            "medium" => 0.5m,
            _ => 1m,
        };
        var quantity = Math.Max(step, Math.Round(grams / unitGrams / step, MidpointRounding.AwayFromZero) * step);
        return new(food, preparation, Plain(quantity), unit, Plain(Math.Round(quantity * unitGrams, 1, MidpointRounding.ToEven)));
    }

    /// <summary>Without trailing zeros: 12, not 12.0.</summary>
    static decimal Plain(decimal value) => value / 1.0000000000m;
}
