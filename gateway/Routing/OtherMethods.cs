using System.Text.RegularExpressions;

namespace Empire.Gateway.Routing;

/// <summary>What a path answers to a method that it does not take: 405 <c>METHOD_NOT_ALLOWED</c> and <c>Allow</c>. Without this the request would go on to a less specific line, in the end to the
/// site, which would say that there is no such page.</summary>
internal static partial class OtherMethods
{
    private static readonly string[] Reads = ["GET", "HEAD"];

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

    /// <summary>The paths of which the table says every method there is. One that a <c>{**rest}</c> line of its own service covers may take others, which only the service knows: it
    /// answers then. One for which nobody needs a key is said in full, and so is one that is not built, of which its service has not heard.</summary>
    private static IEnumerable<(string Path, string[] Methods, ServiceRoute Line)> Known(IReadOnlyList<string> installed) =>
        from line in RouteTable.All
        where !line.Grpc && !IsRest(line)
        group line by Parameter().Replace(line.Path, "{}") into lines
        let first = lines.First()
        where lines.All(line => line.Matched is not null)
            && (lines.All(line => line.Access is not Access.Key || (line.Later && !installed.Contains(line.Service))) || !RouteTable.All.Any(rest => IsRest(rest) && rest.Service == first.Service && Covers(rest, first)))
        select (first.Path, lines.SelectMany(line => line.Methods.Length > 0 ? line.Methods : Reads).Distinct().ToArray(), lines.FirstOrDefault(line => line.Access is not Access.Key) ?? first);

    private static bool IsRest(ServiceRoute line) => line.Path.Contains("{**", StringComparison.Ordinal);

    private static bool Covers(ServiceRoute rest, ServiceRoute line) => rest.Path != "/{**page}" && line.Path.StartsWith(rest.Path[..rest.Path.IndexOf("{**", StringComparison.Ordinal)], StringComparison.Ordinal);

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
