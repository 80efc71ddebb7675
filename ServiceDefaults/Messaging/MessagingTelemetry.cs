using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Empire.Messaging;

/// <summary>The trace source and the figures of the messaging kernel.</summary>
internal static class MessagingTelemetry
{
    public const string Name = "Empire.Messaging";

    private static readonly Meter Meter = new(Name);

    public static ActivitySource Source { get; } = new(Name);
    public static Counter<long> Published { get; } = Meter.CreateCounter<long>("empire.outbox.published", "{event}", "Events the broker confirmed");
    public static Counter<long> Handled { get; } = Meter.CreateCounter<long>("empire.inbox.handled", "{message}", "Messages whose handler committed");
    public static Counter<long> Repeated { get; } = Meter.CreateCounter<long>("empire.inbox.repeated", "{message}", "Deliveries of a message that was handled before");
    public static Counter<long> Failed { get; } = Meter.CreateCounter<long>("empire.inbox.failed", "{message}", "Attempts at which a handler threw");
    public static Histogram<double> Delay { get; } = Meter.CreateHistogram<double>("empire.outbox.delay", "s", "From the event's commit to the broker's confirmation");
    public static Histogram<int> Batch { get; } = Meter.CreateHistogram<int>("empire.inbox.batch", "{message}", "Messages that shared one commit");
}
