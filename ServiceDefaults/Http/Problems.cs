using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Http;

/// <summary>Every error body of the API: RFC 9457 problem details with a stable <c>code</c> (<c>NOT_FOUND</c>), the same as a <c>type</c>
/// (<c>urn:empire:not-found</c>), a <c>message</c> for people, <c>errors</c> per field where fields are at fault, and the <c>trace_id</c>. Outside /api/v1 <c>status</c> is the word
/// <c>error</c>, as the older paths promise; under it, the number.</summary>
internal static partial class Problems
{
    public static void AddProblems(this IServiceCollection services)
    {
        services.AddSingleton<IProblemDetailsWriter, ProblemJson>();   // before the framework's own: the first that can, writes
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context => Complete(context.HttpContext, context.ProblemDetails));
        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true); // the handler above then names the field
    }

    /// <summary>Kebab-case for the type, <c>UPPER_SNAKE</c> for the code.</summary>
    public static string ToCode(string kebab) => kebab.Replace('-', '_').ToUpperInvariant();

    private static void Complete(HttpContext http, ProblemDetails problem)
    {
        var status = problem.Status ??= http.Response.StatusCode;
        var kebab = problem.Type is { } type && type.StartsWith(RefusalProblem.TypePrefix, StringComparison.Ordinal)
            ? type[RefusalProblem.TypePrefix.Length..]
            : KebabOf(status);
        problem.Type = RefusalProblem.TypePrefix + kebab;
        problem.Title ??= ReasonPhrases.GetReasonPhrase(status);
        if (problem is HttpValidationProblemDetails validation)
        {
            validation.Errors = validation.Errors.ToDictionary(error => SnakeCaseJson.NameOf(error.Key), error => (string[])[.. error.Value.Select(text => Subject().Replace(text, ""))], StringComparer.Ordinal);
            problem.Detail ??= string.Join(' ', validation.Errors.SelectMany(error => error.Value.Select(text => $"{error.Key}: {text}")));
        }
        problem.Detail ??= problem.Title;
        problem.Extensions["code"] = ToCode(kebab);
        problem.Extensions["message"] = problem.Detail;
        problem.Extensions["trace_id"] = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
        problem.Extensions.Remove("traceId");
        if (http.Request.Path.StartsWithSegments("/api/v1")) return;
        problem.Status = null;                      // programs of the older API read the word here
        problem.Extensions["status"] = "error";
    }

    /// <summary>What the framework's messages begin with: the property's name in C#, which no client knows, and which the field's own name stands before.</summary>
    [GeneratedRegex(@"^The (?:field \S+|\S+ field) ", RegexOptions.CultureInvariant)]
    private static partial Regex Subject();

    private static string KebabOf(int status) => status switch
    {
        400 => "validation-error",
        401 => "invalid-api-key",
        402 => "payment-failed",
        403 => "forbidden",
        404 => "not-found",
        405 => "method-not-allowed",
        406 => "not-acceptable",
        408 => "request-timeout",
        409 => "conflict",
        410 => "gone",
        412 => "precondition-failed",
        413 => "content-too-large",
        415 => "unsupported-media-type",
        422 => "unprocessable",
        428 => "precondition-required",
        429 => "rate-limited",
        502 => "bad-gateway",
        503 => "unavailable",
        504 => "timeout",
        _ => status < 500 ? "bad-request" : "internal-error",
    };
}
