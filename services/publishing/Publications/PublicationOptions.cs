using System.ComponentModel.DataAnnotations;

namespace Empire.Publishing.Publications;

/// <summary>Section "Publications".</summary>
public sealed class PublicationOptions
{
    /// <summary>Publications under way at once in one replica.</summary>
    [Range(1, 64)] public int Concurrency { get; set; } = 8;

    /// <summary>How long a worker that died keeps its publications from the others. Longer than one takes to come out; should two work on one all the same, it comes out once.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")] public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How often a replica looks for publications that nobody told it of: other replicas' plans, waits that are over.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")] public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The pause after a first error; doubles each time, to 64 times itself.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")] public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After so many errors a publication has failed: with the default pauses, an outage of about an hour and a half.</summary>
    [Range(1, 1000)] public int MaxFailures { get; set; } = 24;
}
