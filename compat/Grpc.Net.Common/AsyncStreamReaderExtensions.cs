using System.Runtime.CompilerServices;

namespace Grpc.Core;

public static class AsyncStreamReaderExtensions
{
    /// <summary>The messages of the stream as they arrive, for <c>await foreach</c>. A stream can be read once.</summary>
    public static IAsyncEnumerable<T> ReadAllAsync<T>(this IAsyncStreamReader<T> streamReader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamReader);
        return MessagesAsync(streamReader, cancellationToken);
    }

    static async IAsyncEnumerable<T> MessagesAsync<T>(IAsyncStreamReader<T> reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await reader.MoveNext(cancellationToken)) yield return reader.Current;
    }
}
