namespace Grpc.Core;

[Flags]
public enum WriteFlags
{
    /// <summary>More messages follow soon, so this one need not be flushed by itself.</summary>
    BufferHint = 1,
    /// <summary>Send this message uncompressed although the call has a compression.</summary>
    NoCompress = 2,
}

/// <summary>How a message is written.</summary>
public sealed class WriteOptions(WriteFlags flags = default)
{
    public static readonly WriteOptions Default = new();

    public WriteFlags Flags { get; } = flags;
}
