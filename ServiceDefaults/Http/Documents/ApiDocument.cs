using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Empire.Http.Documents;

/// <summary>The service's part of the API document, at <c>/internal/openapi/v1.json</c>: what its endpoints and their records say of themselves, with the words of their
/// docstrings. The gateway joins the parts into one, and adds what it enforces itself: credentials, limits, errors.</summary>
internal static class ApiDocument
{
    public const string Path = "/internal/openapi/v1.json";

    public static void AddApiDocument(this IServiceCollection services, string service)
    {
        services.AddSingleton<Docstrings>();
        services.AddOpenApi(options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = type => OpenApiOptions.CreateDefaultSchemaReferenceId(type) is null ? null : SchemaName.Of(type.Type);
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info.Title = service;
                document.Servers?.Clear();
                return Task.CompletedTask;
            });
            options.AddOperationTransformer<DescribeOperation>();
            options.AddSchemaTransformer<DescribeSchema>();
        });
    }

    /// <summary>Inside only: the gateway has a document of its own under the same path.</summary>
    public static void MapApiDocument(this IEndpointRouteBuilder app) => app.MapOpenApi("/internal/openapi/{documentName}.json").AllowAnonymous();
}
