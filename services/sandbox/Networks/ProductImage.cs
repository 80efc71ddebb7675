using System.Globalization;
using System.Net;
using System.Text;
using Empire.Sandbox.Composer;

namespace Empire.Sandbox.Networks;

/// <summary>A drawn picture for every product: its niche's emblem on the niche's colours, composed a little differently for each.</summary>
public static class ProductImage
{
    const int Width = 1200, Height = 900;

    /// <summary>Background, its darker end, and the ink of each niche, in the order of the product files.</summary>
    static readonly (string Niche, string Light, string Deep, string Ink)[] Palettes =
    [
        ("kitchen", "#fbe9d7", "#f0c9a4", "#7a3b1d"), ("home coffee", "#efe3d6", "#d3b493", "#4a2c1a"), ("fitness", "#e3edf7", "#b5cfe8", "#1d3f66"),
        ("running", "#fdeadf", "#f7bfa0", "#8a2f16"), ("camping", "#e4efe3", "#b4d0b0", "#24452b"), ("gardening", "#eef4dc", "#cfe0a0", "#3d5416"),
        ("home office", "#ebebf5", "#c6c6e2", "#34346a"), ("photography", "#e9ebee", "#c1c8d0", "#2a323c"), ("pet care", "#fbeedb", "#efd09a", "#6e4710"),
        ("cycling", "#e0f1f1", "#a9d6d5", "#114b4d"), ("skincare", "#fbe8ec", "#f0bcc7", "#7c2a40"), ("smart home", "#e6e9fa", "#b8c1f0", "#26307c"),
    ];

    /// <param name="file">A product id and ".svg".</param>
    public static IResult Draw(string file, HttpContext http, Catalogue catalogue)
    {
        var id = Path.GetFileNameWithoutExtension(file);
        if (!file.EndsWith(".svg", StringComparison.Ordinal) || catalogue.Products.FirstOrDefault(p => p.Id == id) is not { } product)
            return HarborProducts.Error(404, "not_found", "There is no such picture.");
        http.Response.Headers.CacheControl = "public, max-age=86400";
        return Results.Text(Svg(product), "image/svg+xml", Encoding.UTF8);
    }

    internal static string Svg(Product product)
    {
        var dice = new Dice("image " + product.Id);
        var (_, light, deep, ink) = Palettes.First(p => p.Niche == product.Niche);
        var icon = string.Concat(Resource.Lines($"icons/{product.Niche}.svg.txt"));
        var (x, y, size) = (dice.Between(420, 780), dice.Between(300, 420), dice.Between(300, 350));
        var turn = dice.Between(0, 359);
        var circles = new StringBuilder();
        for (var i = dice.Between(3, 5); i > 0; i--)
            circles.Append(CultureInfo.InvariantCulture, $"""<circle cx="{dice.Between(0, Width)}" cy="{dice.Between(0, Height)}" r="{dice.Between(40, 190)}" fill="#fff" opacity=".{dice.Between(14, 34)}"/>""");
        var title = Lines(product.Name, 34);
        var text = string.Concat(title.Select((line, i) => $"""<tspan x="80" y="{790 - 58 * (title.Count - 1 - i)}">{WebUtility.HtmlEncode(line)}</tspan>"""));
        var scale = (size * 1.2 / 240).ToString("0.00", CultureInfo.InvariantCulture);
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" role="img" aria-label="{WebUtility.HtmlEncode(product.Name)}">
            <defs><linearGradient id="g" gradientTransform="rotate({turn} .5 .5)"><stop offset="0" stop-color="{light}"/><stop offset="1" stop-color="{deep}"/></linearGradient></defs>
            <rect width="{Width}" height="{Height}" fill="url(#g)"/>{circles}
            <circle cx="{x}" cy="{y}" r="{size * 0.78:0}" fill="#fff" opacity=".72"/>
            <g transform="translate({x} {y}) scale({scale}) translate(-120 -122)" fill="none" stroke="{ink}" stroke-width="7" stroke-linecap="round" stroke-linejoin="round">{icon}</g>
            <text font-family="system-ui,'Segoe UI',Helvetica,Arial,sans-serif" font-size="50" font-weight="700" fill="{ink}">{text}</text>
            <text x="80" y="844" font-family="system-ui,'Segoe UI',Helvetica,Arial,sans-serif" font-size="30" fill="{ink}" opacity=".75">{WebUtility.HtmlEncode(product.Category)}</text>
            </svg>
            """;
    }

    /// <summary>Breaks at spaces, no line longer than <paramref name="longest"/> unless one word is.</summary>
    static List<string> Lines(string text, int longest)
    {
        var lines = new List<string> { "" };
        foreach (var word in text.Split(' '))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + 1 + word.Length > longest) lines.Add("");
            lines[^1] += lines[^1].Length > 0 ? " " + word : word;
        }
        return lines;
    }
}
