using System.Net.Http.Headers;
using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>What every call has, whatever its kind and messages: a deadline, ways to be cancelled, response headers, and exactly one end.</summary>
abstract class CallLifetime : IDisposable
{
    const int Running = 0, CancelledByCaller = 1, CancelledByDispose = 2;

    /// <summary>The longest time a timer can be set to; a later deadline is left to the server.</summary>
    static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    readonly Lock gate = new();
    readonly string method;
    readonly GrpcChannel channel;
    readonly DateTime? deadline;
    // Never disposed: a late Cancel() must be harmless. Its timer is disarmed at the end of the call, and nothing else needs disposal.
    readonly CancellationTokenSource cancellation = new();
    readonly CancellationTokenRegistration fromCaller;
    readonly CancellationTokenRegistration fromPropagation;
    int cancelledBy = Running;
    HttpRequestMessage? request;
    HttpResponseMessage? response;
    TaskCompletionSource<Metadata>? headersWaiter;
    TaskCompletionSource? endWaiter;
    Status status;
    HttpHeaders? trailerHeaders;
    Metadata? trailers;
    bool ended;

    protected CallLifetime(GrpcChannel channel, IMethod method, in CallOptions options)
    {
        channel.ThrowIfDisposed();
        this.channel = channel;
        this.method = method.FullName;
        deadline = Earlier(Checked(options.Deadline), options.PropagationToken?.Deadline);
        Token = cancellation.Token;
        ArmDeadline();
        fromCaller = RegisterCancel(options.CancellationToken);
        if (options.PropagationToken is { } propagation) fromPropagation = RegisterCancel(propagation.CancellationToken);
    }

    /// <summary>Fires when the call is cancelled for any reason, its deadline included, and when it has ended badly.</summary>
    public CancellationToken Token { get; }

    /// <summary>For the <c>grpc-timeout</c> header; null without a deadline.</summary>
    protected TimeSpan? TimeLeft => deadline is { } at ? at - TimeProvider.System.GetUtcNow().UtcDateTime : null;

    public CancellationTokenRegistration RegisterCancel(CancellationToken ct) =>
        ct.UnsafeRegister(static call => ((CallLifetime)call!).Cancel(CancelledByCaller), this);

    public Task<Metadata> ResponseHeadersAsync()
    {
        lock (gate)
        {
            if (headersWaiter is null)
            {
                headersWaiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
                if (response is not null) headersWaiter.SetResult(ResponseStatus.Metadata(response.Headers));
                else if (ended) headersWaiter.SetException(EndException());
            }

            return headersWaiter.Task;
        }
    }

    public Status GetStatus()
    {
        lock (gate) return ended ? status : throw new InvalidOperationException("The call has no status yet: it has not ended.");
    }

    public Metadata GetTrailers()
    {
        lock (gate)
        {
            if (!ended) throw new InvalidOperationException("The call has no trailers yet: it has not ended.");
            return trailers ??= trailerHeaders is null ? Metadata.Empty : ResponseStatus.Metadata(trailerHeaders);
        }
    }

    public void Dispose() => Cancel(CancelledByDispose);

    /// <returns>False while the call goes on, true when it ended well.</returns>
    /// <exception cref="RpcException">It ended otherwise.</exception>
    public bool HasEnded()
    {
        lock (gate)
        {
            if (ended && status.StatusCode != StatusCode.OK) throw EndException();
            return ended;
        }
    }

    /// <summary>Ends the call because of an exception, unless it has ended before.</summary>
    /// <returns>What to throw to the caller.</returns>
    public Exception Failed(Exception failure)
    {
        var (reason, metadata) = failure is RpcException rpc ? (rpc.Status, rpc.Trailers) : (StatusOf(failure), Metadata.Empty);
        End(reason, headers: null, metadata);
        lock (gate) return EndException();
    }

    /// <summary>Ends the call with the status in its trailers.</summary>
    /// <param name="answered">A response message came, or none is due.</param>
    /// <exception cref="RpcException">The status is not OK.</exception>
    protected internal void EndAfterBody(bool answered)
    {
        var headers = response!.TrailingHeaders;
        var reason = ResponseStatus.AfterBody(response);
        if (reason.StatusCode == StatusCode.OK && !answered) reason = NoMessage;
        End(reason, headers, metadata: null);
        HasEnded();
    }

    /// <summary>Ends the call with the status that stood in place of a body.</summary>
    protected void EndWithoutBody(Status reason, bool answered)
    {
        if (reason.StatusCode == StatusCode.OK && !answered) reason = NoMessage;
        End(reason, response!.Headers, metadata: null);
        HasEnded();
    }

