using Microsoft.AspNetCore.Http;

namespace Empire.Http;

/// <summary>A request turned away before its handler, in the language the client speaks: a problem over HTTP, a status over gRPC.</summary>
internal sealed record Denial(int Status, string Code, string Detail)
{
    public static Task WriteAsync(HttpContext context, Denial denial)
    {
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) is not true)
            return new Refusal(denial.Code, denial.Detail).ToProblem(denial.Status).ExecuteAsync(context);
        // "Trailers-Only" of the gRPC protocol: HTTP 200, the status among the headers, no body.
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = GrpcStatusOf(denial.Status);
        context.Response.Headers["grpc-message"] = Encode(denial.Detail);
        return Task.CompletedTask;
    }

    /// <summary>A header carries ASCII only; the gRPC protocol has the rest percent-encoded.</summary>
    private static string Encode(string text) =>
        text.All(c => c is >= ' ' and <= '~' and not '%') ? text : string.Concat(System.Text.Encoding.UTF8.GetBytes(text).Select(b => b is >= 0x20 and <= 0x7E and not (byte)'%' ? $"{(char)b}" : $"%{b:X2}"));

    private static string GrpcStatusOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "3",          // INVALID_ARGUMENT
        StatusCodes.Status401Unauthorized => "16",       // UNAUTHENTICATED
        StatusCodes.Status429TooManyRequests => "8",     // RESOURCE_EXHAUSTED
        StatusCodes.Status501NotImplemented => "12",     // UNIMPLEMENTED
        StatusCodes.Status503ServiceUnavailable => "14", // UNAVAILABLE
        _ => "7",                                        // PERMISSION_DENIED
    };
}
