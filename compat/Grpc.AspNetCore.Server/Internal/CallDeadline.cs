namespace Grpc.AspNetCore.Server.Internal;

/// <summary>When a call must have ended, and the token that fires then, or before if the caller goes.</summary>
sealed class CallDeadline : IDisposable
{
    static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    readonly CancellationTokenSource cancellation = new();
    readonly CancellationTokenRegistration fromCaller;
    readonly CancellationToken aborted;

    public CallDeadline(TimeSpan timeout, CancellationToken aborted)
    {
        this.aborted = aborted;
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        At = timeout < DateTime.MaxValue - now ? now + timeout : DateTime.MaxValue;
        Token = cancellation.Token;
        fromCaller = aborted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), cancellation);
        if (timeout <= TimeSpan.Zero) cancellation.Cancel();
        else if (timeout <= LongestTimer) cancellation.CancelAfter(timeout);
    }

    /// <summary>In UTC.</summary>
    public DateTime At { get; }

    public CancellationToken Token { get; }

    /// <summary>The caller's own clock runs out at the same time, so its going at the deadline is not told from the deadline by the token alone.</summary>
    public bool IsExceeded =>
        Token.IsCancellationRequested && (!aborted.IsCancellationRequested || TimeProvider.System.GetUtcNow().UtcDateTime >= At);

    public void Dispose()
    {
        fromCaller.Dispose();
        cancellation.Dispose();
    }
}
