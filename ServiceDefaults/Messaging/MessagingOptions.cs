using System.ComponentModel.DataAnnotations;

namespace Empire.Messaging;

/// <summary>Section "Messaging"; the broker's address is <c>ConnectionStrings:messaging</c>.</summary>
internal sealed class MessagingOptions
{
    /// <summary>Before the name of every exchange and queue, so that two systems share one broker without meeting. Empty in a system of its own.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Events that one dispatcher takes from the outbox at once.</summary>
    [Range(1, 5000)] public int DispatchBatch { get; set; } = 200;

    /// <summary>The longest an event waits when every signal about it was lost.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")] public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the broker may take to confirm a batch; then it counts as out of reach and the events stay in the outbox.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")] public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the bus may be down while the broker greets others; then the process ends, to be started anew.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")] public TimeSpan StuckAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Messages handled in one transaction, at most. PostgreSQL keeps 64 subtransactions in memory; more cost every reader.</summary>
    [Range(1, 64)] public int HandleBatch { get; set; } = 60;

    /// <summary>Batches of one queue that one replica handles at the same time. 1 keeps the order in which messages came, as far as one replica can.</summary>
    [Range(1, 16)] public int BatchesAbreast { get; set; } = 2;

    public static readonly TimeSpan[] RetryAfterByDefault = [TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];

    /// <summary>Pauses before a failed message is tried again; after the last it goes to the error queue. Default: 0.1, 1 and 5 s.</summary>
    public TimeSpan[]? RetryAfter { get; set; }

    /// <summary>How long a handled message's id is remembered: longer than any broker or redrive takes to bring a message again.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")] public TimeSpan InboxRetention { get; set; } = TimeSpan.FromDays(14);

    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")] public TimeSpan SweepEvery { get; set; } = TimeSpan.FromHours(1);

    /// <summary>From <c>ConnectionStrings:messaging</c>: <c>amqp://user:password@host:port/vhost</c>.</summary>
    public Uri? Address { get; set; }
}
