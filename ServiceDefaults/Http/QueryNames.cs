using System.Collections.Frozen;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Routing;

namespace Empire.Http;

/// <summary>Refuses a read whose query names a parameter that its endpoint does not have: a filter misspelt and ignored would show everything as if it were what was asked for.
/// A name without a value filters nothing, and passes. Pages for anybody take what others hang on their links.</summary>
internal sealed class QueryNames(RequestDelegate next, IApiDescriptionGroupCollectionProvider descriptions)
{
    private const int LongestShown = 60;

    /// <summary>By route, what the API document says of its query. Made at the first question: the endpoints are not mapped before.</summary>
    private readonly Lazy<FrozenDictionary<string, string[]>> known = new(() => descriptions.ApiDescriptionGroups.Items.SelectMany(group => group.Items)
        .Where(description => description.HttpMethod == HttpMethods.Get && description.RelativePath is not null)
        .GroupBy(description => description.RelativePath!, StringComparer.Ordinal)
        .ToFrozenDictionary(
            route => route.Key,
            route => (string[])[.. route.SelectMany(description => description.ParameterDescriptions).Where(parameter => parameter.Source == BindingSource.Query)
                .Select(parameter => SnakeCaseJson.QueryNameOf(parameter.Name)).Distinct(StringComparer.Ordinal)],
            StringComparer.Ordinal));

    /// <exception cref="InvalidFieldException">Names the first one that is unknown, and all that are known.</exception>
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Query.Count > 0 && HttpMethods.IsGet(context.Request.Method)
            && context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route } endpoint && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
            && known.Value.TryGetValue(route.TrimStart('/'), out var names)
            && context.Request.Query.FirstOrDefault(given => !string.IsNullOrEmpty(given.Value) && !names.Contains(given.Key, StringComparer.OrdinalIgnoreCase)).Key is { } stranger)
        {
            var shown = stranger.Length <= LongestShown ? stranger : stranger[..LongestShown];
            throw new InvalidFieldException(shown, names.Length == 0 ? "is unknown; this takes no parameters in its query." : $"is unknown; wanted: {string.Join(", ", names)}.");
        }
        return next(context);
    }
}
