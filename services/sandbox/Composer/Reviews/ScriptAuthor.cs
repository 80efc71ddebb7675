using System.Text.Json.Nodes;
using Empire.Sandbox.Composer.Text;

namespace Empire.Sandbox.Composer.Reviews;

/// <summary>Writes the script of a one-minute video about a product: 150 spoken words, at 155 words a minute about 58 seconds.</summary>
public sealed class ScriptAuthor(TradeKnowledge knowledge)
{
    const int Words = 150, Tolerance = 8, Seconds = 60, Attempts = 60;
    const int LongestScene = Words / 3; // words; 20 seconds: a picture that stands longer loses the viewer
    readonly Stock stock = Stock.Read("stock/script.txt");

    /// <summary>A part of the script and what is seen meanwhile.</summary>
    sealed record Beat(string Shot, List<string> Sentences)
    {
        public int Words => Sentences.Sum(Writer.Words);
    }

    /// <exception cref="UnusableBriefException">The product, its name or its price is missing.</exception>
    public JsonObject Write(Brief brief, Dice dice)
    {
        var product = ReviewedProduct.From(brief, knowledge);
        List<Beat>? beats = null;
        Writer? writer = null;
        for (var attempt = 0; attempt < Attempts && beats is null; attempt++)
        {
            writer = new Writer(new($"{brief.Fingerprint()} {dice.Below(int.MaxValue)}"), product.Keys, product.Trade.Stock, stock);
            product.Describe(writer);
            beats = Draft(product, writer);
        }
        if (beats is null) throw new UnusableBriefException("The brief's product has too little data for a script of one minute.");

        var seconds = Split(beats);
        return new()
        {
            ["title"] = writer!.Title("title"),
            ["hook"] = beats[0].Sentences[0],
            ["spoken_text"] = string.Join(' ', beats.SelectMany(b => b.Sentences)),
            ["scenes"] = new JsonArray([.. beats.Select((b, i) => (JsonNode)new JsonObject
            {
                ["seconds"] = seconds[i],
                ["visual_prompt"] = writer.Title("shot." + b.Shot),
                ["caption"] = Caption(b.Sentences[0]),
            })]),
            ["thumbnail_prompt"] = writer.Title("thumbnail"),
            ["blog_outline"] = BlogPostAuthor.Texts(writer.Lines("outline", 6)),
        };
    }

    /// <returns>Null when the sentences drawn do not come out at the right length.</returns>
    static List<Beat>? Draft(ReviewedProduct product, Writer w)
    {
        var features = new Queue<string>(w.Dice.Shuffled(product.Features));
        List<Beat> beats = [.. new (string Shot, string?[] Sentences)[]
        {
            ("hook", [w.Say("hook")]),
            ("product", [w.Say("product")]),
            ("price", [w.Say("price." + product.Position.ToString().ToLowerInvariant())]),
            ("feature", [NextFeature() ?? w.Say("know"), w.Dice.Chance(0.5) ? w.Say("rating") : null]),
            ("use", [w.Say("scenario")]),
            ("limit", [w.Say("limit")]),
            ("close", [w.Say("close")]),
        }.Select(b => new Beat(b.Shot, [.. b.Sentences.OfType<string>()])).Where(b => b.Sentences.Count > 0)];
        var growth = new Dictionary<string, Func<string?>>
        {
            ["feature"] = () => w.Dice.Chance(0.6) ? NextFeature() ?? w.Say("know") : w.Say("know"),
            ["use"] = () => w.Say(w.Dice.Chance(0.5) ? "scenario.short" : "suits"),
            ["limit"] = () => w.Say(w.Dice.Chance(0.5) ? "avoid" : "limit"),
            ["price"] = () => w.Say("price.more.short"),
        };
        for (var turn = 0; turn < 30 && Total() < Words - Tolerance; turn++)
        {
            var beat = w.Dice.Pick(beats.Where(b => growth.ContainsKey(b.Shot)).ToList());
            if (growth[beat.Shot]() is { } sentence && Total() + Writer.Words(sentence) <= Words + Tolerance && beat.Words + Writer.Words(sentence) <= LongestScene) beat.Sentences.Add(sentence);
        }
        return Math.Abs(Total() - Words) <= Tolerance && beats.All(b => b.Words <= LongestScene) ? beats : null;

        int Total() => beats.Sum(b => b.Words);

        string? NextFeature()
        {
            if (!features.TryDequeue(out var feature)) return null;
            w.Set("feature", feature);
            return w.Say("feature");
        }
    }

    /// <summary>Shares the minute out by words; whole seconds, none lost.</summary>
    static List<int> Split(List<Beat> beats)
    {
        var total = beats.Sum(b => b.Words);
        var seconds = beats.Select(b => Math.Max(3, (int)Math.Round((double)Seconds * b.Words / total, MidpointRounding.AwayFromZero))).ToList();
        while (seconds.Sum() != Seconds)
        {
            var longest = seconds.IndexOf(seconds.Max());
            seconds[longest] += Math.Sign(Seconds - seconds.Sum());
        }
        return seconds;
    }

    /// <summary>The first words, where a viewer's eye can take them in.</summary>
    static string Caption(string sentence)
    {
        const int mostWords = 7;
        var words = sentence.Split(' ');
        return words.Length <= mostWords ? sentence.TrimEnd('.', ':') : string.Join(' ', words.Take(mostWords)).TrimEnd(',', '.', ':', ';') + "…";
    }
}
