using Empire.Sandbox.Composer.Text;

namespace Empire.Sandbox.Composer.Recipes;

/// <summary>A blueprint with its places filled for one order: what goes in, and what is done with it.</summary>
public sealed class Dish
{
    readonly Dictionary<string, Ingredient> filled = new(StringComparer.Ordinal);

    Dish(Blueprint blueprint, RecipeOrder order, Dice dice) => (Blueprint, Order, Dice) = (blueprint, order, dice);

    public Blueprint Blueprint { get; }
    RecipeOrder Order { get; }
    Dice Dice { get; }

    public IReadOnlyCollection<Ingredient> Ingredients => filled.Values;

    /// <param name="taken">Foods that the meal has already; none comes twice.</param>
    /// <returns>Null when a place that the dish needs has no food that suits the diet.</returns>
    public static Dish? Fill(Blueprint blueprint, RecipeOrder order, Cookbook cookbook, FoodTable foods, IEnumerable<Food> taken, Dice dice)
    {
        var dish = new Dish(blueprint, order, dice);
        var used = taken.ToHashSet();
        foreach (var slot in blueprint.Slots.Where(s => s.From <= order.Difficulty))
        {
            var candidates = slot.Choices
                .SelectMany(c => c.Food[0] == '@' ? cookbook.Palette(order.Cuisine, c.Food[1..]).Select(f => c with { Food = f }) : [c])
                .Select(c => (Choice: c, Food: foods[c.Food]))
                .Where(c => c.Food.Suits(order.Diet) && !used.Contains(c.Food)).ToList();
            if (candidates.Count == 0)
            {
                if (slot.Optional) continue;
                return null;
            }
            if (slot.Optional && dice.Chance(0.25)) continue;
            var (choice, food) = dice.Pick(candidates);
            used.Add(food);
            dish.filled[slot.Name] = Ingredient.Measure(food, choice.Grams * order.Servings, choice.Preparation);
        }
        return dish;
    }

    /// <returns>The name of the food in the slot, as instructions call it.</returns>
    public string? Slot(string name) => filled.GetValueOrDefault(name)?.Food.InSteps;

    /// <summary>The steps that apply, in order, each with its time told in its text. Hands need longer for more servings; heat does not.</summary>
    public IReadOnlyList<Step> Steps()
    {
        var steps = new List<Step>();
        foreach (var step in Blueprint.Steps.Where(s => s.From <= Order.Difficulty))
        {
            var time = step.Kind == "prep" ? Math.Max(1, (int)Math.Round(step.Time * (1 + (Order.Servings - 4) * 0.05), MidpointRounding.AwayFromZero)) : step.Time;
            var unit = step.Kind == "rest" ? (time == 1 ? "hour" : "hours") : time == 1 ? "minute" : "minutes";
            var text = step.Text.Contains("[m]", StringComparison.Ordinal) ? step.Text : step.Text.TrimEnd('.') + (step.Kind == "rest" ? ", [m]." : " (about [m]).");
            if (Template.Fill(text, Dice, name => name == "m" ? $"{time} {unit}" : Slot(name)) is { } told) steps.Add(step with { Time = time, Text = told });
        }
        return steps;
    }
}
