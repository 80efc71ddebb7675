using System.Reflection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Empire.Http.Documents;

/// <summary>Gives an operation the words of its handler: the first sentence as summary, all of them as description.</summary>
internal sealed class DescribeOperation(Docstrings docstrings) : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<MethodInfo>().FirstOrDefault() is { } handler && docstrings.Of(handler) is { } words)
        {
            operation.Description ??= words;
            operation.Summary ??= FirstSentence(words);
        }
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>().Where(parameter => parameter.In is ParameterLocation.Query) ?? []) parameter.Name = SnakeCaseJson.QueryNameOf(parameter.Name!);
        return Task.CompletedTask;
    }

    private static string FirstSentence(string words) =>
        words.IndexOf(". ", StringComparison.Ordinal) is var stop and > 0 ? words[..stop] : words.TrimEnd('.');
}
