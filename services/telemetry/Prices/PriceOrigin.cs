namespace Empire.Telemetry.Prices;

/// <summary>Where what a GPU costs is from.</summary>
/// <param name="Kind">host (its samples name it), book (a list price) or share (of a GPU that is split by MIG: its part of the list price, unless the host named one).</param>
/// <param name="InstanceType">All that follows is of the book's line, and null where the host names the price.</param>
/// <param name="Spot">The line's spot price counts.</param>
/// <param name="AnotherRegion">The book has no price for the host's region; that of another one stands for it.</param>
public sealed record PriceOrigin(string Kind, string? InstanceType = null, string? Region = null, DateOnly? ReadOn = null, string? Source = null, bool? Spot = null, bool? AnotherRegion = null)
{
    /// <param name="rateMicros">What counts, in millionths of US dollars an hour.</param>
    /// <param name="listed">What the book says of such a GPU.</param>
    /// <param name="split">A MIG instance, or a GPU that is split.</param>
    /// <returns>Null: it has no price.</returns>
    internal static PriceOrigin? Of(long rateMicros, Price listed, bool spot, bool split)
    {
        if (rateMicros == 0) return null;
        if (listed.Line is not { } line || (rateMicros != listed.Micros && !split)) return new("host");
        var bySpot = spot && line.Spot is not null;
        return new(rateMicros == listed.Micros ? "book" : "share", line.InstanceType, line.Region, line.ReadOn, bySpot ? line.SpotSource : line.Source, bySpot, listed.AnotherRegion);
    }
}
