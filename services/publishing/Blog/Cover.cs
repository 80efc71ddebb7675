using System.Security.Cryptography;
using System.Text;

namespace Empire.Publishing.Blog;

/// <summary>The drawing that stands for a page without a picture: a plate for a recipe, measures for a post. It follows from the slug, so a page keeps its face.</summary>
public static class Cover
{
    /// <summary>The palette of the site's light theme, for the drawing as a file of its own; inside a page the style sheet colours it.</summary>
    private const string Style = ".ground{fill:#e9dfc7}.plate{fill:#fbf8f1}.rim{fill:none;stroke:#d9d1bf;stroke-width:1.5}.b0{fill:#c8502b}.b1{fill:#e3a01b}.b2{fill:#52744c}.b3{fill:#2f4858}";

    /// <summary>An SVG document of 400 by 300.</summary>
    public static string File(string kind, string slug) =>
        $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" width="1200" height="900"><style>{Style}</style><rect class="ground" width="400" height="300"/>{Shapes(kind, slug)}</svg>""";

    /// <summary>SVG shapes on a ground of 400 by 300. Numbers and fixed class names only: nothing of the page's text is in it.</summary>
    public static string Shapes(string kind, string slug)
    {
        var dice = new Dice(slug);
        var shapes = new StringBuilder();
        if (kind == PageSummary.Recipe)
        {
            shapes.Append("""<circle class="plate" cx="200" cy="150" r="128"/><circle class="rim" cx="200" cy="150" r="98"/>""");
            for (var i = 0; i < 9; i++)
            {
                var (angle, distance) = (dice.Below(i, 360) * Math.PI / 180, 12 + dice.Below(i + 20, 66));
                shapes.Append($"""<circle class="b{dice.Below(i + 40, 4)}" cx="{200 + distance * Math.Cos(angle):0.#}" cy="{150 + distance * Math.Sin(angle):0.#}" r="{9 + dice.Below(i + 60, 19)}"/>""");
            }
            return shapes.ToString();
        }
        for (var i = 0; i < 9; i++)
        {
            var height = 40 + dice.Below(i, 190);
            shapes.Append($"""<rect class="b{dice.Below(i + 40, 4)}" x="{38 + i * 37}" y="{268 - height}" width="28" height="{height}"/>""");
        }
        return shapes.Append("""<line class="rim" x1="24" y1="268" x2="376" y2="268"/>""").ToString();
    }

    /// <summary>One of the six tints of the style sheet, the same for all pages of a niche.</summary>
    public static int Tint(PageSummary page) => new Dice(page.Niche ?? page.Slug).Below(0, 6);

    /// <summary>Numbers that follow from a text.</summary>
    private readonly struct Dice(string text)
    {
        private readonly byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));

        public int Below(int throwNumber, int limit) => (hash[throwNumber % 32] * 7 + hash[(throwNumber * 11 + 3) % 32]) % limit;
    }
}
