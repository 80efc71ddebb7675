namespace Empire.Sandbox.Composer.Recipes;

/// <summary>How a kind of dish is made, with places for foods.</summary>
/// <param name="Course">A category of recipes, or "+savory" / "+sweet" for a flourish that crowns another dish.</param>
/// <param name="Cuisines">Empty: all.</param>
/// <param name="Flourish">Which flourishes suit it: "savory", "sweet", or "none".</param>
public sealed record Blueprint(
    string Course, IReadOnlyList<string> Cuisines, string Flourish, IReadOnlyList<string> Tools,
    IReadOnlyList<string> Titles, IReadOnlyList<string> Abouts, IReadOnlyList<Slot> Slots, IReadOnlyList<Step> Steps);

public enum Difficulty { Easy, Medium, Hard }

/// <summary>A place for one food.</summary>
/// <param name="Optional">The dish works without it.</param>
/// <param name="From">Easier versions of the dish leave it out.</param>
public sealed record Slot(string Name, bool Optional, Difficulty From, IReadOnlyList<Choice> Choices);

/// <param name="Food">A food's name; or "@" and a role, for what the cuisine uses in it.</param>
/// <param name="Grams">For one serving.</param>
public sealed record Choice(string Food, decimal Grams, string? Preparation);

/// <param name="Kind">"prep" or "cook", counted in minutes; "rest", told in hours and counted in neither.</param>
/// <param name="Text">A template over the slots; <c>[m]</c> is the time. A step whose food is not in the dish is left out.</param>
public sealed record Step(string Kind, int Time, Difficulty From, string Text);
