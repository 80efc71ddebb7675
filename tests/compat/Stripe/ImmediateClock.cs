using System.Collections.Concurrent;

namespace Stripe.Tests;

/// <summary>Its timers are due at once; it keeps how long they would have taken.</summary>
public sealed class ImmediateClock : TimeProvider
{
    public ConcurrentQueue<TimeSpan> Pauses { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Pauses.Enqueue(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
