using System.Net;
using System.Text;

namespace Empire.Sandbox.Pages;

/// <summary>The small pages on which a person plays the payer. Everything put into them is encoded by <see cref="E"/>.</summary>
static class Page
{
    public static IResult Of(string title, string body, int status = 200) => Results.Text($$"""
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{{E(title)}}</title>
        <style>:root{color-scheme:light dark}body{font:17px/1.5 system-ui,sans-serif;margin:0 auto;max-width:30rem;padding:2rem 1rem;color:light-dark(#23302b,#e6eeea);background:light-dark(#fff,#17201c)}
        form{display:flex;flex-wrap:wrap;gap:.75rem;align-items:end}button{font:inherit;padding:.7rem 1.4rem;border:1px solid #1f6f54;border-radius:999px;background:#1f6f54;color:#fff;cursor:pointer}
        button.soft{background:none;color:inherit}label{display:grid}input{font:inherit;padding:.5rem;border:1px solid #7d8a84;border-radius:8px;background:none;color:inherit}.amount{font-size:2rem;margin:.5rem 0}small{color:light-dark(#55635c,#a9b7b0)}
        code{overflow-wrap:anywhere}</style></head>
        <body><main><h1>{{E(title)}}</h1>{{body}}</main><p><small>A simulated payment provider: no money moves here.</small></p></body></html>
        """, "text/html", Encoding.UTF8, status);

    /// <summary>A button that posts to the page's own address.</summary>
    public static string Button(string name, string value, string text, bool soft = false) => $"""<button name="{E(name)}" value="{E(value)}"{(soft ? " class=\"soft\"" : "")}>{E(text)}</button>""";

    public static string E(string? text) => WebUtility.HtmlEncode(text ?? "");

    /// <summary>The address with further query parameters.</summary>
    public static string WithQuery(string url, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        var builder = new UriBuilder(url);
        var query = new StringBuilder(builder.Query.TrimStart('?'));
        foreach (var (name, value) in parameters) query.Append(query.Length > 0 ? "&" : "").Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        builder.Query = query.ToString();
        return builder.Uri.AbsoluteUri;
    }
}
