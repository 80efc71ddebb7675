namespace Grpc.Core;

/// <summary>The half that all four call types share: headers, status, trailers, disposal. The delegates take a state so that a transport
/// can pass static ones and allocate nothing.</summary>
readonly struct AsyncCallState(
    Func<object, Task<Metadata>> headers, Func<object, Status> status, Func<object, Metadata> trailers, Action<object> dispose, object state)
{
    public AsyncCallState(Task<Metadata> headers, Func<Status> status, Func<Metadata> trailers, Action dispose)
        : this(
            static state => ((Separate)state).Headers,
            static state => ((Separate)state).Status(),
            static state => ((Separate)state).Trailers(),
            static state => ((Separate)state).Dispose(),
            new Separate(headers, status, trailers, dispose))
    {
    }

    public Task<Metadata> HeadersAsync() => headers(state);

    public Status Status() => status(state);

    public Metadata Trailers() => trailers(state);

    public void Dispose() => dispose(state);

    sealed record Separate(Task<Metadata> Headers, Func<Status> Status, Func<Metadata> Trailers, Action Dispose);
}
