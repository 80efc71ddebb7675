using System.Text.Json;
using System.Text.Json.Nodes;
using Empire.Sandbox.Composer.Listings;
using Empire.Sandbox.Composer.Recipes;
using Empire.Sandbox.Composer.Reviews;
using Empire.Sandbox.OpenAi;

namespace Empire.Sandbox.Composer;

/// <summary>Writes what a brief orders, without a model: from food facts, trade knowledge and a stock of sentences. The same brief and seed give the same text.</summary>
public sealed class OfflineComposer(RecipeAuthor recipes, BlogPostAuthor posts, ScriptAuthor scripts, SocialPostAuthor socialPosts, ArticleAuthor articles, ListingAuthor listings,
    ListingReviewAuthor listingReviews)
{
    /// <param name="prompt">The last user message.</param>
    /// <param name="seed">Another seed, another text; null counts as 0.</param>
    public Composition Answer(string prompt, long? seed, ResponseFormat? format)
    {
        var wantsJson = format?.Type is "json_object" or "json_schema";
        if (Brief.In(prompt) is not { } brief)
            return wantsJson ? Composition.Refused("There is no BRIEF document in the message, and the offline composer writes from one only.") : Composition.Of("This is the offline composer. Send a BRIEF document with a task to get a text.");
        var dice = new Dice($"{brief.Fingerprint()} #{seed ?? 0}");
        try
        {
            JsonObject? work = brief.Task switch
            {
                "recipe" => recipes.Write(brief, dice),
                "blog_post" => posts.Write(brief, dice),
                "script" => scripts.Write(brief, dice),
                "social_post" => socialPosts.Write(brief, dice),
                "article" => articles.Write(brief, dice),
                "listing" => listings.Write(brief, dice),
                "listing_review" => listingReviews.Write(brief, dice),
                _ => null,
            };
            if (work is null) return Composition.Refused($"The offline composer does not know the task {brief.Task}.");
            if (format?.JsonSchema?.Schema is { } schema) KeepTo(schema, work);
            return Composition.Of(work.ToJsonString(SandboxSetup.Json));
        }
        catch (UnusableBriefException e)
        {
            return Composition.Refused(e.Message);
        }
    }

    /// <summary>A strict schema forbids what it does not name.</summary>
    static void KeepTo(JsonElement schema, JsonObject work)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var properties)) return;
        if (schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False)
            foreach (var unknown in work.Select(p => p.Key).Where(k => !properties.TryGetProperty(k, out _)).ToList()) work.Remove(unknown);
        foreach (var (name, value) in work)
        {
            if (!properties.TryGetProperty(name, out var inner)) continue;
            if (value is JsonObject child) KeepTo(inner, child);
            if (value is JsonArray list && inner.TryGetProperty("items", out var items))
                foreach (var item in list.OfType<JsonObject>()) KeepTo(items, item);
        }
    }
}

/// <summary>Exactly one of the two is set.</summary>
public sealed record Composition(string? Content, string? Refusal)
{
    public static Composition Of(string content) => new(content, null);
    public static Composition Refused(string why) => new(null, why);
}

/// <summary>The brief lacks something, or asks for what cannot be written; the message names the field.</summary>
public sealed class UnusableBriefException(string message) : Exception(message);
