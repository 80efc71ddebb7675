using System.Collections.Concurrent;
using System.Threading.Channels;
using Empire.Gateway.Requests;

namespace Empire.Gateway.Authentication;

/// <summary>Calls that last for hours rest on an answer of identity that is as old as they are. It is asked for again when something of it was revoked, when Redis is back (a
/// word may have been missed), and every <see cref="LookEvery"/> (it was never said, or the key came to its end). A stream that lost its authority takes nothing more from its
/// client, is answered what it had sent, and ends with UNAUTHENTICATED.</summary>
internal sealed class OpenStreams
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    /// <summary>For the service to answer what it has and to end; then the connection is cut.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<OpenStream, bool> open = new();
    private readonly Authenticator authenticator;
    private readonly TimeProvider clock;

    public OpenStreams(Authenticator authenticator, TimeProvider clock)
    {
        (this.authenticator, this.clock) = (authenticator, clock);
        authenticator.Shaken = (key, tenant) =>
        {
            foreach (var stream in open.Keys)
                if (stream.RestsOn(key, tenant)) stream.Shake();
        };
    }

    /// <summary>Hands the call on, and ends it when its authority does.</summary>
    public async Task CarryAsync(HttpContext context, RequestDelegate next)
    {
        var visit = Visit.Of(context);
        using var stream = new OpenStream(visit.Credential!.Value, visit.Identity!);
        using var over = new CancellationTokenSource();
        context.Features.Set(stream);
        context.Request.Body = new EndableBody(context.Request.Body, stream.Ended);
        open[stream] = true;
        var watching = WatchAsync(context, visit, stream, over.Token);
        try
        {
            await next(context);
        }
        finally
        {
            open.TryRemove(stream, out _);
            await over.CancelAsync();
            await watching;
        }
    }

    private async Task WatchAsync(HttpContext context, Visit visit, OpenStream stream, CancellationToken over)
    {
        try
        {
            await using var look = clock.CreateTimer(_ => stream.Shake(), null, LookEvery, LookEvery);
            do
            {
                await stream.ShakenAsync(over);
                await LookAsync(visit, stream, over);
            }
            while (!stream.Ended.IsCancellationRequested);
            await Task.Delay(Grace, clock, over);
            context.Abort();
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // the stream ended before
        }
    }

    private async Task LookAsync(Visit visit, OpenStream stream, CancellationToken ct)
    {
        var answer = await authenticator.AuthenticateAsync(stream.Credential, visit.Address.ToString(), ct);
        if (answer.Status == StatusCodes.Status503ServiceUnavailable) return; // identity is away: what it said last holds, as it does for those who come now
        if (answer.Identity is not { } now) stream.End(OpenStream.Unauthenticated, answer.Status == StatusCodes.Status403Forbidden ? "The account is closed." : "The key is no longer valid.");
        else if (!now.MayComeFrom(visit.Address) || now.MissingScope(visit.Route!, "POST") is not null) stream.End(OpenStream.Unauthenticated, "The key may no longer be used like this.");
        else if (now.Caller != stream.Identity.Caller) stream.End(OpenStream.Unavailable, "The account has changed; connect again."); // the service still takes the caller for what they were
    }
}

/// <summary>One call that lasts, and how it is to end if not by itself.</summary>
internal sealed class OpenStream(Credential credential, SignedIdentity identity) : IDisposable
{
    /// <summary>Statuses of gRPC.</summary>
    public const string Unavailable = "14", Unauthenticated = "16";

    private readonly Channel<bool> shaken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource ended = new();
    private readonly UInt128 fingerprint = credential.Fingerprint();

    public Credential Credential => credential;
    public SignedIdentity Identity => identity;
    public CancellationToken Ended => ended.Token;

    /// <summary>What its client is told; null while it goes on.</summary>
    public (string Status, string Message)? Reason { get; private set; }

    /// <param name="key">A credential's fingerprint.</param>
    /// <returns>Also true when neither is said: then it may be anything.</returns>
    public bool RestsOn(UInt128? key, Guid? tenant) => (key is null && tenant is null) || key == fingerprint || tenant == identity.Caller.Tenant.Value;

    public void Shake() => shaken.Writer.TryWrite(true);

    public ValueTask<bool> ShakenAsync(CancellationToken ct) => shaken.Reader.ReadAsync(ct);

    public void End(string status, string message)
    {
        Reason = (status, message);
        ended.Cancel();
    }

    public void Dispose() => ended.Dispose();
}

/// <summary>A request's body that can be at its end before its client is.</summary>
internal sealed class EndableBody(Stream inner, CancellationToken ended) : Stream
{
    private CancellationTokenSource? either;
    private CancellationToken linked;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (ended.IsCancellationRequested) return 0;
        if (either is null || linked != cancellationToken) // a reader comes with the same token each time
        {
            either?.Dispose();
            (either, linked) = (CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ended), cancellationToken);
        }
        try
        {
            return await inner.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) either?.Dispose();
        base.Dispose(disposing);
    }
}
