using System.Threading.Channels;
using Empire.Contracts.V1;
using Empire.GpuAgent.Spooling;
using Grpc.Core;
using Grpc.Net.Client;

namespace Empire.GpuAgent.Sending;

/// <summary>The stream of batches to the server. Begins with a greeting, whose answer says from where to go on; then batches in the order of their numbers, a few of them ahead of their answers.</summary>
internal sealed class GrpcWay : IDisposable
{
    private const int AheadOfAnswers = 16;

    private readonly GrpcChannel channel;
    private readonly Ingest.IngestClient client;
    private readonly Metadata headers;
    private readonly string agentId;
    private readonly Spool spool;
    private readonly Answered answered;
    private readonly TimeProvider clock;
    private readonly Channel<bool> arrived = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public GrpcWay(Uri server, string apiKey, string agentId, Spool spool, Answered answered, TimeProvider clock)
    {
        (this.agentId, this.spool, this.answered, this.clock) = (agentId, spool, answered, clock);
        channel = Connect(server);
        client = new(channel);
        headers = HeadersOf(apiKey);
    }

    /// <summary>How long an answer may take before the connection counts as dead; of the network's time, whatever clock the agent has.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    public static Metadata HeadersOf(string apiKey) => new() { { "authorization", $"Bearer {apiKey}" } };

    public static GrpcChannel Connect(Uri server) => GrpcChannel.ForAddress(server, new()
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // A stream may be silent for the length of an interval; routers forget such connections, and a server that went away without a word is noticed.
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        },
        DisposeHttpClient = true,
    });

    /// <summary>There is something new in the spool.</summary>
    public void Wake() => arrived.Writer.TryWrite(true);

    /// <summary>Streams until the server or the connection ends it.</summary>
    /// <param name="connected">Called when the server has taken the greeting.</param>
    /// <param name="taking">Called when it has stored or refused a batch.</param>
    /// <exception cref="RpcException">How it ended; Unauthenticated when the key is not accepted (any more).</exception>
    /// <exception cref="NotTakenException">The server wants a pause.</exception>
    /// <exception cref="TimeoutException">The server accepted a batch and did not answer.</exception>
    public async Task RunAsync(Action connected, Action taking, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var call = client.Stream(headers, cancellationToken: stop.Token);
        try
        {
            await call.RequestStream.WriteAsync(new() { AgentId = agentId, ClockMs = Now }, stop.Token);
            if (!await ReadAsync(call, true)) return;
            var greeting = call.ResponseStream.Current;
            if (greeting.OutcomeCase is BatchReply.OutcomeOneofCase.None) throw new NotTakenException(TimeSpan.FromMilliseconds(greeting.RetryAfterMs));
            if (greeting.Refused is { } refused) throw new RpcException(new(StatusCode.InvalidArgument, string.Join("; ", refused.Errors.Select(Answered.Words))));
            answered.Greeted(greeting.HighestSequence);
            answered.Clock(greeting.ClockShiftMs);
            connected();

            var sent = Channel.CreateBounded<(ulong Sequence, int Samples, bool Host)>(AheadOfAnswers);
            var writing = WriteAsync(call.RequestStream, sent.Writer, stop.Token);
            var reading = AnswersAsync(call, sent.Reader, taking, stop.Token);
            var first = await Task.WhenAny(writing, reading);
            if (first == writing && writing.IsFaulted)
            {
                // A write fails with little to say; the status that the server sent is in the reading.
                try
                {
                    await reading.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
                }
                catch (TimeoutException)
                {
                    await writing;
                }
                return;
            }
            await stop.CancelAsync();
            try
            {
                await writing;
            }
            catch (Exception e) when (e is OperationCanceledException or RpcException or InvalidOperationException)
            {
                // it was told to
            }
            await reading;
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private async Task WriteAsync(IClientStreamWriter<SampleBatch> stream, ChannelWriter<(ulong, int, bool)> sent, CancellationToken ct)
    {
        var last = spool.Answered;
        while (true)
        {
            while (spool.Next(last) is { } batch)
            {
                last = batch.Sequence;
                await sent.WriteAsync((last, batch.Samples.Count, batch.Host is not null), ct); // waits while too many are without an answer
                spool.Sending(last);
                await stream.WriteAsync(batch, ct);
            }
            await arrived.Reader.ReadAsync(ct);
        }
    }

    private async Task AnswersAsync(AsyncDuplexStreamingCall<SampleBatch, BatchReply> call, ChannelReader<(ulong Sequence, int Samples, bool Host)> sent, Action taking, CancellationToken ct)
    {
        var next = ReadAsync(call, false);
        while (true)
        {
            // The reading is there before something was sent: so the end of the stream is noticed while there is nothing to send.
            var expected = sent.WaitToReadAsync(ct).AsTask();
            if (await Task.WhenAny(next, expected) == next && !expected.IsCompleted)
            {
                if (!await next) return;
            }
            else
            {
                await expected;
            }
            if (!sent.TryPeek(out var batch)) continue;
            if (!await next.WaitAsync(Patience, ct)) return;
            var reply = call.ResponseStream.Current;
            if (reply.Sequence != batch.Sequence) throw new RpcException(new(StatusCode.Internal, $"The server answered batch {reply.Sequence} where {batch.Sequence} was due."));
            answered.Clock(reply.ClockShiftMs);
            switch (reply.OutcomeCase)
            {
                case BatchReply.OutcomeOneofCase.Stored: answered.Stored(batch.Sequence); break;
                case BatchReply.OutcomeOneofCase.Refused: answered.Refused(batch.Sequence, batch.Samples, batch.Host, [.. reply.Refused.Errors.Select(Answered.Words)]); break;
                default: throw new NotTakenException(TimeSpan.FromMilliseconds(reply.RetryAfterMs));
            }
            taking();
            if (reply.RetryAfterMs > 0) await Task.Delay(TimeSpan.FromMilliseconds(reply.RetryAfterMs), clock, ct); // no more than the window goes out meanwhile
            sent.TryRead(out _);
            next = ReadAsync(call, false);
        }
    }

    private Task<bool> ReadAsync(AsyncDuplexStreamingCall<SampleBatch, BatchReply> call, bool patience)
    {
        var reading = call.ResponseStream.MoveNext(CancellationToken.None);
        return patience ? reading.WaitAsync(Patience) : reading;
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public void Dispose() => channel.Dispose();
}
