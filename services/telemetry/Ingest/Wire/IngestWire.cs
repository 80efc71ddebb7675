using System.Buffers;
using Empire.Contracts.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Empire.Telemetry.Ingest.Wire;

/// <summary>The methods of the generated <see cref="Contracts.V1.Ingest"/> on the same wire, with batches read by <see cref="BatchReader"/>: reading is most of what a sample costs.</summary>
internal static class IngestWire
{
    private static readonly Method<SampleBatch, BatchReply> Stream = new(MethodType.DuplexStreaming, "empire.telemetry.Ingest", "Stream",
        Marshallers.Create<SampleBatch>((_, _) => throw new NotSupportedException("A service only reads batches."), Read),
        Marshallers.Create<BatchReply>(Write, context => BatchReply.Parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    public static void Bind(ServiceBinderBase binder, IngestGrpc? service) => binder.AddMethod(Stream, service is null ? null! : service.Stream);

    private static SampleBatch Read(DeserializationContext context)
    {
        var payload = context.PayloadAsReadOnlySequence();
        if (payload.IsSingleSegment) return BatchReader.Read(payload.FirstSpan);
        var joined = ArrayPool<byte>.Shared.Rent(context.PayloadLength);
        try
        {
            payload.CopyTo(joined);
            return BatchReader.Read(joined.AsSpan(0, context.PayloadLength));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }
    }

    private static void Write(BatchReply reply, SerializationContext context)
    {
        context.SetPayloadLength(reply.CalculateSize());
        reply.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}
