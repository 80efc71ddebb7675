namespace Empire.Analytics.Clicks;

/// <summary>A click, by a UUIDv7 whose time is exactly the click's: the id alone tells in which day's partition the row lies. It travels to the network and
/// back as <c>subid</c>.</summary>
public readonly record struct ClickId(Guid Value)
{
    private const long LastMillisecond = 253_402_300_799_999; // of the year 9999

    public static ClickId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    /// <summary>When the click happened, to the millisecond.</summary>
    public DateTimeOffset OccurredAt => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds(Value));

    /// <summary>32 hex digits: short and plain enough for every network's sub id field.</summary>
    public string ToSubId() => Value.ToString("N");

    /// <returns>False for a sub id that is none of ours.</returns>
    public static bool TryParse(string? subId, out ClickId id)
    {
        id = default;
        if (!PublicId.TryParse("clk", subId, out var value) || value.Version != 7 || Milliseconds(value) > LastMillisecond) return false;
        id = new(value);
        return true;
    }

    public override string ToString() => PublicId.Format("clk", Value);

    private static long Milliseconds(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return (long)(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
    }
}
