using System.Text.RegularExpressions;

namespace Empire.Gateway.Routing;

/// <summary>What a path answers to a method that it does not take: 405 <c>METHOD_NOT_ALLOWED</c> and <c>Allow</c>. Without this the request would go on to a less specific line, in the end to the
/// site, which would say that there is no such page.</summary>
internal static partial class OtherMethods
{
    public static void MapOtherMethods(this WebApplication app, IReadOnlyList<string> installed)
    {
        foreach (var (path, methods, line) in Known(installed))
        {
            var allow = string.Join(", ", methods);
            var answers = app.Map(path, (HttpContext context) =>
            {
                context.Response.Headers.Allow = allow;
                return new Refusal("method-not-allowed", $"{context.Request.Path} takes {allow}, not {context.Request.Method}.").ToProblem(StatusCodes.Status405MethodNotAllowed);
            }).AllowAnonymous();
            // Who has no key learns that first, as at any path that wants one: what lies behind it is nobody's business.
            if (line.Access is Access.Key) answers.WithMetadata(line with { Methods = [], Metered = false, Cached = false, PerMinute = null, Later = false });
        }
    }

    /// <summary>The table says every method of a path that it names, also where a <c>{**rest}</c> line would take any. One that is not built, and is put in by its owner, may take more than was
    /// promised: there its service answers.</summary>
    private static IEnumerable<(string Path, string[] Methods, ServiceRoute Line)> Known(IReadOnlyList<string> installed) =>
        from line in RouteTable.All
        where !line.Grpc && !line.Path.Contains("{**", StringComparison.Ordinal)
        group line by Parameter().Replace(line.Path, "{}") into lines
        where lines.All(line => line.Matched is not null && !(line.Later && installed.Contains(line.Service)))
        select (lines.First().Path, lines.SelectMany(line => line.Matched!).Distinct().ToArray(), lines.FirstOrDefault(line => line.Access is not Access.Key) ?? lines.First());

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
