namespace Empire.Gateway.Health;

/// <summary>Answers of 500 and above in the last hour, by the minute.</summary>
internal sealed class RecentErrors(TimeProvider clock)
{
    private const int Minutes = 60;

    private readonly Lock gate = new();
    private readonly long[] minute = new long[Minutes];
    private readonly int[] count = new int[Minutes];

    public int InTheLastHour
    {
        get
        {
            var now = Now();
            lock (gate) return minute.Index().Where(slot => slot.Item > now - Minutes).Sum(slot => count[slot.Index]);
        }
    }

    public void Add()
    {
        var now = Now();
        var slot = now % Minutes;
        lock (gate)
        {
            if (minute[slot] != now) (minute[slot], count[slot]) = (now, 0);
            count[slot]++;
        }
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeSeconds() / 60;
}
