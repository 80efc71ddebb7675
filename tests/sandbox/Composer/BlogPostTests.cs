using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Empire.Sandbox.Tests.Composer;

public sealed partial class BlogPostTests
{
    const double Near = 0.25; // Jaccard of 5-word shingles

    static readonly IReadOnlyList<(string Id, string Niche, JsonObject Post)> Posts = [.. Author.Products.Select(p => (p.Id, p.Niche, Author.Write("blog_post", Author.About(p))))];

    static string Body(JsonObject post) => post["body_markdown"]!.GetValue<string>();

    /// <summary>Hashes of them; among some thousand, two that collide change nothing.</summary>
    static HashSet<int> Shingles(string text)
    {
        var words = Word().Matches(text.ToLowerInvariant()).Select(m => m.Value).ToList();
        return [.. Enumerable.Range(0, words.Count - 4).Select(i => HashCode.Combine(words[i], words[i + 1], words[i + 2], words[i + 3], words[i + 4]))];
    }

    static double Likeness(HashSet<int> one, HashSet<int> other)
    {
        var common = one.Count(other.Contains);
        return (double)common / (one.Count + other.Count - common);
    }

    [Fact]
    public void Posts_about_two_products_are_no_near_duplicates()
    {
        var shingles = Posts.Select(p => (p.Id, p.Niche, Shingles: Shingles(Body(p.Post)))).ToList();
        var pairs = (from a in shingles from b in shingles where string.CompareOrdinal(a.Id, b.Id) < 0 && (a.Niche == b.Niche || (a.Id[^1] + b.Id[^2]) % 4 == 0) select (a.Id, Other: b.Id, Likeness: Likeness(a.Shingles, b.Shingles))).ToList();
        var worst = pairs.MaxBy(p => p.Likeness);
        Console.WriteLine($"{pairs.Count} pairs of posts: mean likeness {pairs.Average(p => p.Likeness):0.000}, worst {worst.Likeness:0.000} ({worst.Id}, {worst.Other})");
        Assert.True(worst.Likeness < Near, $"{worst.Id} and {worst.Other}: {worst.Likeness:0.000}");
    }

    [Fact]
    public void A_post_has_about_the_ordered_words()
    {
        Assert.All(Posts, p => Assert.InRange(Author.Words(Body(p.Post)), 1400, 1600));
        Assert.All(Author.Products.Take(20), p => Assert.InRange(Author.Words(Body(Author.Write("blog_post", Author.About(p, words: 900)))), 820, 1100));
    }

    [Fact]
    public void No_sentence_comes_twice_in_one_post() => Assert.All(Posts, p =>
    {
        var sentences = Sentence().Split(Body(p.Post)).Select(s => s.Trim()).Where(s => s.Split(' ').Length > 4).ToList();
        Assert.Equal(sentences.Count, sentences.Distinct(StringComparer.Ordinal).Count());
    });

    [Fact]
    public void A_post_is_complete_and_carries_its_product_through() => Assert.All(Posts, p =>
    {
        var (post, product) = (p.Post, Author.Products.First(x => x.Id == p.Id));
        var body = Body(post);
        Assert.InRange(post["meta_description"]!.GetValue<string>().Length, 60, 160);
        Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", post["slug"]!.GetValue<string>());
        Assert.True(post["disclosure_needed"]!.GetValue<bool>());
        Assert.InRange(Regex.Count(body, Regex.Escape($"](product:{p.Id})")), 2, 6);
        Assert.True(Regex.Count(body, "^## ", RegexOptions.Multiline) >= 7);
        Assert.Equal(Math.Min(5, product.Features.Count), Regex.Count(body, "^### ", RegexOptions.Multiline));
        Assert.Equal(post["outline"]!.AsArray().Select(h => h!.GetValue<string>()), body.Split('\n').Where(l => l.StartsWith("## ", StringComparison.Ordinal)).Select(l => l["## ".Length..]));
        Assert.Contains("first keyword", post["keywords"]!.AsArray().Select(k => k!.GetValue<string>()));
        Assert.DoesNotMatch(@"[{}|<>]|\[[a-z_]+\](?!\()", body);
        Assert.DoesNotMatch(@"\. [a-z]|  |\.\.|,,| ,| \.", body);
    });

    [Fact]
    public void A_post_invents_no_experience_and_no_urgency() => Assert.All(Posts, p =>
        Assert.DoesNotMatch(@"(?i)\b(we|i) (tested|tried|used|measured|found)\b|our tests?\b|in my experience|hurry|limited time|only today|act now|last chance|money-back|guaranteed (to|results)", Body(p.Post).Replace("in a hurry", "", StringComparison.Ordinal).Replace("no hurry", "", StringComparison.OrdinalIgnoreCase)));

    [Fact]
    public void Whatever_the_seed_a_post_comes_out_whole() => Assert.All(Enumerable.Range(0, 200), seed =>
    {
        var post = Author.Write("blog_post", Author.About(Author.Products[seed * 7 % 360]), seed);
        Assert.InRange(Author.Words(Body(post)), 1400, 1600);
        Assert.All(post, field => Assert.NotNull(field.Value));
    });

    [Fact]
    public void A_product_of_an_unknown_trade_or_currency_gets_a_post_too()
    {
        var post = Author.Write("blog_post", new { product = new { id = "x-1", name = "Orlan Brass Telescope", niche = "astronomy", price = "129.00", currency = "EUR", features = new[] { "60 mm lens" } } });
        Assert.Contains("129 EUR", Body(post), StringComparison.Ordinal);
        Assert.DoesNotContain("$", Body(post), StringComparison.Ordinal);
        Assert.InRange(Author.Words(Body(post)), 1100, 1600);
    }

    [Fact]
    public void Every_product_of_the_networks_is_a_known_kind_of_its_trade() => Assert.All(Author.Products, p =>
        Assert.NotNull(Empire.Sandbox.Composer.Reviews.TradeKnowledge.KindOf(Author.Knowledge.Trades.Single(t => t.Name == p.Niche), p.Name)));

    [Fact]
    public void Sentences_about_a_kind_name_a_kind_of_their_trade() => Assert.All(Author.Knowledge.Trades, trade =>
    {
        var kinds = trade.Kinds.SelectMany(k => k.Keys).ToHashSet(StringComparer.Ordinal);
        var keys = trade.Stock.Sections.Where(s => !s.StartsWith("gloss: ", StringComparison.Ordinal)).SelectMany(trade.Stock.Section).Select(l => l.Key).OfType<string>().Distinct(StringComparer.Ordinal);
        Assert.DoesNotContain(keys, k => !kinds.Contains(k));
    });

    [GeneratedRegex(@"\w+")] private static partial Regex Word();
    [GeneratedRegex(@"(?<=[.?!])\s+|\n+")] private static partial Regex Sentence();
}
