namespace Grpc.Core;

/// <summary>A call as its handler sees it.</summary>
public abstract class ServerCallContext
{
    Dictionary<object, object>? userState;

    /// <summary>The path: <c>/shop.v1.Orders/Place</c>.</summary>
    public string Method => MethodCore;

    public string Host => HostCore;

    /// <summary>The caller's address: <c>ipv4:127.0.0.1:50312</c>.</summary>
    public string Peer => PeerCore;

    /// <summary>In UTC; <see cref="DateTime.MaxValue"/> when the caller set none.</summary>
    public DateTime Deadline => DeadlineCore;

    public Metadata RequestHeaders => RequestHeadersCore;

    /// <summary>Fires when the caller gives up or the deadline passes.</summary>
    public CancellationToken CancellationToken => CancellationTokenCore;

    /// <summary>Sent with the status, at the end.</summary>
    public Metadata ResponseTrailers => ResponseTrailersCore;

    /// <summary>Sent at the end. OK unless the handler says otherwise or throws.</summary>
    public Status Status
    {
        get => StatusCore;
        set => StatusCore = value;
    }

    /// <summary>For the response messages; null for the default.</summary>
    public WriteOptions? WriteOptions
    {
        get => WriteOptionsCore;
        set => WriteOptionsCore = value;
    }

    public AuthContext AuthContext => AuthContextCore;

    /// <summary>What interceptors and handler tell each other during the call.</summary>
    public IDictionary<object, object> UserState => UserStateCore;

    /// <summary>For calls that the handler makes: they end when this one does.</summary>
    /// <param name="options">Null propagates both deadline and cancellation.</param>
    public ContextPropagationToken CreatePropagationToken(ContextPropagationOptions? options = null) => CreatePropagationTokenCore(options);

    /// <summary>Sends the headers now. Possible once, before the first message.</summary>
    public Task WriteResponseHeadersAsync(Metadata responseHeaders) => WriteResponseHeadersAsyncCore(responseHeaders);

    protected abstract string MethodCore { get; }
    protected abstract string HostCore { get; }
    protected abstract string PeerCore { get; }
    protected abstract DateTime DeadlineCore { get; }
    protected abstract Metadata RequestHeadersCore { get; }
    protected abstract CancellationToken CancellationTokenCore { get; }
    protected abstract Metadata ResponseTrailersCore { get; }
    protected abstract Status StatusCore { get; set; }
    protected abstract WriteOptions? WriteOptionsCore { get; set; }
    protected abstract AuthContext AuthContextCore { get; }
    protected virtual IDictionary<object, object> UserStateCore => userState ??= [];

    protected virtual ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options)
    {
        options ??= ContextPropagationOptions.Default;
        return new(
            options.IsPropagateDeadline ? Deadline : null,
            options.IsPropagateCancellation ? CancellationToken : CancellationToken.None);
    }

    protected abstract Task WriteResponseHeadersAsyncCore(Metadata responseHeaders);
}
