using Npgsql;

namespace Empire.Telemetry.Ingest;

/// <summary>Since when whoever wanted to report here could: since the start, or since the database was last away. Of the time before it nobody's silence says anything.</summary>
internal sealed class Reachable(TimeProvider clock)
{
    private long since = clock.GetUtcNow().UtcTicks;

    public DateTimeOffset Since => new(Interlocked.Read(ref since), TimeSpan.Zero);

    /// <summary>Just now something could not be taken, or looked up.</summary>
    /// <param name="why">Where the database is there and refuses one statement, that is one sender's trouble, not everybody's.</param>
    public void Failed(Exception why)
    {
        if (why is not PostgresException { IsTransient: false }) Interlocked.Exchange(ref since, clock.GetUtcNow().UtcTicks);
    }
}
