using System.Globalization;

namespace Grpc.Net.Wire;

/// <summary>The <c>grpc-timeout</c> header: at most eight digits and a unit (<c>H M S m u n</c>).</summary>
static class GrpcTimeout
{
    const long LargestNumber = 99_999_999;

    /// <summary>In the finest unit that fits, rounded up so that the server never gives up before its caller does.</summary>
    public static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero) return "0n";
        ReadOnlySpan<(long Ticks, char Unit)> units =
        [
            (TimeSpan.TicksPerMicrosecond, 'u'), (TimeSpan.TicksPerMillisecond, 'm'), (TimeSpan.TicksPerSecond, 'S'), (TimeSpan.TicksPerMinute, 'M'),
        ];
        foreach (var (ticks, unit) in units)
        {
            var number = (timeout.Ticks - 1) / ticks + 1;
            if (number <= LargestNumber) return string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Math.Min(LargestNumber, (timeout.Ticks - 1) / TimeSpan.TicksPerHour + 1)}H");
    }

    public static bool TryParse(string? value, out TimeSpan timeout)
    {
        timeout = default;
        if (value is null or { Length: < 2 or > 9 }) return false;
        if (!long.TryParse(value.AsSpan(0, value.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        if (value[^1] == 'n')
        {
            timeout = TimeSpan.FromTicks(number / TimeSpan.NanosecondsPerTick);
            return true;
        }

        var unit = value[^1] switch
        {
            'H' => TimeSpan.TicksPerHour,
            'M' => TimeSpan.TicksPerMinute,
            'S' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMillisecond,
            'u' => TimeSpan.TicksPerMicrosecond,
            _ => 0L,
        };
        if (unit == 0) return false;
        timeout = number > TimeSpan.MaxValue.Ticks / unit ? TimeSpan.MaxValue : TimeSpan.FromTicks(number * unit);
        return true;
    }
}
