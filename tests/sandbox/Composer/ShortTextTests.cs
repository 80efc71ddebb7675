using System.Text.Json.Nodes;

namespace Empire.Sandbox.Tests.Composer;

public sealed class ShortTextTests
{
    [Fact]
    public void A_script_is_a_minute_long_in_words_and_in_seconds() => Assert.All(Author.Products.SelectMany(p => Enumerable.Range(0, 3).Select(draft => (p, draft))), drawn =>
    {
        var (p, draft) = drawn;
        var script = Author.Write("script", Author.About(p), draft);
        var words = script["spoken_text"]!.GetValue<string>().Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        var scenes = script["scenes"]!.AsArray();
        Assert.InRange(words, 140, 160);
        Assert.InRange(words * 60 / 155.0, 54, 62);
        Assert.Equal(60, scenes.Sum(s => s!["seconds"]!.GetValue<int>()));
        Assert.All(scenes, s => Assert.InRange(s!["seconds"]!.GetValue<int>(), 3, 22)); // a third of the words of the shortest script, and one of rounding
        Assert.All(scenes, s => Assert.True(s!["visual_prompt"]!.GetValue<string>().Length > 20 && s["caption"]!.GetValue<string>().Length > 3));
        Assert.StartsWith(script["hook"]!.GetValue<string>(), script["spoken_text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(script["title"]!.GetValue<string>().Length > 5 && script["thumbnail_prompt"]!.GetValue<string>().Length > 20 && script["blog_outline"]!.AsArray().Count >= 5);
        Assert.DoesNotMatch(@"[{}\[\]|<>]", script["spoken_text"]!.GetValue<string>());
        Assert.All(p.Features, f => Assert.True(script["spoken_text"]!.GetValue<string>().Split(f + ".").Length <= 2, f));
    });

    [Fact]
    public void A_social_post_leaves_room_for_its_link() => Assert.All(Author.Products, p =>
    {
        var post = Author.Write("social_post", Author.About(p));
        Assert.InRange(post["text"]!.GetValue<string>().Length, 40, 230);
        Assert.InRange(post["hashtags"]!.AsArray().Count, 2, 4);
        Assert.All(post["hashtags"]!.AsArray(), t => Assert.Matches(@"^#\w+$", t!.GetValue<string>()));
        Assert.DoesNotMatch(@"[{}\[\]|<>]", post["text"]!.GetValue<string>());
    });

    [Fact]
    public void Social_posts_about_all_products_are_all_different() =>
        Assert.Equal(360, Author.Products.Select(p => Author.Write("social_post", Author.About(p))["text"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void The_same_brief_and_seed_give_the_same_text_whatever_the_order_of_its_fields()
    {
        var one = Author.Write("recipe", new JsonObject { ["category"] = "lunch", ["servings"] = 2 }, 7);
        Assert.Equal(one.ToJsonString(), Author.Write("recipe", new JsonObject { ["servings"] = 2.0, ["category"] = "lunch" }, 7).ToJsonString());
        Assert.NotEqual(one.ToJsonString(), Author.Write("recipe", new JsonObject { ["category"] = "lunch", ["servings"] = 2 }, 8).ToJsonString());
        var product = Author.Products[17];
        Assert.Equal(Author.Write("blog_post", Author.About(product)).ToJsonString(), Author.Write("blog_post", Author.About(product)).ToJsonString());
        Assert.NotEqual(Author.Write("blog_post", Author.About(product)).ToJsonString(), Author.Write("blog_post", Author.About(product), 1).ToJsonString());
    }
}
