using Grpc.Core;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>The response stream of a call. Reading its end ends the call.</summary>
sealed class ResponseReader<T>(CallLifetime call, Task<MessageReader?> opening, Func<DeserializationContext, T> deserializer) : IAsyncStreamReader<T>
    where T : class
{
    T? current;
    int reading;

    public T Current => current ?? throw new InvalidOperationException("There is no current message: MoveNext() has not returned true.");

    /// <param name="cancellationToken">Cancels the whole call.</param>
    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref reading, 1) == 1) throw new InvalidOperationException("The previous read is still in progress: await it first.");
        try
        {
            current = null;
            if (call.HasEnded()) return false;
            await using var registration = call.RegisterCancel(cancellationToken);
            current = await NextAsync();
            return current is not null;
        }
        finally
        {
            Volatile.Write(ref reading, 0);
        }
    }

    async ValueTask<T?> NextAsync()
    {
        try
        {
            var responses = await opening;
            if (responses is null) return null;
            if (await responses.ReadAsync(deserializer, call.Token) is { } message) return message;
            call.EndAfterBody(answered: true);
            return null;
        }
        catch (Exception failure)
        {
            throw call.Failed(failure);
        }
    }
}
