using System.Diagnostics;
using Empire.Contracts.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Empire.Bench.Telemetry;

/// <summary>An agent's stream whose batches are bytes already, so that making them costs the measured machine nothing.</summary>
internal static class BatchStream
{
    private static readonly Method<byte[], BatchReply> Method = new(MethodType.DuplexStreaming, "empire.telemetry.Ingest", "Stream",
        Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes), Marshallers.Create<BatchReply>(reply => reply.ToByteArray(), BatchReply.Parser.ParseFrom));

    public static AsyncDuplexStreamingCall<byte[], BatchReply> Open(GrpcChannel channel, Metadata caller, CancellationToken ct) =>
        channel.CreateCallInvoker().AsyncDuplexStreamingCall(Method, null, new(caller, cancellationToken: ct));

    /// <summary>A batch: its head, and samples that were written before.</summary>
    public static byte[] Batch(Guid agent, ulong sequence, HostTags? host, byte[] samples) =>
        [.. new SampleBatch { AgentId = agent.ToString(), Sequence = sequence, Host = host }.ToByteArray(), .. samples];

    /// <summary>Sends all of them, some ahead of their answers as the agent does, until all are answered as stored.</summary>
    /// <param name="window">Batches without an answer at a time.</param>
    /// <param name="latencies">Takes how long each waited for its answer.</param>
    public static async Task SendAsync(GrpcChannel channel, Metadata caller, IReadOnlyList<byte[]> batches, int window, Latencies? latencies, CancellationToken ct)
    {
        using var stream = Open(channel, caller, ct);
        using var places = new SemaphoreSlim(window);
        var sentAt = new long[batches.Count];
        var answers = Task.Run(async () =>
        {
            for (var i = 0; i < batches.Count; i++)
            {
                if (!await stream.ResponseStream.MoveNext(ct)) throw new InvalidOperationException("The stream ended early.");
                var reply = stream.ResponseStream.Current;
                if (reply.OutcomeCase != BatchReply.OutcomeOneofCase.Stored || reply.Stored.Repeated) throw new InvalidOperationException($"A batch was not stored: {reply}");
                if (latencies is not null) lock (latencies) latencies.Add(Stopwatch.GetElapsedTime(sentAt[i]));
                places.Release();
            }
        }, ct);
        for (var i = 0; i < batches.Count && !answers.IsFaulted; i++)
        {
            await places.WaitAsync(ct);
            sentAt[i] = Stopwatch.GetTimestamp();
            await stream.RequestStream.WriteAsync(batches[i], ct);
        }
        await answers;
        await stream.RequestStream.CompleteAsync();
        if (await stream.ResponseStream.MoveNext(ct)) throw new InvalidOperationException("There are more answers than batches.");
    }
}
