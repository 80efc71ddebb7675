using Empire.Contracts.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Empire.Telemetry.Ingest.Wire;

/// <summary>The methods of the generated <see cref="Contracts.V1.Ingest"/> on the same wire, with batches left as bytes: <see cref="ColumnReader"/> makes columns of most of them, without an object for each sample.</summary>
internal static class IngestWire
{
    private static readonly Method<BatchBytes, BatchReply> Stream = new(MethodType.DuplexStreaming, "empire.telemetry.Ingest", "Stream",
        Marshallers.Create<BatchBytes>((_, _) => throw new NotSupportedException("A service only reads batches."), context => new(context.PayloadAsReadOnlySequence())),
        Marshallers.Create<BatchReply>(Write, context => BatchReply.Parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    public static void Bind(ServiceBinderBase binder, IngestGrpc? service) => binder.AddMethod(Stream, service is null ? null! : service.Stream);

    private static void Write(BatchReply reply, SerializationContext context)
    {
        context.SetPayloadLength(reply.CalculateSize());
        reply.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}
