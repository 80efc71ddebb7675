using Empire.Telemetry.Ingest;
using Empire.Testing;
using Npgsql;

namespace Empire.Telemetry.Tests.Ingest;

public sealed class ReachableTests
{
    [Fact]
    public void The_time_begins_anew_where_the_database_was_away_and_not_where_it_refused_one_sender()
    {
        var clock = new TestClock();
        var reachable = new Reachable(clock);
        var start = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromMinutes(10));
        reachable.Failed(new PostgresException("a value that the table does not take", "ERROR", "ERROR", PostgresErrorCodes.CheckViolation));
        Assert.Equal(start, reachable.Since);
        reachable.Failed(new PostgresException("the database is starting up", "FATAL", "FATAL", PostgresErrorCodes.CannotConnectNow));
        Assert.Equal(start.AddMinutes(10), reachable.Since);
        clock.Advance(TimeSpan.FromMinutes(1));
        reachable.Failed(new TimeoutException());
        Assert.Equal(start.AddMinutes(11), reachable.Since);
    }
}
