using System.Text.Json;
using Empire.Content.Pieces;
using Empire.Content.Review;
using Empire.Http;

namespace Empire.Content.Scripts;

/// <summary>What a model writes for a video.</summary>
public sealed record Script(string Title, string Hook, string SpokenText, IReadOnlyList<Script.Scene> Scenes, string ThumbnailPrompt, IReadOnlyList<string> BlogOutline)
{
    public sealed record Scene(double Seconds, string VisualPrompt, string Caption);
}

/// <summary>The script of a vertical video of one minute about one product.</summary>
public sealed class ScriptKind : PieceKind
{
    private const double Shortest = 55, Longest = 65;

    /// <summary>Words a minute of a calm narrator; espeak-ng's and audiobooks' usual pace lies between 140 and 160.</summary>
    private const double WordsPerMinute = 150;

    public override string Name => "script";
    public override string Platform => "youtube";

    public override Brief BriefFor(PieceOrder order) => order.Product is { } product
        ? Brief.Of(Name, ProductBrief.Of(product, order.Audience), product.Id)
        : throw new InvalidFieldException("product", "a script is about a product.");

    public override IEnumerable<Objection> Check(JsonElement document, Brief brief)
    {
        var script = document.Deserialize<Script>(PieceJson.Options)!;
        var shown = script.Scenes.Sum(scene => scene.Seconds);
        if (shown is < Shortest or > Longest) yield return new("duration", $"the scenes last {shown:0} s; wanted: {Shortest} to {Longest}");
        var spoken = Markdown.Words(script.SpokenText) / WordsPerMinute * 60;
        if (spoken is < Shortest or > Longest) yield return new("duration", $"the spoken text lasts {spoken:0} s at {WordsPerMinute} words a minute; wanted: {Shortest} to {Longest}");
    }
}
