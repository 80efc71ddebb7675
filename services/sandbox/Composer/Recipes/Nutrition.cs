namespace Empire.Sandbox.Composer.Recipes;

/// <summary>What one serving holds, summed from the listed grams. Losses in cooking are not counted.</summary>
public sealed record Nutrition(decimal Kcal, decimal ProteinG, decimal FatG, decimal CarbohydrateG, decimal FiberG, decimal SodiumMg)
{
    public static Nutrition PerServing(IReadOnlyList<Ingredient> ingredients, int servings)
    {
        return new(Sum(f => f.Kcal, 0), Sum(f => f.Protein, 1), Sum(f => f.Fat, 1), Sum(f => f.Carbohydrate, 1), Sum(f => f.Fiber, 1), Sum(f => f.SodiumMg, 0));

        decimal Sum(Func<Food, decimal> per100, int digits) =>
            Math.Round(ingredients.Sum(i => per100(i.Food) * i.Grams / 100) / servings, digits, MidpointRounding.AwayFromZero);
    }
}
