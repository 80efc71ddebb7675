using Grpc.Core;
using Grpc.Net.Wire;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>The request messages of a streaming call.</summary>
sealed class RequestStream<T>(HttpServerCallContext call, MessageReader messages, Func<DeserializationContext, T> deserializer) : IAsyncStreamReader<T>
    where T : class
{
    T? current;
    bool ended;

    public T Current => current ?? throw new InvalidOperationException("There is no current message: MoveNext() has not returned true.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (ended) return false;
        current = null;
        if (!cancellationToken.CanBeCanceled || cancellationToken == call.CancellationToken)
        {
            current = await messages.ReadAsync(deserializer, call.CancellationToken);
        }
        else
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.CancellationToken);
            current = await messages.ReadAsync(deserializer, either.Token);
        }

        ended = current is null;
        return !ended;
    }
}
