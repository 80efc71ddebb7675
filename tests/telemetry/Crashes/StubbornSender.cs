using Empire.Contracts.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Empire.Telemetry.Tests.Crashes;

/// <summary>An agent's side of a stream: some batches ahead of their answers, and after a break from the first that was not answered.</summary>
internal sealed class StubbornSender(MortalTelemetry telemetry, IReadOnlyList<SampleBatch> batches)
{
    private const int Window = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private int answered;

    /// <summary>Batches, from the first on, that were answered as stored.</summary>
    public int Answered => Volatile.Read(ref answered);

    /// <summary>Answers that told of a batch that it was stored before.</summary>
    public int Repeated { get; private set; }

    public int Breaks { get; private set; }

    public async Task RunAsync()
    {
        while (Answered < batches.Count)
        {
            try
            {
                await StreamAsync();
            }
            catch (Exception e) when (e is RpcException or IOException or HttpRequestException or TimeoutException or InvalidOperationException)
            {
                Breaks++;
                await telemetry.AliveAsync();
            }
        }
    }

    private async Task StreamAsync()
    {
        using var channel = GrpcChannel.ForAddress(telemetry.Grpc);
        using var stream = telemetry.Client(channel).Stream(telemetry.Caller);
        await stream.RequestStream.WriteAsync(new() { AgentId = batches[0].AgentId });
        var greeting = await NextAsync(stream);
        if (greeting.OutcomeCase != BatchReply.OutcomeOneofCase.Stored) return;
        // Durable is what was answered, in every life of both; the first try of a batch whose answer was lost may be stored too.
        if (greeting.HighestSequence < (ulong)Answered) throw new Xunit.Sdk.XunitException($"{Answered} batches were acknowledged, and {greeting.HighestSequence} are there.");
        var sent = Answered; // what the greeting tells beyond that is sent again all the same
        while (Answered < batches.Count)
        {
            for (; sent < batches.Count && sent < Answered + Window; sent++) await stream.RequestStream.WriteAsync(batches[sent]);
            var reply = await NextAsync(stream);
            if (reply.OutcomeCase == BatchReply.OutcomeOneofCase.None) return;
            if (reply.OutcomeCase != BatchReply.OutcomeOneofCase.Stored || reply.Sequence != batches[Answered].Sequence) throw new Xunit.Sdk.XunitException($"Batch {batches[Answered].Sequence} was answered by {reply}");
            if (reply.Stored.Repeated) Repeated++;
            Interlocked.Increment(ref answered);
        }
    }

    private static async Task<BatchReply> NextAsync(AsyncDuplexStreamingCall<SampleBatch, BatchReply> stream) =>
        await stream.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience) ? stream.ResponseStream.Current : throw new IOException("The stream ended.");
}
