using Empire.Security;
using Grpc.Core;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Empire.Http;

/// <summary>The one place where an exception becomes an answer. What it does not know is 500 <c>INTERNAL_ERROR</c>, without a word about the inside.</summary>
internal sealed partial class ProblemExceptionHandler(IProblemDetailsService problems, ILogger<ProblemExceptionHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken ct)
    {
        if (exception is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled } && context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }
        var problem = From(exception);
        if (problem.Status >= 500 && exception is not ProviderException { IsOff: true }) LogFailed(log, context.Request.Method, context.Request.Path, exception);
        if (problem.Status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "5";
        context.Response.StatusCode = problem.Status!.Value;
        if (problem.Status == StatusCodes.Status413PayloadTooLarge) context.Response.Headers.Connection = "close"; // the rest of the body is still on its way
        return await problems.TryWriteAsync(new() { HttpContext = context, ProblemDetails = problem, Exception = exception });
    }

    private static ProblemDetails From(Exception exception) => exception switch
    {
        InvalidFieldException invalid => BadRequestFields.Problem(invalid.Field, invalid.Wanted),
        BadHttpRequestException bad => BadRequestFields.From(bad),
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation } =>
            new() { Status = StatusCodes.Status409Conflict, Detail = "Someone else changed the same thing at the same time; read it again and repeat." },
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } =>
            new() { Status = StatusCodes.Status400BadRequest, Detail = "A text of the request contains the character NUL, which cannot be kept." },
        NpgsqlException { IsTransient: true } =>
            new() { Status = StatusCodes.Status503ServiceUnavailable, Detail = "The database is out of reach; try again shortly." },
        RpcException rpc => FromService(rpc.Status),
        ProviderException { IsOff: true } off => ProviderOff.Refusal(off.Provider).ToProblem(StatusCodes.Status501NotImplemented).ProblemDetails,
        ProviderException provider => new()
        {
            Status = StatusCodes.Status502BadGateway, Type = RefusalProblem.TypePrefix + "provider-error", Title = "Provider error",
            Detail = $"{provider.Provider} did not answer as it should; try again shortly.",
        },
        UnreadableSecretException => new()
        {
            Status = StatusCodes.Status503ServiceUnavailable, Type = RefusalProblem.TypePrefix + "secret-unreadable", Title = "Secret unreadable",
            Detail = "A secret that this needs was sealed by a key that this installation does not have. Whoever runs it must put the key back; the trace id finds which in the logs.",
        },
        _ => new() { Status = StatusCodes.Status500InternalServerError, Detail = "Something went wrong on our side; the trace id finds it in our logs." },
    };

    /// <summary>A service behind this one said no; what it said about the request holds here too, what it said about itself is not passed on.</summary>
    private static ProblemDetails FromService(Status status) => status.StatusCode switch
    {
        StatusCode.InvalidArgument => new() { Status = StatusCodes.Status400BadRequest, Detail = status.Detail },
        StatusCode.NotFound => new() { Status = StatusCodes.Status404NotFound, Detail = status.Detail },
        StatusCode.FailedPrecondition or StatusCode.AlreadyExists or StatusCode.Aborted => new() { Status = StatusCodes.Status409Conflict, Detail = status.Detail },
        StatusCode.ResourceExhausted => new() { Status = StatusCodes.Status429TooManyRequests, Detail = status.Detail },
        StatusCode.Unavailable => new() { Status = StatusCodes.Status503ServiceUnavailable, Detail = "A part of the system is out of reach; try again shortly." },
        StatusCode.DeadlineExceeded => new() { Status = StatusCodes.Status504GatewayTimeout, Detail = "A part of the system did not answer in time; try again shortly." },
        _ => new() { Status = StatusCodes.Status500InternalServerError, Detail = "Something went wrong on our side; the trace id finds it in our logs." },
    };

    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed")]
    private static partial void LogFailed(ILogger log, string method, PathString path, Exception e);
}