    /// <summary>What to throw when a write broke. The server may have ended the call, and then its status says more than the broken write;
    /// it comes on the other half of the call, at once or not at all.</summary>
    public async Task<Exception> WriteFailedAsync(Exception failure)
    {
        if (failure is RpcException) return Failed(failure);
        if (cancellation.IsCancellationRequested) return Failed(failure);
        await Task.WhenAny(EndedAsync(), Task.Delay(TimeSpan.FromSeconds(1), Token));
        lock (gate)
        {
            if (!ended) return new RpcException(new Status(StatusCode.Unavailable, "The server reads no more requests of this call.", failure));
            return status.StatusCode == StatusCode.OK ? new InvalidOperationException("The call has ended; nothing can be written any more.") : EndException();
        }
    }

    protected void Began(HttpRequestMessage sent)
    {
        lock (gate) request = sent;
    }

    protected void HeadersArrived(HttpResponseMessage received)
    {
        lock (gate)
        {
            response = received;
            headersWaiter?.TrySetResult(ResponseStatus.Metadata(received.Headers));
        }
    }

    /// <summary>Closes the request stream, if the call has one.</summary>
    protected abstract void CloseRequests();

    static readonly Status NoMessage = new(StatusCode.Internal, "The server ended the call with OK and without its message.");

    static DateTime? Checked(DateTime? deadline)
    {
        if (deadline is not { } at || at == DateTime.MaxValue) return null;
        if (at != DateTime.MinValue && at.Kind != DateTimeKind.Utc)
            throw new InvalidOperationException($"The deadline {at:O} must be in UTC (DateTimeKind.Utc); its kind is {at.Kind}.");
        return at;
    }

    static DateTime? Earlier(DateTime? own, DateTime? propagated)
    {
        if (propagated is null || propagated == DateTime.MaxValue) return own;
        return own is null || propagated < own ? propagated : own;
    }

    void ArmDeadline()
    {
        if (TimeLeft is not { } left) return;
        if (left <= TimeSpan.Zero) cancellation.Cancel();
        else if (left <= LongestTimer) cancellation.CancelAfter(left);
    }

    void Cancel(int by)
    {
        if (Interlocked.CompareExchange(ref cancelledBy, by, Running) != Running) return;
        cancellation.Cancel();
        if (by == CancelledByDispose) Failed(new OperationCanceledException(Token)); // nobody may be reading who would end it
    }

    /// <summary>Why this side gave the call up.</summary>
    Status GivenUp() => cancelledBy switch
    {
        CancelledByCaller => new(StatusCode.Cancelled, "Call canceled by the client."),
        CancelledByDispose => new(StatusCode.Cancelled, "gRPC call disposed."),
        _ => new(StatusCode.DeadlineExceeded, ""),
    };

    Status StatusOf(Exception failure)
    {
        if (cancellation.IsCancellationRequested) return GivenUp();

        // The server's clock may run ahead and reset the stream just before our own timer fires.
        var lost = TransportFailure.ToStatus(failure);
        return lost.StatusCode == StatusCode.Cancelled && TimeLeft <= TimeSpan.Zero ? new(StatusCode.DeadlineExceeded, "") : lost;
    }

    void End(Status reason, HttpHeaders? headers, Metadata? metadata)
    {
        TaskCompletionSource<Metadata>? headersWaiting;
        TaskCompletionSource? endWaiting;
        lock (gate)
        {
            if (ended) return;
            ended = true;
            // A server that notices that it was given up may answer so before we look; our own reason is the true one.
            if (reason.StatusCode == StatusCode.Cancelled && cancellation.IsCancellationRequested) reason = GivenUp();
            status = reason;
            trailerHeaders = headers;
            trailers = metadata;
            headersWaiting = response is null ? headersWaiter : null;
            endWaiting = endWaiter;
        }

        fromCaller.Unregister();
        fromPropagation.Unregister();
        if (reason.StatusCode == StatusCode.OK)
        {
            cancellation.CancelAfter(Timeout.InfiniteTimeSpan);
        }
        else
        {
            ChannelLog.CallFailed(channel.Log, method, reason.StatusCode, reason.Detail);
            cancellation.Cancel(); // what is still being sent stops
        }

        CloseRequests();
        response?.Dispose();
        request?.Dispose();
        headersWaiting?.TrySetException(EndException());
        endWaiting?.TrySetResult();
    }

    Task EndedAsync()
    {
        lock (gate)
        {
            if (ended) return Task.CompletedTask;
            endWaiter ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return endWaiter.Task;
        }
    }

    Exception EndException()
    {
        if (status.StatusCode == StatusCode.OK) return new InvalidOperationException("The call has ended with OK.");
        var failure = new RpcException(status, GetTrailers());
        var isCancellation = status.StatusCode == StatusCode.DeadlineExceeded || (status.StatusCode == StatusCode.Cancelled && cancelledBy != Running);
        return channel.ThrowOperationCanceledOnCancellation && isCancellation
            ? new OperationCanceledException(status.Detail, failure, Token)
            : failure;
    }
}
