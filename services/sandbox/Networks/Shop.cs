using System.Net;
using System.Text;

namespace Empire.Sandbox.Networks;

/// <summary>The merchant's side: the page a tracked link leads to, and the purchase.</summary>
public static class Shop
{
    /// <param name="subid">The click's sub id, carried over into the purchase.</param>
    public static IResult Page(string network, string product, string? subid, Catalogue catalogue)
    {
        if (catalogue.Find(network, product) is not { } p) return NotFound();
        var action = p.ShopPath + "/buy" + (subid is null ? "" : "?subid=" + Uri.EscapeDataString(subid));
        var buy = p.Stock > 0 ? $"""<form method="post" action="{Html(action)}"><button>Buy for {MeadowDatafeed.Amount(p.Price)} {Product.Currency}</button></form>""" : "<p><strong>Sold out</strong></p>";
        return Document(p.Name, $"""
            <p class="brand">{Html(p.Brand)} · {Html(p.Category)}</p>
            <h1>{Html(p.Name)}</h1>
            <img src="{p.ImagePath}" alt="{Html(p.Name)}" width="480" height="360">
            <p>{p.Rating:0.0} of 5 from {p.ReviewCount} reviews</p>
            <p>{Html(p.Description)}</p>
            <ul>{string.Concat(p.Features.Select(f => $"<li>{Html(f)}</li>"))}</ul>
            {buy}
            """);
    }

    /// <summary>Simulates the purchase: one conversion, one postback.</summary>
    public static IResult Buy(string network, string product, string? subid, HttpContext http, Catalogue catalogue, Conversions conversions)
    {
        if (catalogue.Find(network, product) is not { } p) return NotFound();
        if (p.Stock == 0) return HarborProducts.Error(409, "sold_out", $"{p.Id} is sold out.");
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        var conversion = conversions.Buy(p, string.IsNullOrEmpty(subid) ? null : subid, key.Length > 0 ? key : null);
        if (http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
            return Document("Thank you", $"""<h1>Thank you</h1><p>Your order of {Html(p.Name)} is on its way. Order {conversion.ConversionId}.</p>""");
        return Results.Json(PostbackBody.Of(conversion), SandboxSetup.JsonWithNulls, statusCode: 201);
    }

    static IResult NotFound() => HarborProducts.Error(404, "not_found", "There is no such product in this network.");

    static string Html(string text) => WebUtility.HtmlEncode(text);

    static IResult Document(string title, string body) => Results.Text($$"""
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{{Html(title)}}</title>
        <style>body{font:17px/1.5 system-ui,sans-serif;margin:0 auto;max-width:34rem;padding:2rem 1rem;color:#23302b}img{max-width:100%;height:auto;border-radius:12px}
        .brand{color:#64756d}button{font:inherit;padding:.7rem 1.4rem;border:0;border-radius:999px;background:#1f6f54;color:#fff;cursor:pointer}</style></head>
        <body>{{body}}<p><small>A simulated shop: nothing is sold here.</small></p></body></html>
        """, "text/html", Encoding.UTF8);
}
