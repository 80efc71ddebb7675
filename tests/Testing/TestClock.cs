namespace Empire.Testing;

/// <summary>A clock that stands still until the test moves it; timers made from it fire when it passes their time.</summary>
/// <param name="start">Default: 2026-03-02 08:00 UTC, a Monday without a change of daylight saving near it.</param>
public sealed class TestClock(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<TestTimer> timers = [];
    private DateTimeOffset now = start ?? new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Moves time forward and fires, in order, every timer that comes due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var target = GetUtcNow() + by;
        while (TakeDue(target) is { } timer) timer.Fire();
        lock (gate) now = target > now ? target : now;
    }

    /// <summary>True while something waits for exactly this moment: the code under test has come to its wait.</summary>
    public bool HasTimerAt(DateTimeOffset due)
    {
        lock (gate) return timers.Exists(timer => timer.DueAt == due);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new TestTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private TestTimer? TakeDue(DateTimeOffset target)
    {
        lock (gate)
        {
            var timer = timers.Where(t => t.DueAt <= target).MinBy(t => t.DueAt);
            if (timer is null) return null;
            if (timer.DueAt > now) now = timer.DueAt.Value;
            timer.DueAt = timer.Period > TimeSpan.Zero ? timer.DueAt + timer.Period : null;
            if (timer.DueAt is null) timers.Remove(timer);
            return timer;
        }
    }

    private sealed class TestTimer(TestClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset? DueAt { get; set; }
        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var atOnce = dueTime == TimeSpan.Zero;
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                Period = period;
                DueAt = dueTime < TimeSpan.Zero ? null : clock.now + dueTime; // Timeout.InfiniteTimeSpan is negative: never
                if (atOnce) DueAt = period > TimeSpan.Zero ? clock.now + period : null;
                if (DueAt is not null) clock.timers.Add(this);
            }
            if (atOnce) ThreadPool.QueueUserWorkItem(_ => Fire());
            return true;
        }

        public void Dispose()
        {
            lock (clock.gate) clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
