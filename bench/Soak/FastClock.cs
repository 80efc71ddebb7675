using System.Diagnostics;

namespace Empire.Bench.Soak;

/// <summary>A clock that runs so many times as fast as the machine's; its timers do too.</summary>
internal sealed class FastClock(DateTimeOffset start, double speed) : TimeProvider
{
    private readonly long began = Stopwatch.GetTimestamp();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => start + Elapsed;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, Shortened(dueTime), Shortened(period));

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(began) * speed;

    private TimeSpan Shortened(TimeSpan time) => time <= TimeSpan.Zero ? time : TimeSpan.FromMilliseconds(Math.Max(1, time.TotalMilliseconds / speed));
}
