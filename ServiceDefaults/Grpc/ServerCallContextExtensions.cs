using Empire.Http;
using Grpc.Core;

namespace Empire;

public static class ServerCallContextExtensions
{
    /// <summary>Who is asking, as the caller-token middleware has verified it.</summary>
    /// <exception cref="RpcException">Unauthenticated: the method was mapped with <c>AllowAnonymous</c> and nobody signed the call.</exception>
    public static Caller Caller(this ServerCallContext context) =>
        context.GetHttpContext().Features.Get<Caller>() ?? throw new RpcException(new(StatusCode.Unauthenticated, "A valid caller is needed."));
}
