using Empire.Contracts.V1;
using Empire.Telemetry.Ingest.Wire;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Ingest;

/// <summary>The stream of an agent: one batch is answered before the next is read, so that their order holds and a slow database slows the agents, not the memory.</summary>
[BindServiceMethod(typeof(IngestWire), nameof(IngestWire.Bind))]
internal sealed class IngestGrpc(Intake intake, OpenStreams streams, Revocations revocations, IOptions<IngestOptions> options, IHostApplicationLifetime life)
{
    public async Task Stream(IAsyncStreamReader<BatchBytes> requestStream, IServerStreamWriter<BatchReply> responseStream, ServerCallContext context)
    {
        var caller = context.Caller();
        using var open = streams.Open(options.Value.MostStreams) ?? throw new RpcException(new(StatusCode.ResourceExhausted, "Too many agents are connected here; try again shortly."));
        using var right = revocations.Hold(caller.Actor);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, life.ApplicationStopping, right.Revoked);
        string? agent = null;
        try
        {
            while (await requestStream.MoveNext(ends.Token))
            {
                PreparedBatch batch;
                using (var bytes = requestStream.Current) batch = await intake.PrepareAsync(caller, agent, bytes, context.CancellationToken); // its memory goes back before the waiting begins
                if (agent is not null && batch.AgentId != agent) throw new RpcException(new(StatusCode.InvalidArgument, "agent_id: must be the same in every batch of a stream."));
                if (batch.Log is not null) agent = batch.AgentId; // one that is nobody's does not say whose stream this is
                var reply = await intake.StoreAsync(caller, batch, context.CancellationToken);
                await responseStream.WriteAsync(reply, context.CancellationToken);
                // A batch that was not taken comes again. What the agent sent ahead of the answer must not be stored before it: it would then count as repeated, and be lost.
                if (reply.OutcomeCase is BatchReply.OutcomeOneofCase.None) return;
            }
        }
        catch (Exception e) when (right.Revoked.IsCancellationRequested && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            throw new RpcException(new(StatusCode.Unauthenticated, "The key is no longer valid."));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new RpcException(new(StatusCode.Internal, $"A received message cannot be read: {e.Message}", e));
        }
        catch (IOException) when (!life.ApplicationStopping.IsCancellationRequested)
        {
            // The agent or the line to it is gone. It comes back with what was not answered.
        }
        catch (Exception e) when (life.ApplicationStopping.IsCancellationRequested && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            throw new RpcException(new(StatusCode.Unavailable, "This replica stops; connect again."));
        }
    }
}

/// <summary>Counts the streams of this process.</summary>
internal sealed class OpenStreams
{
    private int count;

    public int Count => Volatile.Read(ref count);

    /// <returns>Null: there are too many.</returns>
    public IDisposable? Open(int most)
    {
        if (Interlocked.Increment(ref count) <= most) return new Place(this);
        Interlocked.Decrement(ref count);
        return null;
    }

    private sealed class Place(OpenStreams streams) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref streams.count);
    }
}
