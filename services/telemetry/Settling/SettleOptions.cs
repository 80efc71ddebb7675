using System.ComponentModel.DataAnnotations;
using Empire.Tiers;

namespace Empire.Telemetry.Settling;

/// <summary>Section "Settling": how samples become roll-ups, events and chunks, and how long they stay.</summary>
internal sealed class SettleOptions
{
    /// <summary>Between two looks when nothing is said.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")] public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gathers batches before they are settled; roll-ups are this much behind.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")] public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Samples a second from which on they come faster than usual: then the processors are theirs, and settling stands back.</summary>
    [Range(1, int.MaxValue)] public int StandBackAt { get; init; } = 200_000;

    /// <summary>The longest that settling stands back: whose samples have waited for as long is settled, however many come. Zero: never.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")] public TimeSpan StandBack { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Settled samples of an agent that are packed into chunks at once.</summary>
    [Range(1, 1_000_000)] public int PackSamples { get; init; } = 4_096;

    /// <summary>The longest that settled samples wait to be packed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")] public TimeSpan PackAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long an agent whose samples cannot be settled is set aside before the next try; from then on twice as long each time.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")] public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest between two tries.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")] public TimeSpan LongestPause { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Between two comparisons of kept sums with their samples, each of one hour of one series.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")] public TimeSpan CheckEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Below 10 % for this long is idle.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")] public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Too hot, or slowed down, for this long is told.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")] public TimeSpan TroubleAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A state must have been over for this long to be over.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")] public TimeSpan CalmAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Degrees Celsius.</summary>
    [Range(1, 200)] public int HotAt { get; init; } = 85;

    /// <summary>Degrees Celsius below which a hot GPU has cooled down.</summary>
    [Range(1, 200)] public int CoolAt { get; init; } = 80;

    /// <summary>Intervals without a word after which an agent is lost, or a GPU whose host goes on.</summary>
    [Range(2, 10_000)] public int LostAfterIntervals { get; init; } = 12;

    /// <summary>The least time without a word after which it is.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")] public TimeSpan LostAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The longest that an agent waits between two tries: so long after the service was away nobody's silence counts. An agent of this version waits five minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")] public TimeSpan LongestReturn { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Days that samples and minutes are kept, by tier. Hours are kept four times as long, days for ever.</summary>
    [Range(1, 400)] public int FreeDays { get; init; } = 7;
    [Range(1, 400)] public int ProfessionalDays { get; init; } = 30;
    [Range(1, 400)] public int EnterpriseDays { get; init; } = 90;

    /// <summary>Hours are kept so many times as long as minutes.</summary>
    public const int HoursLonger = 4;

    public int LongestDays => Math.Max(FreeDays, Math.Max(ProfessionalDays, EnterpriseDays));

    /// <param name="tier">Null: not known; then nothing goes before the longest tier's.</param>
    /// <returns>Days that sums are kept; null: for ever.</returns>
    public int? DaysOf(RollUpStep step, string? tier)
    {
        var days = tier switch { TierTable.Free => FreeDays, TierTable.Professional => ProfessionalDays, TierTable.Enterprise => EnterpriseDays, _ => LongestDays };
        return step switch { RollUpStep.Minute => days, RollUpStep.Hour => days * HoursLonger, _ => null };
    }

    /// <returns>How long nothing may come of what is measured so often, before it is lost.</returns>
    public TimeSpan LostIn(int intervalSeconds) => TimeSpan.FromSeconds(Math.Max(LostAfter.TotalSeconds, (double)intervalSeconds * LostAfterIntervals));

    /// <param name="failures">In a row; at least one.</param>
    public TimeSpan PauseAfter(int failures)
    {
        var pause = FirstPause.TotalSeconds * Math.Pow(2, failures - 1);
        return pause < LongestPause.TotalSeconds ? TimeSpan.FromSeconds(pause) : LongestPause;
    }
}
