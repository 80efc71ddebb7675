using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Error, "Handler of {Method} threw")]
    public static partial void HandlerThrew(ILogger log, Exception failure, string method);

    [LoggerMessage(2, LogLevel.Debug, "Call {Method} ended with {StatusCode}: {Detail}")]
    public static partial void CallRefused(ILogger log, string method, StatusCode statusCode, string detail);

    [LoggerMessage(3, LogLevel.Debug, "Call {Method} was given up: {StatusCode}")]
    public static partial void CallGivenUp(ILogger log, string method, StatusCode statusCode);
}
