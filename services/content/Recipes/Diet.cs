using System.Text.RegularExpressions;
using Empire.Content.Review;

namespace Empire.Content.Recipes;

/// <summary>What a diet leaves out. A list of words is no nutritionist, but it catches the butter in a vegan cake before a reader does.</summary>
internal static partial class Diet
{
    public static IEnumerable<Objection> Check(string diet, IEnumerable<Recipe.Ingredient> ingredients) =>
        from ingredient in ingredients
        let animal = Found(diet, PlantMade().Replace(ingredient.Name.ToLowerInvariant(), ""))
        where animal is not null
        select new Objection("diet", $"{ingredient.Name} is not {diet}");

    private static string? Found(string diet, string name) => diet switch
    {
        "vegetarian" when Meat().Match(name) is { Success: true } match => match.Value,
        "vegan" when Meat().Match(name) is { Success: true } match => match.Value,
        "vegan" when DairyEggsHoney().Match(name) is { Success: true } match => match.Value,
        "paleo" when GrainsAndPulses().Match(name) is { Success: true } match => match.Value,
        "keto" when Sugar().Match(name) is { Success: true } match => match.Value,
        _ => null,
    };

    /// <summary>Named after milk or meat, made of plants.</summary>
    [GeneratedRegex(@"\b(vegan|vegetable|plant[- ]based|dairy[- ]free|coconut|almond|oat|soy|soya|rice|cashew|peanut|hazelnut|nut|seed|cocoa|cacao|shea|apple|tofu|seitan|egg[- ]free)\s+(milk|butter|cream|cheese|yogurt|yoghurt|mince|sausage|bacon|mayonnaise|broth|stock)s?\b|\bcream of tartar\b|\bbutter beans?\b|\bbutter(nut|cup)\b|\b(oyster|beefsteak) mushrooms?\b", RegexOptions.ExplicitCapture)]
    private static partial Regex PlantMade();

    [GeneratedRegex(@"\b(beef|pork|lamb|veal|bacon|ham|prosciutto|pancetta|salami|chorizo|sausages?|chicken|turkey|duck|meat|mince|fish|salmon|tuna|cod|anchov(y|ies)|shrimps?|prawns?|crab|clams?|mussels?|squid|gelatine?|lard|oyster)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Meat();

    [GeneratedRegex(@"\b(milk|butter|ghee|cream|cheese|parmesan|mozzarella|feta|ricotta|cheddar|halloumi|yogurt|yoghurt|whey|eggs?|honey|mayonnaise)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex DairyEggsHoney();

    [GeneratedRegex(@"\b(wheat|flour tortillas?|bread|pasta|spaghetti|noodles?|white rice|brown rice|oats|corn tortillas?|black beans|kidney beans|chickpeas|lentils|peanuts?|tofu|sugar)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex GrainsAndPulses();

    [GeneratedRegex(@"\b((white|brown|caster|granulated|powdered) sugar|sugar|honey|maple syrup|bread|pasta|spaghetti|rice noodles?|white rice|potato(es)?)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Sugar();
}
