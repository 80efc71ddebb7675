using Microsoft.AspNetCore.Http;

namespace Empire.Http;

/// <summary>A request turned away before its handler, in the language the client speaks: a problem over HTTP, a status over gRPC.</summary>
internal sealed record Denial(int Status, string Code, string Detail)
{
    private const string Unauthenticated = "16", PermissionDenied = "7"; // gRPC status codes

    public static Task WriteAsync(HttpContext context, Denial denial)
    {
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) is not true)
            return new Refusal(denial.Code, denial.Detail).ToProblem(denial.Status).ExecuteAsync(context);
        // "Trailers-Only" of the gRPC protocol: HTTP 200, the status among the headers, no body.
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = denial.Status == StatusCodes.Status401Unauthorized ? Unauthenticated : PermissionDenied;
        context.Response.Headers["grpc-message"] = denial.Detail;
        return Task.CompletedTask;
    }
}
